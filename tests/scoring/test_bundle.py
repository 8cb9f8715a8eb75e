"""The bundle, the two commands, and what they do without any installed package."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scoring
from scoring.bundle import bundle, verify_bundle, verify_bytes, write_bundle
from scoring.canonical import canonical_json, sha256_of
from scoring.errors import BundleError, NumberNotCanonical
from scoring.result import compute
from scoring.round import Round
from tests.scoring.builders import changed, round_file, rounds, sheet

ROOT = Path(__file__).parents[2]


def panel_round() -> dict[str, Any]:
    raw = round_file({(f"E{entry}", f"J{judge}"): ("35.5", str(30 - entry), "8.25", str(judge))
                      for entry in range(1, 4) for judge in range(1, 5)}, quota={"total": 2})
    raw["recusals"] = [{"entry": "E1", "judge": "J2", "reason": "Người nhà của chủ cơ sở"}]
    raw["sheets"][5] = sheet("E2", "J2", ("35",), "draft")
    return raw


def run(*arguments: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-E", "-S", "-s", "-m", "scoring", *arguments], cwd=cwd, env=env or {},
                          capture_output=True, check=False)


def reasons(document: Any) -> list[tuple[str, str]]:
    with pytest.raises(BundleError) as caught:
        verify_bundle(document)
    return [(item.path, item.code) for item in caught.value.problems]


def test_a_bundle_holds_round_result_exclusions_and_both_digests() -> None:
    raw = panel_round()
    document = bundle(Round.from_dict(raw))
    result = compute(Round.from_dict(raw)).to_dict()
    assert document == {
        "schema": "tieubieu-bundle/1", "round": raw, "result": result,
        "round_sha256": hashlib.sha256(canonical_json(raw)).hexdigest(),
        "result_sha256": hashlib.sha256(canonical_json(result)).hexdigest(),
        "exclusions": [{"entry": "E1", "judge": "J2", "reason": "recused", "note": "Người nhà của chủ cơ sở"},
                       {"entry": "E2", "judge": "J2", "reason": "draft", "note": ""}]}


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_what_is_written_is_the_canonical_bundle_and_verifies(raw: dict[str, Any]) -> None:
    round_ = Round.from_dict(raw)
    written = b"".join(write_bundle(round_, canonical_json(raw)))
    assert written == canonical_json(bundle(round_))
    assert verify_bytes(written) == compute(round_)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_bundle_with_one_byte_changed_is_refused(data: st.DataObject) -> None:
    whole = bytearray(canonical_json(bundle(Round.from_dict(panel_round()))))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    with pytest.raises(BundleError):
        verify_bytes(bytes(whole))


@pytest.mark.parametrize("extra", [b"\n", b" "])
def test_a_byte_added_at_the_end_is_refused(extra: bytes) -> None:
    with pytest.raises(BundleError) as caught:
        verify_bytes(canonical_json(bundle(Round.from_dict(panel_round()))) + extra)
    assert [item.code for item in caught.value.problems] == ["not_canonical"]


def test_a_forged_figure_is_found_even_when_the_digests_were_made_anew() -> None:
    document = changed(bundle(Round.from_dict(panel_round())), "result", "entries", 1, "published", to="99.00")
    document["result_sha256"] = sha256_of(document["result"])
    assert reasons(document) == [("result.entries[1]", "result_differs")]


def test_a_forged_order_and_a_forged_exclusion_are_both_named() -> None:
    document = bundle(Round.from_dict(panel_round()))
    document["result"]["order"].reverse()
    document["exclusions"] = []
    assert reasons(document) == [("result_sha256", "result_digest_differs"), ("result.order", "result_differs"),
                                 ("exclusions", "exclusions_differ")]


def test_a_number_of_the_wrong_json_type_is_a_difference() -> None:
    document = changed(bundle(Round.from_dict(panel_round())), "result", "entries", 1, "place", to=True)
    document["result_sha256"] = sha256_of(document["result"])
    assert ("result.entries[1]", "result_differs") in reasons(document)


def test_a_bundle_of_another_version_holds_when_the_figures_are_the_same() -> None:
    document = changed(bundle(Round.from_dict(panel_round())), "result", "software", to="9.9.9")
    document["result_sha256"] = sha256_of(document["result"])
    assert verify_bundle(document).software == scoring.__version__


def test_faults_of_the_round_inside_are_placed_under_it() -> None:
    document = changed(bundle(Round.from_dict(panel_round())), "round", "sheets", 3, "points", "1", to="35.3")
    assert reasons(document) == [("round.sheets[3].points.1", "points_off_step")]


@pytest.mark.parametrize("document", [None, [], {}, {"schema": "tieubieu-bundle/1"}, round_file()])
def test_a_document_that_is_no_bundle_is_refused(document: Any) -> None:
    assert reasons(document) != []


def test_canonical_json_sorts_by_utf16_and_escapes_only_what_it_must() -> None:
    document = {"\ue000": 1, "\U0001f600": 2, "b": "đ\n\x1f\"\\/", "a": [True, None, -5]}
    assert canonical_json(document).decode() == '{"a":[true,null,-5],"b":"đ\\n\\u001f\\"\\\\/","\U0001f600":2,"\ue000":1}'


@pytest.mark.parametrize("number", [1.0, float("nan"), 2**53, -(2**53)])
def test_canonical_json_takes_no_float_and_no_integer_that_others_would_lose(number: float) -> None:
    with pytest.raises(NumberNotCanonical):
        canonical_json({"a": [number]})


def test_both_commands_run_without_installed_packages_in_any_locale_byte_for_byte_the_same(tmp_path: Path) -> None:
    source, target = tmp_path / "đợt.json", tmp_path / "result.json"
    source.write_text(json.dumps(panel_round(), indent=2))
    first = run("compute", str(source))
    again = run("compute", str(source), env={"LC_ALL": "POSIX", "PYTHONHASHSEED": "7", "TZ": "Asia/Ho_Chi_Minh"})
    assert (first.returncode, again.stdout, first.stderr) == (0, first.stdout, b"")
    assert first.stdout == canonical_json(bundle(Round.from_dict(panel_round())))
    target.write_bytes(first.stdout)
    verified = run("verify", str(target))
    digest = Round.from_dict(panel_round()).digest()
    assert (verified.returncode, verified.stdout.decode()) == (
        0, "KHỚP: kết quả tính lại giống hệt kết quả trong tệp (3 sản phẩm, 3 được xếp hạng; "
           f"SHA-256 của đợt {digest}).\n")


def test_verify_answers_a_changed_file_with_status_1_and_the_reasons(tmp_path: Path) -> None:
    target = tmp_path / "result.json"
    target.write_bytes(canonical_json(bundle(Round.from_dict(panel_round()))).replace(b'"35.5"', b'"35.0"', 1))
    told = run("verify", str(target))
    assert (told.returncode, told.stdout) == (1, b"")
    assert told.stderr.decode().splitlines()[:2] == [
        "KHÔNG KHỚP: hồ sơ kết quả bị từ chối.",
        "- round_sha256: Mã SHA-256 của đợt không khớp với nội dung đợt. [round_digest_differs]"]


def test_compute_answers_a_bad_round_with_status_2_and_every_fault(tmp_path: Path) -> None:
    source = tmp_path / "round.json"
    source.write_text(json.dumps(changed(changed(panel_round(), "sheets", 0, "points", "1", to="99"), "extra", to=1)))
    told = run("compute", str(source), env={"LC_ALL": "C"})
    assert (told.returncode, told.stdout) == (2, b"")
    assert told.stderr.decode() == (
        "Không tính được kết quả.\n"
        "- extra: Khóa này không có trong định dạng. [unknown_key]\n"
        "- sheets[0].points.1: Điểm 99 vượt điểm tối đa 40. [points_above_maximum]\n")


@pytest.mark.parametrize("arguments", [(), ("compute",), ("compute", "no-such-file"), ("explain", "x"), ("verify", "\0")])
def test_wrong_usage_and_unreadable_files_are_status_2_with_a_sentence(arguments: tuple[str, ...]) -> None:
    from scoring.__main__ import main

    assert main(list(arguments)) == 2


def test_the_result_path_imports_nothing_but_the_standard_library_and_itself() -> None:
    code = ("import sys, scoring.__main__\n"
            "names = {name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)\n"
            "print(sorted(names - {'__main__'}), 'scoring.assignment' in sys.modules, 'scoring.reliability' in sys.modules)")
    told = subprocess.run([sys.executable, "-E", "-S", "-s", "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert told.stdout.decode() == "['scoring'] False False\n"


def test_the_version_in_a_result_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert scoring.__version__ == project["version"]
