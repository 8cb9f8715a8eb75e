"""Makes the manual's screenshots."""
