"""A scanner against the served demo."""
