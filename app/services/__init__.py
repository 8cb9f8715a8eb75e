"""Verbs: each takes a session, an actor and keyword arguments; flushes, never commits."""
