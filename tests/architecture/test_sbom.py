"""./run sbom tells what runs: every locked library with its version and its digests, and nothing else."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from tests.architecture.source import ROOT


def test_the_list_of_components_is_the_lock(tmp_path: Path) -> None:
    file = tmp_path / "sbom.json"
    subprocess.run([str(ROOT / "run"), "sbom", str(file)], cwd=ROOT, check=True, capture_output=True, timeout=120)
    told = json.loads(file.read_text(encoding="utf-8"))
    locked = dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.M))
    assert told["metadata"]["component"]["name"] == "tieubieu"
    assert {part["name"]: part["version"] for part in told["components"]} == locked
    without = [part["name"] for part in told["components"] if not part["externalReferences"][0]["hashes"]]
    assert without == []
