"""`python -m certificates`: the press without a database."""

import sys

from certificates.cli import main

sys.exit(main())
