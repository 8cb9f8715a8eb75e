"""Who may import what: the libraries that read hostile files are held in few hands."""

import ast
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "uploads"


def importers(library: str) -> set[str]:
    found = set()
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == library for name in names):
                found.add(path.stem)
    return found


def test_pictures_are_opened_in_one_place():
    assert (importers("PIL"), importers("pillow_heif")) == ({"images"}, {"images"})


def test_documents_are_opened_in_few_places():
    assert (importers("pikepdf"), importers("pypdfium2")) == ({"documents", "scans"}, {"documents", "sheets"})


def test_the_server_s_side_never_loads_a_decoder():
    program = (
        "import sys; import uploads.intake, uploads.partial, uploads.object_store, uploads.upkeep, uploads.workbooks;"
        "print(sorted({'PIL', 'pillow_heif', 'pikepdf', 'pypdfium2', 'python_calamine', 'boto3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_package_knows_neither_flask_nor_sql():
    assert importers("flask") | importers("sqlalchemy") | importers("app") == set()
