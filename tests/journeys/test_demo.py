"""The demo as a person gets it: real figures, whole chains, a result that anybody can recompute."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = str(Path(sys.executable).parent / "tieubieu")
pytestmark = [pytest.mark.serial, pytest.mark.timeout(900)]


class Installation:
    """A demo installation in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "TIEUBIEU_MODE": "demo",
            "TIEUBIEU_INSTANCE": str(folder),
            "TIEUBIEU_QUEUE_URL": "memory://",
        }

    def run(self, *arguments: str, status: int = 0) -> str:
        done = subprocess.run(
            [PROGRAM, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == status, done.stderr[-2000:]
        return done.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    installation = Installation(tmp_path_factory.mktemp("demo"))
    installation.run("setup")
    return installation


def rounds(demo: Installation) -> dict[str, dict[str, object]]:
    return {row["code"]: row for row in json.loads(demo.run("rounds", "list", "--json"))}


def test_the_records_of_the_demo_are_sound(demo: Installation) -> None:
    assert demo.run("check", "invariants").endswith("no answer: the records are sound\n")


def test_the_national_round_of_2021_has_its_real_figures(demo: Installation) -> None:
    row = rounds(demo)["QG-2021"]
    sheets = row.pop("sheets_signed")
    assert row == {
        "code": "QG-2021",
        "level": "nation",
        "year": 2021,
        "phase": "published",
        "entries": 310,
        "localities": 58,
        "groups": {"TCMN": 52, "CB": 194, "CK": 33, "KHAC": 31},
        "recognised": 200,
        "certificates": 200,
    }
    assert sheets == 930


def test_each_role_finds_a_round_that_waits_for_it(demo: Installation) -> None:
    phases = {code: row["phase"] for code, row in rounds(demo).items()}
    assert phases == {
        "QG-2021": "published",
        "KV-B-2020": "published",
        "T-68-2026": "judging",
        "T-56-2026": "deliberation",
        "T-24-2026": "registration",
        "T-04-2026": "judging",
        "X-07282-2026": "checking",
    }


def test_a_round_of_two_stages_and_a_round_of_a_commune_are_small_and_at_work(demo: Installation) -> None:
    found = rounds(demo)
    shown = {
        code: {key: found[code][key] for key in ("level", "entries", "groups", "sheets_signed")}
        for code in ("T-04-2026", "X-07282-2026")
    }
    assert shown == {
        "T-04-2026": {"level": "province", "entries": 6, "groups": {"TCMN": 4, "CB": 2}, "sheets_signed": 27},
        "X-07282-2026": {"level": "commune", "entries": 4, "groups": {"TCMN": 2, "CB": 2}, "sheets_signed": 0},
    }


def test_nothing_was_done_in_the_future_and_the_open_round_is_open_today(demo: Installation) -> None:
    """On whatever day the demo is set up."""
    today = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    with closing(sqlite3.connect(demo.folder / "tieubieu.db")) as database:
        deeds = database.execute("SELECT count(*), sum(at > ?) FROM audit_event", [today]).fetchone()
        window = database.execute(
            "SELECT opens_at < ?, closes_at > ? FROM round_phase JOIN round ON round.id = round_id"
            " WHERE code = 'T-24-2026' AND round_phase.phase = 'registration'",
            [today, today],
        ).fetchall()
    assert (deeds[0] > 1000, deeds[1], window) == (True, 0, [(1, 1)])


def test_every_chain_holds(demo: Installation) -> None:
    demo.run("audit", "verify")
    demo.run("sheets", "verify", "QG-2021")
    demo.run("results", "verify", "QG-2021")


def test_the_national_result_is_recomputed_with_nothing_but_python(demo: Installation, tmp_path: Path) -> None:
    bundle = tmp_path / "result.json"
    demo.run("results", "export", "QG-2021", "--output", str(bundle))
    command = [sys.executable, "-E", "-S", "-s", "-m", "scoring", "verify", str(bundle)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    bundle.write_bytes(bundle.read_bytes().replace(b'"counted":3', b'"counted":4', 1))
    forged = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert forged.returncode == 1


def test_building_the_demo_again_adds_nothing(demo: Installation) -> None:
    before = rounds(demo)
    demo.run("demo")
    assert rounds(demo) == before


def test_production_refuses_the_demo_in_one_sentence(demo: Installation) -> None:
    demo.environment |= {
        "TIEUBIEU_MODE": "production",
        "TIEUBIEU_SECRET_KEY": secrets.token_urlsafe(48),
        "TIEUBIEU_PASSWORD_SALT": secrets.token_urlsafe(48),
        "TIEUBIEU_BASE_URL": "https://tieubieu.example",
        "TIEUBIEU_TRUSTED_HOSTS": "tieubieu.example",
    }
    demo.run("demo", status=1)
