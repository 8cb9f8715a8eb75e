"""Background work: one module per kind of job, and the bell that wakes a worker."""
