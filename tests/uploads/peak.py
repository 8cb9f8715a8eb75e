"""Prints the highest resident set, in bytes, of the children that read the hungriest files.

A process of its own: the peak of a test runner's children holds whatever else it ever started.
"""

from __future__ import annotations

import resource

from tests.uploads import bad_input
from tests.uploads.test_bad_input import HARMLESS, send
from uploads.storage import MemoryStorage
from uploads.workers import Pool

if __name__ == "__main__":
    pool = Pool(size=1)
    names = ("more pixels than promised", "an endless animation")
    for bad in (*(HARMLESS[name] for name in names), bad_input.HUNGRY["the largest picture allowed"]):
        send(bad, MemoryStorage(), pool)
    # The pool's children are this process's grandchildren: their peak shows when the nursery has been waited for.
    pool.close()
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
