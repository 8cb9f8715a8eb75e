"""LibreOffice opens every DOCX and prints the same words. One run for all files: it is slow to start."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.certificates.paperwork.rendered import docx, flat, word_text
from tests.certificates.paperwork.samples import CONTENTS

pytestmark = [
    pytest.mark.serial,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each DOCX printed by LibreOffice as PDF."""
    folder = tmp_path_factory.mktemp("soffice")
    for name in CONTENTS:
        (folder / f"{name}.docx").write_bytes(docx(name))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    files = [str(folder / f"{name}.docx") for name in CONTENTS]
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    return folder


@pytest.mark.parametrize("name", list(CONTENTS))
def test_libreoffice_prints_all_words_of_the_file(printed: Path, name: str) -> None:
    said = "".join(flat((printed / f"{name}.pdf").read_bytes()).split())
    missing = [word for word in word_text(docx(name)).split() if word not in said]
    assert missing == []
