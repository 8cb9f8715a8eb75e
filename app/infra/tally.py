"""Counts for rate limits in the memory of this process.

The library's own store starts a thread at nearly every count, and that thread looks at every key: with some
thousands of visitors a minute most of the processor's time goes there. This one looks when it has doubled.
"""

from __future__ import annotations

import threading
import time

from limits.storage import Storage

LEAST_KEYS = 1024


class Tally(Storage):
    """A store for fixed windows (``tally://``): each key's count, and when its window ends.

    Windows are measured by the steady clock: one that was opened before the machine's clock was set back does not
    last an hour longer for that.
    """

    STORAGE_SCHEME = ["tally"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions)
        self._windows: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()
        self._sweep_at = LEAST_KEYS

    @property
    def base_exceptions(self) -> type[Exception]:
        """Nothing can go wrong here that the limiter should forgive."""
        return MemoryError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count ``amount`` more under a key, in a window of ``expiry`` seconds from its first count; the new count."""
        at = time.monotonic()
        with self._lock:
            count, ends = self._window(key, at) or (0, at + expiry)
            self._windows[key] = (count + amount, ends)
            if len(self._windows) > self._sweep_at:
                self._sweep(at)
        return count + amount

    def get(self, key: str) -> int:
        """The count of a key; 0 where no window is open."""
        found = self._window(key, time.monotonic())
        return found[0] if found else 0

    def get_expiry(self, key: str) -> float:
        """When the window of a key ends, in seconds since 1970; now where none is open."""
        at = time.monotonic()
        found = self._window(key, at)
        return time.time() + (found[1] - at if found else 0.0)

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int:
        """Forget everything; how many keys there were."""
        with self._lock:
            count = len(self._windows)
            self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget a key."""
        with self._lock:
            self._windows.pop(key, None)

    def __len__(self) -> int:
        return len(self._windows)

    def _window(self, key: str, at: float) -> tuple[int, float] | None:
        found = self._windows.get(key)
        return found if found and found[1] > at else None

    def _sweep(self, at: float) -> None:
        self._windows = {key: window for key, window in self._windows.items() if window[1] > at}
        self._sweep_at = max(LEAST_KEYS, 2 * len(self._windows))
