"""Signed certificates as five other readers see them; ``./run bench readers`` does the same with 500 of the demo."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from certificates.press import Press, design_names, file_name
from certificates.samples import sample_contents
from certificates.signing import Signer
from tests.bench.bench_press import contents
from tests.certificates.agreement import disagreements
from tests.certificates.keys import make_key


def test_five_readers_agree_on_every_design_short_long_and_longest(press_of: Callable[[str], Press], tmp_path: Path) -> None:
    signer = Signer.from_pkcs12(make_key().p12)
    found: list[str] = []
    for number, name in enumerate(design_names()):
        press = Press(press_of(name).compiled, signer)
        made = [*sample_contents().values(), *contents(1, "different", seed=20 + number)]
        press.write_files(made, tmp_path)
        found += [fault for content in made for fault in disagreements(tmp_path / file_name(content), content)]
    assert found == []


def test_each_reader_would_have_noticed(press_of: Callable[[str], Press], tmp_path: Path) -> None:
    usual = sample_contents()["usual"]
    press_of("commune").write_files([usual], tmp_path)
    other = dataclasses.replace(usual, recipient="Cơ sở khác", verify_url="https://kiemtra.example.vn/v/khac")
    assert disagreements(tmp_path / file_name(usual), other) == [
        f"{usual.serial}: pdfsig does not accept the signature",
        f"{usual.serial}: pdftotext does not find recipient, verify_address",
        f"{usual.serial}: zbarimg reads another address",
    ]
