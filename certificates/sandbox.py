"""Designs from outside are laid out in a process of their own: limited, without network.

The child may use 1 GB and 20 seconds, may not open a socket or start a program, and answers
with a report, a page or a sentence. Whatever it does, the parent lives on; a question that nobody
waits for any more is broken off.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from certificates.checking import DesignReport
from certificates.content import CertificateContent
from certificates.design import Design
from certificates.errors import CertificateError, DesignRefused
from certificates.fonts import cut_face

SECONDS = 20
POLL_SECONDS = 0.1
MEMORY_BYTES = 1_000_000_000
OUTPUT_BYTES = 64_000_000

_FORBIDDEN = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.system",
    "os.exec", "os.fork", "os.posix_spawn", "ctypes.dlopen.url",
)  # fmt: skip


class BrokenOff(CertificateError):
    """Nobody waits for the answer any more; the child was ended."""

    code = "certificate_broken_off"


Wanted = Callable[[], bool]


def always() -> bool:
    """Wait until the end."""
    return True


def check_in_child(
    design: Design, cache_dir: Path, seconds: int = SECONDS, wanted: Wanted = always
) -> DesignReport:
    """Check a design from outside; see `certificates.checking.check_design`.

    A design that runs out of time or memory gets a report with that as its error.

    Raises:
        BrokenOff: `wanted` returned False before the end.
    """
    try:
        answer = _run({"task": "check"}, design, cache_dir, seconds, wanted)
    except DesignRefused as error:
        return DesignReport((str(error),), ())
    return DesignReport(tuple(answer["errors"]), tuple(answer["warnings"]))


def preview_in_child(
    design: Design, content: CertificateContent, cache_dir: Path, seconds: int = SECONDS
) -> bytes:
    """Return one page of a design from outside as PDF.

    Raises:
        DesignRefused: the design is not allowed, cannot be laid out, or takes too much.
    """
    question = {"task": "preview", "content": content.to_dict()}
    return _decoded(_run(question, design, cache_dir, seconds, always))


def picture_in_child(
    design: Design,
    content: CertificateContent,
    cache_dir: Path,
    *,
    dpi: int = 100,
    seconds: int = SECONDS,
    wanted: Wanted = always,
) -> bytes:
    """Return one page of a design from outside as PNG, drawn in the child as well.

    Raises:
        DesignRefused: the design is not allowed, cannot be laid out, or takes too much; or the
            contents do not fit it (the sentence names the field).
        BrokenOff: `wanted` returned False before the end.
    """
    question = {"task": "picture", "content": content.to_dict(), "dpi": dpi}
    return _decoded(_run(question, design, cache_dir, seconds, wanted))


def _decoded(answer: Mapping[str, Any]) -> bytes:
    if "refused" in answer:
        raise DesignRefused(answer["refused"])
    return base64.b85decode(answer["file"])


def _run(
    task: Mapping[str, Any], design: Design, cache_dir: Path, seconds: int, wanted: Wanted
) -> dict[str, Any]:
    for face in design.faces:  # our own work, 15 s on a machine that has never printed: not the child's
        cut_face(face, cache_dir)
    question = json.dumps({**task, "design": _pack(design)}).encode()
    with tempfile.TemporaryDirectory(prefix="design-") as folder:
        command = [sys.executable, "-m", "certificates.sandbox", str(cache_dir), str(seconds)]
        asked = Path(folder) / "question.json"  # a file: a pipe would have to be fed while we wait
        asked.write_bytes(question)
        with asked.open("rb") as stdin, subprocess.Popen(
            command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=_environment(folder),
        ) as child:  # fmt: skip
            try:
                told = _listen(child, seconds, wanted)
            finally:
                child.kill()
    try:
        answer: dict[str, Any] = json.loads(told)
    except ValueError:
        raise DesignRefused("Mẫu giấy dùng quá nhiều bộ nhớ hoặc thời gian nên bị dừng.") from None
    return answer


def _listen(child: subprocess.Popen[bytes], seconds: int, wanted: Wanted) -> bytes:
    until = time.monotonic() + seconds
    while True:
        with suppress(subprocess.TimeoutExpired):
            return child.communicate(timeout=POLL_SECONDS)[0]
        if not wanted():
            raise BrokenOff("Bản xem thử này đã có bản mới hơn thay.")
        if time.monotonic() > until:
            raise DesignRefused(f"Mẫu giấy tính quá {seconds} giây nên bị dừng.")


def _environment(folder: str) -> dict[str, str]:
    """Return the child's environment: nothing of the parent's but where things are."""
    root = str(Path(__file__).parent.parent)
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "HOME": folder, "TMPDIR": folder, "PYTHONPATH": root, "XDG_CACHE_HOME": folder}


def _pack(design: Design) -> dict[str, Any]:
    assets = {name: base64.b85encode(data).decode() for name, data in design.assets.items()}
    return {
        "name": design.name, "label": design.label, "version": design.version, "html": design.html,
        "css": design.css, "faces": list(design.faces), "assets": assets,
    }  # fmt: skip


def _unpack(value: dict[str, Any]) -> Design:
    assets = {name: base64.b85decode(text) for name, text in value.pop("assets").items()}
    return Design(**{**value, "faces": tuple(value["faces"]), "assets": assets})


def _limit(seconds: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse_the_world(event: str, arguments: tuple[object, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(event)


def _answer(question: dict[str, Any], cache_dir: Path) -> dict[str, Any]:
    from dataclasses import asdict

    from certificates.checking import check_design, check_files
    from certificates.errors import CertificateError
    from certificates.rendering import render_slow

    try:
        design = _unpack(question["design"])
        if question["task"] == "check":
            return asdict(check_design(design, cache_dir))
        check_files(design)
        content = CertificateContent.from_dict(question["content"])
        file = render_slow(content, design, cache_dir)
        if question["task"] == "picture":
            file = _picture(file, question["dpi"])
        return {"file": base64.b85encode(file).decode()}
    except CertificateError as error:
        return _refusal(str(error))
    except (MemoryError, RecursionError):
        return _refusal("Mẫu giấy dùng quá nhiều bộ nhớ hoặc lồng nhau quá sâu.")
    except Exception as error:  # whatever a hostile design breaks, the answer is a sentence
        return _refusal(f"Mẫu giấy không trình bày được ({type(error).__name__}).")


def _picture(pdf: bytes, dpi: int) -> bytes:
    from io import BytesIO

    import pypdfium2

    drawn = BytesIO()
    document = pypdfium2.PdfDocument(pdf)
    document[0].render(scale=dpi / 72).to_pil().save(drawn, "PNG", compress_level=3)
    document.close()
    return drawn.getvalue()


def _refusal(sentence: str) -> dict[str, Any]:
    return {"refused": sentence, "errors": [sentence], "warnings": []}


def _main() -> None:
    import weasyprint  # noqa: F401  (its libraries are loaded before the limits fall)

    cache_dir, seconds = Path(sys.argv[1]), int(sys.argv[2])
    question = json.loads(sys.stdin.buffer.read())
    _limit(seconds)
    sys.addaudithook(_refuse_the_world)
    sys.stdout.write(json.dumps(_answer(question, cache_dir)))


if __name__ == "__main__":
    _main()
