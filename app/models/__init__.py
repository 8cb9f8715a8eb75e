"""Rows: one module per aggregate, on a plain typed declarative base."""
