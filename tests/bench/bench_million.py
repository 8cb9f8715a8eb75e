"""A million certificates, all different and hard, stamped into 20 print files; every page is read back as it is stamped.

Two processes share the work, each measures its own processor time; what reading back takes is told apart. Each print file
is opened by a reader that is not ours before it is taken away: it must have its pages, and those looked at must hold their
words; one QR code in 2,000 is held against segno. ``quick`` takes 2,000 records into two files.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from certificates.codes import ALPHABET, GROUPS
from certificates.content import CertificateContent
from certificates.embedding import VIETNAMESE_LETTERS
from certificates.errors import CertificateError
from certificates.press import Press, compile_design, load_design
from certificates.qr import qr_rows, qr_table
from certificates.samples import sample_contents
from certificates.stamping import StampedPage, UnstampablePage
from certificates.wording import printed
from tests.bench.bench_press import CACHE, DESIGN, ROOT, WORDS, _folder, _peak_bytes, _row

MILLION, FEW = 1_000_000, 2_000
PROCESSES = 2
PAGES_A_FILE = 50_000
QR_SAMPLE, LOOKED_AT = 2_000, 20
REMEMBERED = 500
SHOWN = re.compile(rb"/F(\d+) [^\[]*\[([^\]]*)\]TJ")
GLYPHS = re.compile(rb"<([^>]*)>")
Row = dict[str, Any]

INITIALS = ["", "b", "ch", "d", "đ", "gh", "kh", "l", "ngh", "nh", "ph", "qu", "th", "tr", "x"]
TAILS = ["", "c", "m", "n", "ng", "nh", "p", "t"]
VOWELS = [letter for letter in VIETNAMESE_LETTERS if letter not in "đĐ"]
ODDITIES = ["“Bài thơ”", "1.500 kg/mẻ", "(100% lá cọ)", "K’Ho", "±2°C", "10 m²", "½ HP", "№ 7", "A&B", "<b>", "\\(x)", "–", "café", "Łódź",
            "https://vi.example.vn/mot/duong/dan/dai?ma=1&so=2", "W" * 24, "Ẫ" * 18]  # fmt: skip
ADDRESSES = [
    "https://kiemtra.example.vn/v/",
    "https://tra-cuu.ha-thanh.example.vn/giay-chung-nhan/",
    "https://cong-nghiep-nong-thon.khuyen-cong.tinh-ha-thanh.example.vn/binh-chon/nam-2026/giay-chung-nhan/tra-cuu/",
    "https://example.vn/" + "/".join(["rat-dai"] * 16) + "/",
]


def run(quick: bool) -> list[Row]:
    """Return rows ``{name, value, unit, gate, target, ok}``; about 6 minutes on two quiet cores, ``quick`` half a minute."""
    many = FEW if quick else MILLION
    began = time.monotonic()
    parts = _shared_out(many)
    seconds = time.monotonic() - began
    total = {key: sum(part[key] for part in parts) for key in parts[0]}
    return [
        _row(f"million: fallbacks in {many:,} fuzzed records", total["drawn"] / many * 100, "%", 0.1, 0, most=True),
        _row(f"million: wrong ones in {many:,} fuzzed records", total["wrong"], "", 0, 0, most=True),
        _row("million: QR codes that segno draws otherwise", total["wrong_codes"], "", 0, 0, most=True),
        _row("million: pages that another reader misses or reads otherwise", total["misread"], "", 0, 0, most=True),
        _row("million: refused by name as too long for the page", total["refused"], ""),
        _row("million: layouts that those records needed, a process", max(part["states"] for part in parts), ""),
        _row("million: processor time of stamping, reading back left out", total["stamping"], "s"),
        _row("million: stamped a second of processor time", many / total["stamping"], "/s"),
        _row("million: from begin to end on two processes", seconds, "s", None, 300, most=True),
        _row("million: bytes a page", total["bytes"] / many, "B"),
        _row("million: peak memory of a process", max(part["peak"] for part in parts) / 1e6, "MB", 300, None, most=True),
    ]


def _shared_out(many: int) -> list[dict[str, Any]]:
    """Run one process for each share of the records; return what they tell."""
    share = many // PROCESSES
    command = [sys.executable, "-m", "tests.bench.bench_million", str(share)]
    running = [
        subprocess.Popen([*command, str(seed)], stdout=subprocess.PIPE, text=True, cwd=ROOT) for seed in range(PROCESSES)
    ]
    told = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise AssertionError("a share of the million did not come to its end")
    return [json.loads(text) for text in told]


def hard_contents(count: int, seed: int) -> Iterator[CertificateContent]:
    """Yield ``count`` contents, all different: every Vietnamese letter in either form, long and odd names, long addresses."""
    dice = random.Random(seed)
    base = sample_contents()["usual"].to_dict()
    for number in range(1, count + 1):
        code = "-".join("".join(dice.choices(ALPHABET, k=size)) for size in GROUPS)
        own = {
            "serial": f"{number * PROCESSES + seed:07}/GCN-2026", "code": code, "verify_url": dice.choice(ADDRESSES) + code,
            "product_name": _hard(dice, _length(dice)), "recipient": f"Hợp tác xã {_hard(dice, _length(dice))}",
            "address": f"Xã {_hard(dice, 2)}, tỉnh Hà Thanh", "signer_name": _hard(dice, 3),
            "notice": "" if number % 3 else "DỮ LIỆU MẪU",
        }  # fmt: skip
        yield CertificateContent.from_dict(base | own)


def _length(dice: random.Random) -> int:
    """Return how many words a name has: few as a rule, one in fifty needs several lines, one in five hundred all of them."""
    return dice.randint(20, 40) if dice.random() < 0.002 else dice.randint(10, 20) if dice.random() < 0.02 else dice.randint(1, 7)


def _hard(dice: random.Random, words: int) -> str:
    """Return a name of known words, of syllables that no dictionary has, and now and then of something odd."""
    made = [
        dice.choice(WORDS) if dice.random() < 0.6
        else dice.choice(INITIALS) + dice.choice(VOWELS) + dice.choice(TAILS) if dice.random() < 0.97
        else dice.choice(ODDITIES)
        for _ in range(words)
    ]  # fmt: skip
    name = f"{' '.join(made)[:250].strip()} {dice.randint(1, 99_999)}"
    return unicodedata.normalize("NFD", name) if dice.random() < 0.1 else name


class CheckedPress(Press):
    """A press that reads every page back from its operators as soon as it is stamped."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.reading = 0.0
        self._reader = OperatorReader(self)
        self._stand_in = sample_contents()["short"]

    def _page(self, content: CertificateContent) -> StampedPage | UnstampablePage:
        try:
            page = super()._page(content)
        except CertificateError:
            self.counts["refused"] += 1
            return super()._page(self._stand_in)
        if isinstance(page, StampedPage):
            began = time.process_time()
            self.counts["wrong"] += not self._reader.agrees(page.operators, content)
            if self.counts["stamped"] % QR_SAMPLE == 1:
                url = content.verify_url
                self.counts["wrong_codes"] += qr_table(len(url)).bits(url) != qr_rows(url)[1]
            self.reading += time.process_time() - began
        return page


class OperatorReader:
    """Reads text back from page operators by way of the glyphs, independent of how they were written.

    What many pages share (the fixed lines of a design, the same issuer) is decoded once and remembered by its bytes.
    """

    def __init__(self, press: Press) -> None:
        self._fields = {piece.field for block in press.compiled.blocks for piece in block.pieces if piece.field}
        self._letters: list[dict[int, str]] = []
        for face in press.compiled.faces:
            font = press.compiled.fitter.faces[face.key].font
            self._letters.append({font.get_nominal_glyph(ord(letter)) or 0: letter for letter in face.letters})
        self._glyphs = [frozenset(map(chr, letters)) for letters in self._letters]
        self._read = lru_cache(REMEMBERED)(self._decoded)

    def agrees(self, operators: bytes, content: CertificateContent) -> bool:
        """Return whether the operators print every word of the contents, and no glyph that is not known."""
        parts = [self._read(face, show) for face, show in SHOWN.findall(operators)]
        if None in parts:
            return False
        text = "".join(parts)  # type: ignore[arg-type]
        return all(_packed(value) in text for field, value in printed(content).items() if field in self._fields)

    def _decoded(self, face: bytes, show: bytes) -> str | None:
        """Return the letters of one ``TJ`` array, packed, or None where it shows a glyph that is not known."""
        glyphs = bytes.fromhex(b"".join(GLYPHS.findall(show)).decode()).decode("utf-16-be")
        known = int(face)
        return _pack(glyphs.translate(self._letters[known])) if self._glyphs[known].issuperset(glyphs) else None


def _pack(text: str) -> str:
    """Return a text without its spaces and capitals, for lines and faces may differ between paper and record."""
    return "".join(text.split()).casefold()


_packed = lru_cache(REMEMBERED)(_pack)


def share(count: int, seed: int, folder: Path) -> dict[str, Any]:
    """Print one process's records into print files; return counts, seconds of processor time, bytes and the peak of memory."""
    press = CheckedPress(compile_design(load_design(DESIGN), CACHE))
    stream, written, misread = hard_contents(count, seed), 0, 0
    stamping = 0.0
    looked_at: dict[int, CertificateContent]
    for start in range(0, count, PAGES_A_FILE):
        path, pages, looked_at = folder / f"{start}.pdf", min(PAGES_A_FILE, count - start), {}
        began, read = time.process_time(), press.reading
        with path.open("wb") as file:
            press.write_combined(_noting(islice(stream, pages), looked_at, max(pages // LOOKED_AT, 1)), file)
        stamping += time.process_time() - began - (press.reading - read)
        misread += _misread(path, pages, looked_at)
        written += path.stat().st_size
        path.unlink()
    return {
        "stamping": stamping, "bytes": written, "peak": _peak_bytes(), "states": len(press.compiled.layouts), "misread": misread,
        **{key: press.counts[key] for key in ("drawn", "wrong", "wrong_codes", "refused")},
    }  # fmt: skip


def _noting(
    stream: Iterable[CertificateContent], looked_at: dict[int, CertificateContent], step: int
) -> Iterator[CertificateContent]:
    """Yield the contents on and note each ``step``th by its page: all of them would be memory that the press does not take."""
    for place, content in enumerate(stream):
        if place % step == 0:
            looked_at[place] = content
        yield content


def _misread(path: Path, pages: int, looked_at: dict[int, CertificateContent]) -> int:
    """Return how many pages pdfium misses, and how many of those looked at it reads without their number or their product."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        wrong = abs(len(document) - pages)
        for place, content in looked_at.items():
            text = _packed(document[place].get_textpage().get_text_range())
            wrong += any(_packed(words) not in text for words in (content.serial, content.product_name))
        return wrong
    finally:
        document.close()


def main() -> None:
    """Print one share of the records, named on the command line by its size and seed; tell the findings as JSON."""
    with _folder() as folder:
        print(json.dumps(share(int(sys.argv[1]), int(sys.argv[2]), folder)))


if __name__ == "__main__":
    main()
