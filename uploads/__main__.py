"""One file through the door without the web: `python -m uploads check FILE --slot photo|paper`.

Exit status 0 and one line of JSON, or 2 and the Vietnamese sentence that a user would read (on standard error).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from uploads.errors import UploadError
from uploads.intake import Received, receive
from uploads.policy import SLOTS
from uploads.storage import LocalStorage, MemoryStorage, Storage
from uploads.workers import Pool


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    options = _parser().parse_args(arguments)
    storage: Storage = LocalStorage(options.store) if options.store else MemoryStorage()
    pool = Pool(size=1)
    try:
        print(json.dumps(_line(_check(options.file, options.slot, storage, pool)), ensure_ascii=False))
    except UploadError as error:
        print(error.sentence, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"Không đọc được tệp “{options.file}”: {error.strerror}.", file=sys.stderr)
        return 2
    finally:
        pool.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m uploads", description="Check files as the upload form does.")
    commands = parser.add_subparsers(required=True)
    check = commands.add_parser("check", help="check one file and say what would be stored")
    check.add_argument("file", type=Path)
    check.add_argument("--slot", choices=sorted(SLOTS), required=True)
    check.add_argument("--store", type=Path, help="keep the cleaned file and its pictures in this folder")
    return parser


def _check(path: Path, slot: str, storage: Storage, pool: Pool) -> Received:
    with path.open("rb") as stream:
        return receive(stream, path.name, SLOTS[slot], storage, declared_bytes=path.stat().st_size, pool=pool)


def _line(received: Received) -> dict[str, Any]:
    names = ("kind", "bytes", "sha256", "width", "height", "pages", "removed", "warnings")
    return {name: getattr(received, name) for name in names}


if __name__ == "__main__":
    sys.exit(main())
