"""Looks at every page of the demo: accessibility, server time, Lighthouse."""
