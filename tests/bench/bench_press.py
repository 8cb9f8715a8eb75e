"""How fast, how small and how right the certificate press is, against the usual ways, in one run.

``run`` returns rows and prints nothing. Rounds are interleaved (baseline, ours, baseline, ...), each measurement is a process
of its own that writes to memory-backed files; a ratio is the median of the rounds' ratios. Times are those of the processor,
so that a neighbour on the machine fails nobody. What a measurement wrote is read back before its time counts: a fast wrong
file ends the benchmark. Baselines: WeasyPrint one by one, as Indico prints badges; WeasyPrint with pyHanko; WeasyPrint with
all pages in one document; writing the same bytes; Typst, Chromium and LibreOffice where they are installed. Typst is no
dependency of ours: ``pip install --target FOLDER typst``, then ``PYTHONPATH=FOLDER ./run bench press``.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image

from certificates.codes import ALPHABET, GROUPS
from certificates.content import CertificateContent
from certificates.design import Design
from certificates.fonts import default_cache_dir
from certificates.press import Press, compile_design, file_name, load_design
from certificates.samples import sample_contents
from certificates.wording import printed

ROOT = Path(__file__).parents[2]
CACHE = default_cache_dir()
DESIGN = "national"
Row = dict[str, Any]
Work = Callable[[int, str, Path], dict[str, Any]]

WORDS = ["gốm", "men", "tro", "mây", "tre", "đan", "lục", "bình", "thổ", "cẩm", "rượu", "mật", "ong", "chè", "cổ", "thụ", "cà", "phê", "hạt", "điều", "sấy", "dẻo", "khô", "nước", "mắm", "truyền", "thống", "tranh", "sơn", "mài", "khảm", "trai", "đồ", "gỗ", "lưu", "niệm", "máy", "thái", "rau", "tưới", "nhỏ", "giọt", "gạo", "nếp", "nương", "bún", "ngũ", "sắc", "bánh", "tráng", "phơi", "sương", "nón", "lá", "trầm", "hương", "tượng", "đá", "quạt", "giấy", "dó", "đèn", "lồng", "chiếu", "cói", "áo", "dài", "thêu", "tay", "Ẵng", "Kđăm", "Đắk", "Hoà", "Thuỷ", "ruộng", "bậc", "thang"]


def run(quick: bool) -> list[Row]:
    """Return rows ``{name, value, unit, gate, target, ok}``; ``gate`` and ``target`` begin with ``>=`` or ``<=``, or are empty.

    ``quick`` takes two minutes; without it the counts are those of the table of goals.
    """
    scale = Scale(rounds=3, slow=4, fast=600, cold=200, big=5_000, boxes=6)
    if not quick:
        scale = Scale(rounds=5, slow=25, fast=2_000, cold=200, big=50_000, boxes=40)
    _warm()
    parts = (_speed, _counts, _designs, _cold, _print_file, _memory, _correctness)
    return [row for part in parts for row in part(scale)] + _preview()


def _warm() -> None:
    """Compile the design and the layouts that these names need, and keep them: a job of a round finds them on disk."""
    press = Press(compile_design(load_design(DESIGN), CACHE))
    for kind in ("repeating", "different"):
        press.check_all(contents(3_000, kind))
    press.compiled.save()


class Scale:
    """How much is measured: rounds, certificates a measurement on slow and fast ways, and so on."""

    def __init__(self, *, rounds: int, slow: int, fast: int, cold: int, big: int, boxes: int) -> None:
        self.rounds, self.slow, self.fast, self.cold = rounds, slow, fast, cold
        self.big, self.boxes = big, boxes


def contents(count: int, kind: str, seed: int = 1) -> Iterator[CertificateContent]:
    """Yield ``count`` contents: kind "repeating" takes 40 names in turn, "different" makes every name anew."""
    dice = random.Random(seed)
    base = sample_contents()["usual"].to_dict()
    names = [_name(dice, 9) for _ in range(40)]
    for number in range(1, count + 1):
        code = "-".join("".join(dice.choices(ALPHABET, k=size)) for size in GROUPS)
        product, maker = (dice.choice(names), dice.choice(names)) if kind.startswith("repeating") else (_name(dice, 9), _name(dice, 12))
        own = {"serial": f"{number:07}/GCN-2026", "code": code, "verify_url": f"https://kiemtra.example.vn/v/{code}",
               "product_name": product, "recipient": f"Hợp tác xã {maker}", "address": f"Xã {_name(dice, 2)}, tỉnh Hà Thanh"}
        yield CertificateContent.from_dict(base | own)


def _design(kind: str) -> Design:
    """Return the design named behind an @ in the kind of contents: "jpeg" and "bare" are variants of the reference.

    "jpeg" has a picture of 2,480 x 1,754 pixels in the place of ground and border, "bare" has no picture at all.
    """
    reference, variant = load_design(DESIGN), kind.partition("@")[2]
    if not variant:
        return reference
    without = reference.html.replace('<img class="frame" src="frame.svg" alt="">', "")
    if variant == "bare":
        html, assets = without.replace('<img class="ground" src="ground.svg" alt="">', ""), {}
    else:
        html, assets = without.replace("ground.svg", "ground.jpg"), {"ground.jpg": _paper()}
    return replace(reference, name=f"bench-{variant}", html=html, assets=assets)


@cache
def _paper() -> bytes:
    """Return a JPEG of paper: a soft gradient with the grain that a scan has."""
    noise = Image.effect_noise((2480, 1754), 12).convert("L")
    shade = Image.linear_gradient("L").resize((2480, 1754))
    out = io.BytesIO()
    Image.merge("RGB", (noise, Image.blend(noise, shade, 0.3), shade)).point(lambda v: 200 + v // 5).save(out, "JPEG", quality=85)
    return out.getvalue()


def _name(dice: random.Random, most: int) -> str:
    return " ".join(dice.choices(WORDS, k=dice.randint(1, most))).capitalize() + f" {dice.randint(1, 9999)}"


# ---- what is measured; each runs in a process of its own: (count, kind of contents, folder) -> {seconds, bytes, ...}


def stamp_files(count: int, kind: str, folder: Path) -> dict[str, Any]:
    """Print single files with the press, as a bulk job does, once it is warm."""
    return _timed(Press(compile_design(_design(kind), CACHE)), count, kind, folder)


def stamp_signed(count: int, kind: str, folder: Path) -> dict[str, Any]:
    """The same, signed with ECDSA P-256 inside the writer."""
    from certificates.signing import Signer

    return _timed(Press(compile_design(_design(kind), CACHE), Signer.from_pkcs12(_key())), count, kind, folder)


def _timed(press: Press, count: int, kind: str, folder: Path) -> dict[str, Any]:
    made = list(contents(count, kind))
    for content in made[:20]:
        press.stamp(content)
    began = time.process_time()
    press.write_files(made, folder)
    seconds = time.process_time() - began
    _read_back(folder, made)
    return {"seconds": seconds, "bytes": _size(folder), "drawn": press.counts["drawn"]}


def write_floor(count: int, kind: str, folder: Path) -> dict[str, Any]:
    """Only write as many bytes into as many files."""
    data = Press(compile_design(_design(kind), CACHE)).stamp(next(contents(1, kind)))
    began = time.process_time()
    for number in range(count):
        _write(folder / f"{number}.pdf", data)
    return {"seconds": time.process_time() - began, "bytes": _size(folder)}


def weasyprint_files(count: int, kind: str, folder: Path) -> dict[str, Any]:
    """WeasyPrint one by one, nothing shared between certificates: the way of Indico."""
    return _weasyprint(count, kind, folder, lambda pdf: pdf)


def weasyprint_signed(count: int, kind: str, folder: Path) -> dict[str, Any]:
    """The same, each signed by pyHanko with a P-256 key."""
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

    from certificates.reference import PyhankoSigner

    key, certificate, _ = pkcs12.load_key_and_certificates(_key(), None)
    assert certificate is not None
    signer = PyhankoSigner.with_key(key, certificate.public_bytes(Encoding.DER))
    return _weasyprint(count, kind, folder, signer.sign_file)


def _weasyprint(count: int, kind: str, folder: Path, finish: Callable[[bytes], bytes]) -> dict[str, Any]:
    from certificates.rendering import fitter_of, render_fitted

    design = _design(kind)
    template, fitter = fitter_of(design, CACHE)
    made = list(contents(count + 1, kind))
    seconds = 0.0
    for content in made:
        began = time.process_time()
        pdf = finish(render_fitted(content, design, template, fitter.fit_all(printed(content)), CACHE))
        _write(folder / file_name(content), pdf)
        if content is not made[0]:
            seconds += time.process_time() - began
    return {"seconds": seconds, "bytes": _size(folder)}


def print_file(count: int, kind: str, folder: Path) -> dict[str, Any]:
    """One print file of all certificates; tells the peak of memory, too."""
    press = Press(compile_design(_design(kind), CACHE))
    began = time.process_time()
    with (folder / "all.pdf").open("wb") as file:
        press.write_combined(contents(count, kind), file)
    seconds = time.process_time() - began
    return {"seconds": seconds, "bytes": _size(folder), "peak": _peak_bytes(), "drawn": press.counts["drawn"]}


def print_speed(count: int, kind: str, folder: Path) -> dict[str, Any]:
    """One print file of contents that are in memory already."""
    press = Press(compile_design(_design(kind), CACHE))
    made = list(contents(count, kind))
    for content in made[:20]:
        press.stamp(content)
    began = time.process_time()
    with (folder / "all.pdf").open("wb") as file:
        press.write_combined(made, file)
    return {"seconds": time.process_time() - began, "bytes": _size(folder)}


def weasyprint_pages(count: int, kind: str, folder: Path) -> dict[str, Any]:
    """All pages in one WeasyPrint document."""
    from certificates.qr import qr_svg
    from certificates.rendering import fitter_of, lay_out

    design = _design(kind)
    template, fitter = fitter_of(design, CACHE)
    made = contents(count, kind)
    layouts = [lay_out(design, template, fitter.fit_all(printed(one)), CACHE, qr_svg(one.verify_url)) for one in made]
    first = layouts[0].document
    began = time.process_time()
    pdf = first.copy([page for one in layouts for page in one.document.pages]).write_pdf()
    (folder / "all.pdf").write_bytes(pdf)
    return {"seconds": time.process_time() - began, "bytes": len(pdf)}


TYPST = """#set page(width: 297mm, height: 210mm, margin: 0mm,
  background: {place(image("ground.svg", width: 100%)); place(image("frame.svg", width: 100%))})
#set text(font: "Noto Serif", size: 12pt, lang: "vi")
#let certificate(c) = {
  place(top + center, dy: 27mm, align(center)[#upper(c.issuer) \\ #text(11pt)[CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM] \\
    #text(11pt)[Độc lập - Tự do - Hạnh phúc] \\ #text(37pt, font: "Playfair Display", fill: rgb("#9b1c1f"))[#upper(c.title)] \\
    #text(15pt)[#upper(c.level_line)]])
  place(top + center, dy: 85mm, align(center)[_#(c.product_kind)_ \\ #text(26pt, font: "Playfair Display")[#c.product_name] \\ _của_ \\
    #text(18pt)[#c.recipient] \\ #c.address \\ #c.group \\ #c.order])
  place(dx: 77mm, dy: 146mm)[Số: *#c.serial* \\ #c.validity \\ #c.code \\ #c.verify_address]
  place(dx: 172mm, dy: 144mm, box(width: 96mm, align(center)[_#(c.place_date)_ \\ *#upper(c.signer_title)* #v(28mm) *#c.signer_name*]))
}
#let pages = json(bytes(sys.inputs.pages))
#for (index, c) in pages.enumerate() { if index > 0 { pagebreak() }; certificate(c) }
"""


def typst_files(count: int, kind: str, folder: Path) -> dict[str, Any]:
    """Typst with its compiler reused, one file each; it is given the QR code free, that is, prints none."""
    compiler = _typst(folder)
    made = [json.dumps([printed(content)]) for content in contents(count, kind)]
    compiler.compile(sys_inputs={"pages": made[0]}, format="pdf")
    began = time.process_time()
    for number, page in enumerate(made):
        _write(folder / f"{number}.pdf", compiler.compile(sys_inputs={"pages": page}, format="pdf"))
    return {"seconds": time.process_time() - began, "bytes": _size(folder)}


def typst_pages(count: int, kind: str, folder: Path) -> dict[str, Any]:
    """Typst with all pages in one document, without QR codes."""
    compiler = _typst(folder)
    pages = json.dumps([printed(content) for content in contents(count, kind)])
    began = time.process_time()
    pdf = compiler.compile(sys_inputs={"pages": pages}, format="pdf")
    return {"seconds": time.process_time() - began, "bytes": len(pdf)}


def _typst(folder: Path) -> Any:
    import typst

    from certificates.fonts import cut_face

    design = load_design(DESIGN)
    for name, data in design.assets.items():
        _write(folder / name, data)
    for key in design.faces:
        _write(folder / f"{key}.ttf", cut_face(key, CACHE))
    source = folder / "page.typ"
    source.write_text(TYPST, encoding="utf-8")
    return typst.Compiler(str(source), root=str(folder), font_paths=[str(folder)], ignore_system_fonts=True)


WORK: dict[str, Work] = {
    work.__name__: work
    for work in (stamp_files, stamp_signed, write_floor, weasyprint_files, weasyprint_signed, print_file, weasyprint_pages,
                 print_speed, typst_files, typst_pages)
}

# ---- rows


def _speed(scale: Scale) -> list[Row]:
    rows = []
    ours, usual, floor, sealed, usual_sealed = [], [], [], [], []
    for _ in range(scale.rounds):
        usual.append(_each("weasyprint_files", scale.slow))
        ours.append(_each("stamp_files", scale.fast))
        floor.append(_each("write_floor", scale.fast))
        usual_sealed.append(_each("weasyprint_signed", scale.slow))
        sealed.append(_each("stamp_signed", scale.fast))
    different = _each("stamp_files", scale.fast, "different")
    rows.append(_row("press: single files to Indico's way", _ratio(usual, ours), "x", 100, 300))
    rows.append(_row("press: all names different, to Indico's way", median(usual) / different, "x", 60, 200))
    rows.append(_row("press: signed P-256 to WeasyPrint + pyHanko", _ratio(usual_sealed, sealed), "x", 100, 350))
    rows.append(_row("press: single files to the write floor", _ratio(ours, floor), "x", 10, 4, most=True))
    rows.append(_row("press: single files a second", 1 / median(ours), "/s"))
    rows.append(_row("press: signed files a second", 1 / median(sealed), "/s", None, 1_500))
    rows.append(_row("baseline: WeasyPrint one by one", 1 / median(usual), "/s"))
    return rows + _others(scale, ours)


def _counts(scale: Scale) -> list[Row]:
    """How the time of one certificate changes with how many there are; ``./run bench million`` takes the million."""
    return [_row(f"press: N = {count:,}, one file each", _each("stamp_files", count) * 1000, "ms") for count in (1, 10, 500, 5_000)]


def _designs(scale: Scale) -> list[Row]:
    """The lead over Indico's way with a JPEG for a background, and without any picture."""
    rows = []
    for variant, label in (("jpeg", "JPEG background"), ("bare", "no pictures")):
        kind = f"repeating@{variant}"
        usual, ours = _each("weasyprint_files", scale.slow, kind), _each("stamp_files", scale.fast, kind)
        rows.append(_row(f"press: {label}, single files to Indico's way", usual / ours, "x", 50, 150))
    return rows


def _others(scale: Scale, ours: list[float]) -> list[Row]:
    """Return rows for engines that this machine happens to have."""
    rows = []
    if find_spec("typst") is not None:
        typst = _each("typst_files", 100)
        rows.append(_row("press: single files to Typst, its QR free", typst / median(ours), "x", 5, 12))
        rows.append(_row("baseline: Typst, compiler reused, no QR", 1 / typst, "/s"))
    few = 10 if scale.rounds > 3 else 3
    for label, seconds in (("Chromium, one browser", _chromium(few)), ("LibreOffice, N DOCX in one run", _libreoffice(few))):
        if seconds is not None:
            rows.append(_row(f"baseline: {label}", 1 / seconds, "/s"))
            rows.append(_row(f"press: single files to {label}", seconds / median(ours), "x"))
    return rows


def _libreoffice(count: int) -> float | None:
    """Return seconds of processor time a certificate for DOCX files turned into PDF in one run, or None without it."""
    office = shutil.which("soffice")
    if office is None:
        return None
    from docx import Document

    with _folder() as folder:
        for number, content in enumerate(contents(count, "repeating")):
            paper = Document()
            for line in printed(content).values():
                paper.add_paragraph(line)
            paper.save(str(folder / f"{number}.docx"))
        before = _children_seconds()
        command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
        subprocess.run([*command, *map(str, folder.glob("*.docx"))], check=True, capture_output=True)
        if len(list(folder.glob("*.pdf"))) != count:
            raise AssertionError("LibreOffice did not write every file")
        return (_children_seconds() - before) / count


def _chromium(count: int) -> float | None:
    """Return seconds of wall time a certificate in one browser, or None where there is none."""
    from tests.chromium import CHROMIUM, browser

    if not CHROMIUM.exists():
        return None
    page_html = f"<body>{load_design(DESIGN).assets['frame.svg'].decode()}<h1>%s</h1>"
    with browser() as started:
        page = started.new_page()
        began = time.perf_counter()
        for content in contents(count, "repeating"):
            page.set_content(page_html % content.product_name)
            page.pdf(width="297mm", height="210mm", print_background=True)
        return (time.perf_counter() - began) / count


def _cold(scale: Scale) -> list[Row]:
    usual = _each("weasyprint_files", scale.slow)
    ours = []
    for _ in range(scale.rounds):
        with _folder() as folder:
            lines = "\n".join(content.to_json() for content in contents(scale.cold, "different"))
            (folder / "c.jsonl").write_text(lines, encoding="utf-8")
            before = _children_seconds()
            command = [sys.executable, "-m", "certificates", "press", str(folder / "c.jsonl"), "--design", DESIGN]
            subprocess.run([*command, "--out", str(folder / "out")], check=True, capture_output=True, cwd=ROOT)
            ours.append((_children_seconds() - before) / scale.cold)
    return [_row(f"press: {scale.cold} from a cold process to Indico's way", usual / median(ours), "x", 10, 20)]


def _print_file(scale: Scale) -> list[Row]:
    pages = 2_000 if scale.rounds > 3 else 600
    ours = _measure("print_file", pages)
    usual = _measure("weasyprint_pages", 12)
    ratio = usual["bytes"] / 12 / (ours["bytes"] / pages)
    speed = _each("print_speed", pages)
    rows = [] if find_spec("typst") is None else [
        _row("press: print file to Typst's N pages, its QR free", _each("typst_pages", 200) / speed, "x", 3, 6),
    ]
    return [
        *rows,
        _row("press: print file, bytes a page, WeasyPrint's to ours", ratio, "x", 8, 15),
        _row("press: print file, bytes a page", ours["bytes"] / pages, "B"),
        _row("press: print file, pages a second", 1 / speed, "/s"),
    ]


def _memory(scale: Scale) -> list[Row]:
    peaks = {count: _measure("print_file", count)["peak"] for count in sorted({1_000, min(20_000, scale.big), scale.big})}
    grown = min(20_000, scale.big)
    return [
        _row(f"press: memory, 1,000 to {grown:,} pages", peaks[grown] / peaks[1_000], "x", 1.2, 1.05, most=True),
        _row(f"press: peak memory at {scale.big:,}", peaks[scale.big] / 1e6, "MB", 300, None, most=True),
    ]


def _correctness(scale: Scale) -> list[Row]:
    """How far the two roads to paper stand apart; what is stamped of a million is read back by ``./run bench million``."""
    return [_row("press: word boxes against WeasyPrint", _farthest_word(scale.boxes), "pt", 0.35, 0.1, most=True)]


def _farthest_word(count: int) -> float:
    """Return the greatest distance of any edge of any word on both roads, in points; the words must be the same."""
    from certificates.press import render_slow
    from tests.certificates.readers import words_of

    press = Press(compile_design(load_design(DESIGN), CACHE))
    farthest = 0.0
    with _folder() as folder:
        for content in [*sample_contents().values(), *contents(count, "different", seed=3)]:
            pdfs = press.stamp(content), render_slow(content, load_design(DESIGN), CACHE)
            paths = [_write(folder / f"{index}.pdf", pdf) for index, pdf in enumerate(pdfs)]
            ours, theirs = map(words_of, paths)
            if [word[0] for word in ours] != [word[0] for word in theirs]:
                raise AssertionError(f"the two roads print other words for {content.serial}")
            for one, other in zip(ours, theirs, strict=True):
                farthest = max(farthest, *(abs(a - b) for a, b in zip(one[1:], other[1:], strict=True)))
    return farthest


def _preview() -> list[Row]:
    press = Press(compile_design(load_design(DESIGN), CACHE))
    press.stamp(sample_contents()["usual"])
    times = []
    for content in contents(20, "different", seed=11):
        began = time.perf_counter()
        press.stamp(content)
        times.append(time.perf_counter() - began)
    return [_row("press: one certificate anew", median(times) * 1000, "ms", 50, None, most=True)]


def _row(name: str, value: float, unit: str, gate: float | None = None, target: float | None = None, *, most: bool = False) -> Row:
    sign = "<=" if most else ">="
    ok = gate is None or (value <= gate if most else value >= gate)
    bounds = {key: "" if bound is None else f"{sign}{bound:g}" for key, bound in (("gate", gate), ("target", target))}
    return {"name": name, "value": round(value, 3), "unit": unit, **bounds, "ok": ok}


def _ratio(above: list[float], below: list[float]) -> float:
    return median(one / other for one, other in zip(above, below, strict=True))


def _each(work: str, count: int, kind: str = "repeating") -> float:
    return float(_measure(work, count, kind)["seconds"]) / count


def _measure(work: str, count: int, kind: str = "repeating") -> dict[str, Any]:
    """Run one piece of work in a process of its own; return what it tells."""
    command = [sys.executable, "-m", "tests.bench.bench_press", work, str(count), kind]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


class _folder:  # noqa: N801
    """A folder in memory where there is one, gone afterwards."""

    def __enter__(self) -> Path:
        where = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self._folder = tempfile.TemporaryDirectory(prefix="press-", dir=where)
        return Path(self._folder.name)

    def __exit__(self, *error: object) -> None:
        self._folder.cleanup()


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def _read_back(folder: Path, made: list[CertificateContent]) -> None:
    """Open some of the files with a reader that is not ours and find their contents in them."""
    import pikepdf

    if len(list(folder.iterdir())) != len(made):
        raise AssertionError("some certificates were not written")
    for content in made[:: max(len(made) // 10, 1)]:
        with pikepdf.open(io.BytesIO((folder / file_name(content)).read_bytes())) as document:
            attached = document.attachments["certificate.json"].get_file().read_bytes()
            if json.loads(attached) != content.to_dict() or len(document.pages) != 1:
                raise AssertionError(f"{content.serial} does not hold its contents")


def _key() -> bytes:
    from tests.certificates.keys import make_key

    return make_key().p12


def _peak_bytes() -> int:
    """Return the highest resident set of this process; ``ru_maxrss`` would count the parent that started it, too."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Do one piece of work, named on the command line, and print what it tells as JSON."""
    with _folder() as folder:
        print(json.dumps(WORK[sys.argv[1]](int(sys.argv[2]), sys.argv[3], folder)))


if __name__ == "__main__":
    main()
