"""Rules of the competition as plain values."""
