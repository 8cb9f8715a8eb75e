"""The command line: press certificates from a file of contents, list the designs.

    python -m certificates press CONTENTS.jsonl --design NAME --out DIR
        [--english] [--combined FILE] [--crop-marks] [--zip FILE]
        [--sign KEY.p12|pkcs11:... [--sign-pass-file F] [--timestamp URL]]
    python -m certificates designs
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from certificates.content import CertificateContent
from certificates.errors import BadContents, CertificateError, ContentError
from certificates.press import Press, compile_design, design_names, load_design

if TYPE_CHECKING:
    from certificates.signing import Signer

EXIT_BAD_CONTENTS = 1
EXIT_CANNOT_RUN = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return 0, or 1 where contents are refused, or 2 where nothing can be done.

    Nothing is written before every line has been found good.
    """
    options = _parser().parse_args(arguments)
    try:
        if options.command == "designs":
            return _list_designs()
        return _press(options)
    except BadContents as error:
        print(error, file=sys.stderr)
        return EXIT_BAD_CONTENTS
    except (CertificateError, OSError) as error:
        print(f"Không in được: {error}", file=sys.stderr)
        return EXIT_CANNOT_RUN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="certificates", description="In giấy chứng nhận từ tệp nội dung."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="LỆNH")
    commands.add_parser("designs", help="liệt kê các mẫu giấy")
    press = commands.add_parser("press", help="in giấy chứng nhận")
    press.add_argument("contents", type=Path, metavar="CONTENTS.jsonl", help="mỗi dòng một giấy")
    press.add_argument("--design", required=True, metavar="MẪU", help="tên mẫu giấy")
    press.add_argument("--out", required=True, type=Path, metavar="THƯ-MỤC", help="nơi ghi từng tệp PDF")
    press.add_argument("--english", action="store_true", help="thêm dòng tiếng Anh dưới tiêu đề")
    press.add_argument("--combined", type=Path, metavar="TỆP", help="ghi thêm một tệp PDF cho nhà in")
    press.add_argument("--crop-marks", action="store_true", help="tệp cho nhà in có tràn lề và dấu xén")
    press.add_argument("--zip", type=Path, metavar="TỆP", help="ghi thêm một tệp ZIP chứa mọi giấy")
    press.add_argument(
        "--sign", metavar="KEY.p12", help="ký số từng giấy: tệp PKCS#12, hoặc pkcs11:token=…;object=…?module-path=…"
    )
    press.add_argument("--sign-pass-file", type=Path, metavar="TỆP", help="tệp chứa mật khẩu của khoá, hoặc mã PIN")
    press.add_argument("--timestamp", default="", metavar="URL", help="dịch vụ cấp dấu thời gian (RFC 3161)")
    return parser


def _list_designs() -> int:
    for name in design_names():
        print(f"{name:<12}{load_design(name).label}")
    return 0


def _press(options: argparse.Namespace) -> int:
    compiled = compile_design(load_design(options.design, options.english))
    press = Press(compiled, _signer(options))
    total = check_lines(options.contents, press)
    _write_all(options, press)
    if compiled.compiled_states:
        compiled.save()
    drawn = press.counts["drawn"]
    note = f" (vẽ riêng {drawn} lượt do có chữ hiếm)" if drawn else ""
    print(f"Đã in {total} giấy chứng nhận vào {options.out}{note}")
    return 0


def _write_all(options: argparse.Namespace, press: Press) -> None:
    folder: Path = options.out
    folder.mkdir(parents=True, exist_ok=True)
    press.write_files(read_contents(options.contents), folder)
    if options.combined:
        with options.combined.open("wb") as file:
            press.write_combined(read_contents(options.contents), file, options.crop_marks)
    if options.zip:
        with options.zip.open("wb") as file:
            press.write_zip(read_contents(options.contents), file)


def check_lines(path: Path, press: Press) -> int:
    """Check every line of a file of contents; return how many there are.

    Raises:
        BadContents: with every bad line, numbered as in the file.
        ContentError: the file has no content at all.
    """
    problems: list[tuple[int, CertificateError]] = []
    places: list[int] = []

    def good_contents() -> Iterator[CertificateContent]:
        for number, line in _lines(path):
            try:
                content = CertificateContent.from_json(line)
            except ContentError as error:
                problems.append((number, error))
            else:
                places.append(number)
                yield content

    found = press.check(good_contents())
    problems.extend((places[place - 1], error) for place, error in found)
    if problems:
        raise BadContents(sorted(problems, key=lambda problem: problem[0]))
    if not places:
        raise ContentError("CONTENTS.jsonl", "tệp không có dòng nào")
    return len(places)


def read_contents(path: Path) -> Iterator[CertificateContent]:
    """Yield the contents of a file that `check_lines` has found good."""
    for _, line in _lines(path):
        yield CertificateContent.from_json(line)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (number from 1, line), blank lines left out; bytes that are no UTF-8 become marks."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line


def _signer(options: argparse.Namespace) -> Signer | None:
    if options.sign is None:
        return None
    from certificates.signing import Signer

    password = ""
    if options.sign_pass_file is not None:
        password = options.sign_pass_file.read_text(encoding="utf-8").rstrip("\r\n")
    return Signer.open(options.sign, password, options.timestamp)
