"""Pages by audience: one blueprint and one guard each."""
