"""Rules of the competition as plain values: standard library only."""
