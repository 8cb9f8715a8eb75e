"""The specification of the product, mirroring its packages."""
