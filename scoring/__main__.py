"""``python -m scoring compute FILE`` and ``python -m scoring verify FILE``; see the package's docstring."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

from scoring.bundle import read_json, verify_bytes, write_bundle
from scoring.canonical import canonical_bytes
from scoring.errors import BundleError, Problem, RoundError
from scoring.round import Round

USAGE = "Cách dùng: python -m scoring compute TỆP | python -m scoring verify TỆP"
DONE, REFUSED, BAD_INPUT = 0, 1, 2


def main(arguments: list[str]) -> int:
    """Run one command and return its exit status (0, 1 or 2); files are read whole."""
    commands: dict[str, Callable[[bytes], int]] = {"compute": compute_file, "verify": verify_file}
    if len(arguments) != 2 or arguments[0] not in commands:
        _tell(USAGE)
        return BAD_INPUT
    try:
        # Without pathlib: its import is a tenth of the time of a usual round.
        with open(arguments[1], "rb") as file:  # noqa: PTH123
            data = file.read()
    except (OSError, ValueError) as error:
        _tell(f"Không đọc được tệp {arguments[1]}: {error}.")
        return BAD_INPUT
    return commands[arguments[0]](data)


def compute_file(data: bytes) -> int:
    """Write the bundle of a round file to standard output, or every problem to standard error."""
    try:
        raw = read_json(data)
        round_ = Round.from_dict(raw)
    except RoundError as error:
        _tell_all("Không tính được kết quả.", error.problems)
        return BAD_INPUT
    del data
    canonical_round = canonical_bytes(raw)
    del raw
    for piece in write_bundle(round_, canonical_round):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()
    return DONE


def verify_file(data: bytes) -> int:
    """Recompute a bundle; the sentence goes to standard output when it holds, else to standard error."""
    try:
        result = verify_bytes(data)
    except BundleError as error:
        _tell_all("KHÔNG KHỚP: hồ sơ kết quả bị từ chối.", error.problems)
        return REFUSED
    sentence = (f"KHỚP: kết quả tính lại giống hệt kết quả trong tệp ({len(result.entries)} sản phẩm, "
                f"{len(result.order)} được xếp hạng; SHA-256 của đợt {result.round_sha256}).\n")
    sys.stdout.buffer.write(sentence.encode())
    sys.stdout.buffer.flush()
    return DONE


def _tell_all(headline: str, problems: tuple[Problem, ...]) -> None:
    _tell("\n".join([headline, *(f"- {item}" for item in problems)]))


def _tell(text: str) -> None:
    """To standard error as UTF-8, whatever the locale."""
    sys.stderr.buffer.write((text + "\n").encode("utf-8", "backslashreplace"))
    sys.stderr.buffer.flush()


if __name__ == "__main__":
    # A short-lived process that builds millions of values and no cycles: collecting them would double its time.
    gc.disable()
    sys.exit(main(sys.argv[1:]))
