"""The arithmetic, told as sentences."""
