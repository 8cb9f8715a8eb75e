"""What pages read of a run's bundle: its order, rules and means, kept beside the proof, which is megabytes.

The outline of a run is written once from its bundle. A run of before there were outlines is read from the bundle.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from app.models.result import ResultRun
from scoring.points import round_half_up, write_published
from scoring.round import Round as RoundValue
from scoring.stages import combined_figures


@dataclass(frozen=True)
class Outline:
    """``order``: codes as they are ranked; ``means``: published criterion means over the counted sheets, by code.

    ``criteria`` are codes in the rubric's order, ``rules`` those of the round file; ``stages`` holds what each of two
    stages said of an entry, by code, and is empty in a round of one.
    """

    order: tuple[str, ...]
    criteria: tuple[str, ...]
    rules: Mapping[str, Any]
    means: Mapping[str, Sequence[str]]
    stages: Mapping[str, Sequence[Mapping[str, Any]]]

    def means_of(self, code: str) -> tuple[Decimal, ...]:
        """The means of an entry, nothing where no sheet of it counted."""
        return tuple(Decimal(mean) for mean in self.means.get(code, ()))


def outline_text(document: Mapping[str, Any]) -> str:
    """The outline of a bundle as it is stored: JSON of the fields of `Outline`."""
    round_, result = document["round"], document["result"]
    means = _combined_means(round_) if "stages" in round_["rules"] else _means(round_)
    found = {
        "order": result["order"],
        "criteria": [item["code"] for item in round_["rubric"]["criteria"]],
        "rules": round_["rules"],
        "means": means,
        "stages": {line["code"]: line["stages"] for line in result["entries"] if line.get("stages")},
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def outline(session: Session, run_id: int) -> Outline:
    """The outline of a run, in one statement.

    Raises:
        NoResultFound: there is no such run.
    """
    without = case((ResultRun.outline.is_(None), ResultRun.bundle))
    kept, bundle = session.execute(select(ResultRun.outline, without).where(ResultRun.id == run_id)).one()
    found = json.loads(kept or outline_text(json.loads(bundle)))
    return Outline(**{**found, "order": tuple(found["order"]), "criteria": tuple(found["criteria"])})


def _means(round_: Mapping[str, Any]) -> dict[str, list[str]]:
    """Source: the definition of counted sheets and of rounding in ``scoring``."""
    criteria = [item["code"] for item in round_["rubric"]["criteria"]]
    places = int(round_["rules"]["places"])
    return {
        entry: [_mean([points[code] for points in sheets], places) for code in criteria]
        for entry, sheets in _counted(round_).items()
    }


def _counted(round_: Mapping[str, Any]) -> dict[str, list[Mapping[str, str]]]:
    """The points of the sheets that count, by entry: signed, of the roster, and not of somebody who stepped back."""
    roster = set(round_["roster"])
    recused = {(item["entry"], item["judge"]) for item in round_["recusals"]}
    found: dict[str, list[Mapping[str, str]]] = {}
    for sheet in round_["sheets"]:
        who = (sheet["entry"], sheet["judge"])
        if sheet["status"] == "signed" and sheet["judge"] in roster and who not in recused:
            found.setdefault(sheet["entry"], []).append(sheet["points"])
    return found


def _combined_means(round_: Mapping[str, Any]) -> dict[str, list[str]]:
    """Where there are two stages, the means that break ties: combined as the figures are."""
    places = int(round_["rules"]["places"])
    return {
        code: [write_published(mean, places) for mean in figure.criterion_means]
        for code, figure in combined_figures(RoundValue.from_dict(round_)).items()
        if figure.is_sufficient
    }


def _mean(values: Collection[str], places: int) -> str:
    total = Fraction(sum(map(Decimal, values), Decimal(0)))  # points have few digits: their sum is exact
    exact = total / len(values)
    return write_published(round_half_up(exact.numerator, exact.denominator, places), places)
