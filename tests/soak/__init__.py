"""Load and faults on the product's own server, and the look for anything lost or doubled."""
