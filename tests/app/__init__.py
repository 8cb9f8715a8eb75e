"""The web application, layer by layer."""
