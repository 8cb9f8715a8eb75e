"""What the pages of all audiences share."""
