"""How each form is composed: contents in, blocks out."""
