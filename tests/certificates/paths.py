"""Places that tests need before any fixture exists."""

from certificates.fonts import default_cache_dir

CACHE = default_cache_dir()
