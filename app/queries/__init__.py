"""Reads: what pages, exports and services ask of the database."""
