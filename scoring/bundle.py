"""The recomputable proof of a result: round, result, exclusions, and the SHA-256 of round and result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from scoring.canonical import canonical_json, sha256_of
from scoring.checking import REPEATED_KEYS
from scoring.errors import BundleError, NumberNotCanonical, Problem, RoundError, problem
from scoring.panel import exclusions
from scoring.result import Result, compute
from scoring.round import Round

BUNDLE_SCHEMA = "tieubieu-bundle/1"
BUNDLE_SCHEMA_2 = "tieubieu-bundle/2"
"""A bundle whose round was judged in two stages."""
_KEYS = ("exclusions", "result", "result_sha256", "round", "round_sha256", "schema")


def bundle(round_: Round) -> dict[str, Any]:
    """The bundle of a round (``tieubieu-bundle/1``, with two stages ``/2``), ready for ``canonical_json``."""
    result = compute(round_)
    document = result.to_dict()
    return {"schema": _schema(round_), "round": round_.to_dict(), "round_sha256": result.round_sha256,
            "result": document, "result_sha256": sha256_of(document),
            "exclusions": [item.to_dict() for item in exclusions(round_)]}


def write_bundle(round_: Round, canonical_round: bytes) -> Iterator[bytes]:
    """The canonical bytes of ``bundle(round_)`` in pieces, around the round's own bytes: those exist only once."""
    digest = hashlib.sha256(canonical_round).hexdigest()
    result = canonical_json(compute(round_, digest).to_dict())
    left_out = canonical_json([item.to_dict() for item in exclusions(round_)])
    yield from (b'{"exclusions":', left_out, b',"result":', result)
    yield f',"result_sha256":"{hashlib.sha256(result).hexdigest()}","round":'.encode()
    yield canonical_round
    yield f',"round_sha256":"{digest}","schema":"{_schema(round_)}"}}'.encode()


def read_json(data: bytes) -> Any:
    """The parsed document; keys that an object had twice are left under ``REPEATED_KEYS`` for the check to name.

    Raises:
        RoundError: not UTF-8, or not JSON.
    """
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise RoundError((problem("", "not_utf8"),)) from error
    except (ValueError, RecursionError) as error:
        raise RoundError((problem("", "not_json", reason=error),)) from error


def verify_bundle(document: Any) -> Result:
    """The recomputed result of a bundle that holds: digests, result and exclusions are all as recomputed.

    A bundle of another version of the software holds when this version computes the same figures.

    Raises:
        BundleError: with every reason; the problems of its round are placed under ``round.``.
    """
    problems = _shape_problems(document)
    if problems:
        raise BundleError(tuple(problems))
    try:
        round_ = Round.from_dict(document["round"])
        digest, result_digest = sha256_of(document["round"]), sha256_of(document["result"])
    except RoundError as error:
        raise BundleError(tuple(Problem(f"round.{item.path}", item.code, item.values)
                                for item in error.problems)) from error
    except (NumberNotCanonical, UnicodeEncodeError) as error:
        raise BundleError((problem("result", "not_canonical"),)) from error
    if document["schema"] != _schema(round_):
        problems.append(problem("schema", "wrong_schema", expected=_schema(round_)))
    if document["round_sha256"] != digest:
        problems.append(problem("round_sha256", "round_digest_differs"))
    if document["result_sha256"] != result_digest:
        problems.append(problem("result_sha256", "result_digest_differs"))
    recomputed = compute(round_, digest)
    problems.extend(_differences(document["result"], recomputed.to_dict()))
    if document["exclusions"] != [item.to_dict() for item in exclusions(round_)]:
        problems.append(problem("exclusions", "exclusions_differ"))
    if problems:
        raise BundleError(tuple(problems))
    return recomputed


def verify_bytes(data: bytes) -> Result:
    """As ``verify_bundle``, for the file itself: every byte must be the canonical one.

    Raises:
        BundleError: with every reason.
    """
    try:
        document = read_json(data)
    except RoundError as error:
        raise BundleError(error.problems) from error
    result = verify_bundle(document)
    if canonical_json(document) != data:
        raise BundleError((problem("", "not_canonical"),))
    return result


def _schema(round_: Round) -> str:
    return BUNDLE_SCHEMA if round_.rules.stages is None else BUNDLE_SCHEMA_2


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        found[REPEATED_KEYS] = sorted({key for key in keys if keys.count(key) > 1})
    return found


def _shape_problems(document: Any) -> list[Problem]:
    if not isinstance(document, dict):
        return [problem("", "not_object")]
    problems = [problem(key, "unknown_key") for key in document if key not in _KEYS]
    problems += [problem(key, "missing_key") for key in _KEYS if key not in document]
    if "schema" in document and document["schema"] not in (BUNDLE_SCHEMA, BUNDLE_SCHEMA_2):
        problems.append(problem("schema", "wrong_schema", expected=BUNDLE_SCHEMA))
    if not isinstance(document.get("result"), dict):
        problems.append(problem("result", "not_object"))
    return problems


def _differences(told: dict[str, Any], recomputed: dict[str, Any]) -> list[Problem]:
    """Where a told result departs from the recomputed one; the version of the software may differ."""
    problems = [problem(f"result.{key}", "result_differs")
                for key in sorted(told.keys() | recomputed.keys())
                if key not in ("software", "entries") and not _same(told.get(key), recomputed.get(key))]
    if not isinstance(told.get("software"), str):
        problems.append(problem("result.software", "not_text"))
    return problems + _entry_differences(told.get("entries"), recomputed["entries"])


def _entry_differences(told: Any, recomputed: list[dict[str, Any]]) -> list[Problem]:
    if not isinstance(told, list) or len(told) != len(recomputed):
        return [problem("result.entries", "result_differs")]
    return [problem(f"result.entries[{index}]", "result_differs")
            for index, (line, right) in enumerate(zip(told, recomputed, strict=True)) if not _same(line, right)]


def _same(told: Any, recomputed: Any) -> bool:
    """Equal and of the same JSON type: true is not 1."""
    if told != recomputed:
        return False
    try:
        return canonical_json(told) == canonical_json(recomputed)
    except (NumberNotCanonical, UnicodeEncodeError):
        return False
