"""How fast and how lean pictures and papers are taken in, beside plain Pillow and libvips in the same run.

Plain Pillow is what one would write first: open, turn, convert, and for each rendition a copy shrunk from the full
picture with LANCZOS and saved with the encoder's defaults; a second row gives it our encoders' settings. Memory is the highest resident set of a fresh process, libraries included.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from PIL import Image, ImageOps

from uploads import images
from uploads.intake import receive
from uploads.policy import FULL_EDGE_PX, PAPER, PHOTO, PRINT_LONG_PX
from uploads.storage import LocalStorage
from uploads.workers import Pool

ROOT = Path(__file__).resolve().parents[2]


def ours(data: bytes) -> object:
    """Make the renditions of a photo as the product does."""
    return images.clean(data, "jpeg", PHOTO)


def plain(data: bytes, **webp: int) -> list[bytes]:
    """Return the renditions of a photo as first written: no draft, turned at full size, each from the full picture."""
    with Image.open(io.BytesIO(data)) as sent:
        picture = ImageOps.exif_transpose(sent).convert("RGB")
    made = []
    for spec in PHOTO.renditions:
        scale = (spec.fit_px or PRINT_LONG_PX) / max(picture.size)
        size = (round(picture.width * scale), round(picture.height * scale))
        buffer = io.BytesIO()
        options = webp if spec.format == "webp" else {}
        picture.resize(size, Image.Resampling.LANCZOS).save(buffer, spec.format.upper(), **options)
        made.append(buffer.getvalue())
    return made


def plain_with_our_webp(data: bytes) -> list[bytes]:
    """Do the same with our quick setting of the slowest encoder: what is left is the order of work."""
    return plain(data, method=1, quality=78)


def vips(data: bytes) -> list[bytes]:
    """Make the renditions with libvips as its manual says: shrunk while decoding, the small from the large, our settings."""
    import pyvips

    full = pyvips.Image.thumbnail_buffer(data, FULL_EDGE_PX, size="down").copy_memory()
    made = []
    for spec in PHOTO.renditions:
        edge = spec.fit_px or PRINT_LONG_PX
        picture = full.thumbnail_image(edge, size="down") if edge < FULL_EDGE_PX else full
        options = {"effort": 1} if spec.format == "webp" else {}
        made.append(picture.write_to_buffer(f".{spec.format}", Q=spec.quality, keep="none", **options))
    return made


WAYS = {way.__name__: way for way in (ours, plain, plain_with_our_webp, vips)}


def best_seconds(data: bytes, times: int) -> dict[str, float]:
    """Return the shortest time of each way; the ways take turns, so that a busy moment hits them alike."""
    rounds = [{name: _timed(partial(way, data)) for name, way in WAYS.items()} for _ in range(times + 1)]
    return {name: min(one[name] for one in rounds) for name in WAYS}


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _worked(work: Callable[[], object]) -> float:
    """Return the processor seconds of one thread's work, which neighbours on the machine do not lengthen."""
    start = time.process_time()
    work()
    return time.process_time() - start


def peak_mib(way: str, path: Path) -> float:
    """Return the highest resident set of a fresh process that makes the renditions of one file in this way.

    From `VmHWM`: the figure of `getrusage` is handed down from the process that started it.
    """
    program = (
        "import re, sys; from pathlib import Path; from tests.bench import bench_uploads as b;"
        "b.WAYS[sys.argv[1]](Path(sys.argv[2]).read_bytes());"
        "print(re.search(r'VmHWM:\\s+(\\d+) kB', Path('/proc/self/status').read_text())[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, way, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1024


def row(name: str, value: float, unit: str, gate: float, target: float, *, higher: bool = True) -> dict[str, Any]:
    """Return one line of the table; `ok` compares the value with the gate."""
    ok = value >= gate if higher else value <= gate
    return {"name": name, "value": round(value, 2), "unit": unit, "gate": gate, "target": target, "ok": ok}


def told(name: str, value: float, unit: str) -> dict[str, Any]:
    """Return a line that is only compared with, never held to anything."""
    return {"name": name, "value": round(value, 2), "unit": unit, "gate": None, "target": None, "ok": None}


def picture_rows(quick: bool) -> list[dict[str, Any]]:
    """Compare the ways on one 24-megapixel photo, as a phone sends it: lying on its side."""
    from tests.uploads import samples

    data = samples.jpeg(6000, 4000, exif=samples.exif_of_a_phone(6))
    best = best_seconds(data, 2 if quick else 5)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        path.write_bytes(data)
        mib = {name: peak_mib(name, path) for name in ("ours", "plain", "vips")}
    return [
        row("photo 6000 x 4000, times faster than plain Pillow", best["plain"] / best["ours"], "x", 3.0, 5.0),
        row(
            "photo 6000 x 4000, times faster than plain Pillow with our WebP setting",
            best["plain_with_our_webp"] / best["ours"],
            "x",
            2.0,
            4.0,
        ),
        told("photo 6000 x 4000, libvips' time beside ours", best["vips"] / best["ours"], "x"),
        told("photo 6000 x 4000, libvips' memory beside ours", mib["vips"] / mib["ours"], "x"),
        row("photo 6000 x 4000, share of plain Pillow's memory", mib["ours"] / mib["plain"], "x", 0.5, 0.33, higher=False),
        row("photo 6000 x 4000 to renditions", best["ours"] * 1000, "ms", 3000, 400, higher=False),
        row("photo 6000 x 4000, peak memory", mib["ours"], "MiB", 200, 110, higher=False),
    ]


def intake_rows(quick: bool) -> list[dict[str, Any]]:
    """Send photos and a paper through the whole door: worker, checks, disk."""
    from tests.uploads import samples

    count = 12 if quick else 60
    photos = [samples.jpeg(3000, 2250, seed=seed) for seed in range(4)]
    paper = samples.paper(60)
    pool = Pool(size=2)
    with TemporaryDirectory() as folder, ThreadPoolExecutor(2) as threads:
        store = LocalStorage(Path(folder))

        def send(number: int) -> None:
            receive(io.BytesIO(photos[number % 4]), "a.jpg", PHOTO, store, pool=pool)

        list(threads.map(send, range(2)))
        before = _processor_seconds(pool)
        taken = _timed(lambda: list(threads.map(send, range(count))))
        worked = _processor_seconds(pool) - before
        drawn = _timed(lambda: receive(io.BytesIO(paper), "a.pdf", PAPER, store, pool=pool))
    pool.close()
    return [
        row("photos 3000 x 2250 taken in through the workers, on two processors", 120 * count / worked, "a minute", 200, 200),
        told("photos 3000 x 2250 taken in through the workers, by the clock of this machine", 60 * count / taken, "a minute"),
        told("photo 3000 x 2250 taken in, processor time of door and worker", 1000 * worked / count, "ms"),
        row("paper of 60 pages taken in, with previews", drawn, "s", 10, 5, higher=False),
    ]


def _processor_seconds(pool: Pool) -> float:
    """Processor seconds so far of this process and of the pool's workers with the children that they waited for.

    What two processors do in a minute follows from it, and neighbours on the machine change it little.
    """
    workers = [psutil.Process(pid).cpu_times() for pid in pool.pids()]
    own = psutil.Process().cpu_times()
    return sum(one.user + one.system + one.children_user + one.children_system for one in workers) + own.user + own.system


def print_rows(quick: bool) -> list[dict[str, Any]]:
    """Print a dossier of 60 pages, as the job does: form, story, photos, a paper of 54 scanned pages."""
    import pikepdf

    from certificates.paperwork.dossier import render_dossier
    from tests.certificates.paperwork.samples import dossier
    from tests.uploads import samples

    content = dossier(_scanned(54))
    photos = tuple(
        replace(content.photos[0], data=samples.jpeg(1600, 1200, seed=seed), media_type="image/jpeg") for seed in range(2)
    )
    content = replace(content, photos=photos)
    render_dossier(content)  # WeasyPrint and the fonts are loaded once a worker
    pdf: list[bytes] = []
    taken = min(_worked(lambda: pdf.append(render_dossier(content))) for _ in range(1 if quick else 3))
    with pikepdf.open(io.BytesIO(pdf[-1])) as made:
        pages = len(made.pages)
    return [
        told("dossier printed, pages", pages, ""),
        row("dossier of 60 pages printed, processor time", taken * 60 / pages, "s", 5, 5, higher=False),
    ]


def _scanned(pages: int) -> bytes:
    """A paper of scanned pages at 150 dpi."""
    from tests.uploads import samples

    sheets = []
    for seed in range(4):
        with Image.open(io.BytesIO(samples.jpeg(1240, 1754, seed=seed))) as sheet:
            sheets.append(sheet.convert("RGB"))
    target = io.BytesIO()
    first, *others = (sheets[number % 4] for number in range(pages))
    first.save(target, "PDF", save_all=True, append_images=others, resolution=150.0)
    return target.getvalue()


def run(quick: bool = False) -> list[dict[str, Any]]:
    """Return the measured rows: name, value, unit, gate (fails beyond), target (aimed at), ok."""
    return [*picture_rows(quick), *intake_rows(quick), *print_rows(quick)]


if __name__ == "__main__":
    for line in run(quick="--quick" in sys.argv):
        print(json.dumps(line, ensure_ascii=False))
