"""A season as files that open without the software: pages, certificates, JSON, digests of all of them.

Only what is public already goes in: published rounds, recognised products with what is told of them,
certificates with their standing. Scores, people and papers of dossiers stay out.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.deadlines import local_date
from app.domain.vocabulary import Phase
from app.models.certificate import Certificate
from app.models.council import LegalDocument
from app.queries import public, public_rounds
from app.queries.certificates import verdict_of
from app.services.certificate_files import file_of
from app.services.designs import PressRoom
from app.web.shared.assets import fonts_dir, stylesheet_text
from app.web.shared.certificate_words import badge_of_verdict
from app.web.shared.fonts import build_fonts
from app.web.shared.stylesheet import NAME as STYLESHEET
from app.web.shared.words import label
from certificates.content import CertificateContent
from certificates.press import file_name

SUMS = "SHA256SUMS"
ROUND_FIELDS = ("code", "name", "territory", "host", "opens_at", "closes_at", "published_at")
MAXIMUM_ROUNDS = 10_000


def archive(session: Session, room: PressRoom, year: int, folder: Path, *, now: datetime) -> dict[str, int]:
    """Write the season of ``year`` into the empty ``folder``; returns how many rounds, products and certificates.

    Raises:
        FileExistsError: the folder is not empty.
        LookupError: nothing of this year is published.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    cards, _ = public_rounds.rounds(session, public.PUBLIC, size=MAXIMUM_ROUNDS, year=year)
    if not cards:
        raise LookupError(f"no round of {year} is published")
    _assets(folder)
    with force_locale("vi"):
        rounds = [_round(card) for card in cards]
        products = [_write_round(session, room, folder, item, card, now) for item, card in zip(rounds, cards, strict=True)]
        _page(folder / "index.html", "season.html", up="", year=year, rounds=rounds, made_at=now)
    _json(folder / "data" / "season.json", {"year": year, "made_at": now, "rounds": rounds})
    (folder / SUMS).write_text("".join(f"{digest}  {name}\n" for name, digest in _digests(folder)))
    certificates = sum(len(item["certificates"]) for found in products for item in found)
    return {"rounds": len(rounds), "products": sum(map(len, products)), "certificates": certificates}


def _round(card: public_rounds.RoundCard) -> dict[str, Any]:
    return {
        **{key: getattr(card, key) for key in ROUND_FIELDS},
        "file": _safe(card.code),
        "level": card.level.value,
        "level_name": label(card.level),
        "year": card.year,
        "is_archived": card.phase is Phase.ARCHIVED,
        "recognised": card.recognised or 0,
    }


def _write_round(
    session: Session, room: PressRoom, folder: Path, item: Mapping[str, Any], card: public_rounds.RoundCard, now: datetime
) -> list[dict[str, Any]]:
    """The round's page, its JSON and the files of its certificates; returns its products."""
    found = public_rounds.round_page(session, card.code)
    orders = [_order(order) for order in found.orders] if found else []
    papers = _certificates(session, room, folder, card, local_date(now))
    rows = public.everything(session, public.Wanted(round_id=card.id))
    products = [_product(session, row, papers[row.recognition_id], now) for row in rows]
    values = {"year": card.year, "round": item, "orders": orders, "products": products, "made_at": now}
    _page(folder / "rounds" / f"{item['file']}.html", "round.html", up="../", **values)
    _json(folder / "data" / "rounds" / f"{item['file']}.json", values)
    return products


def _order(order: LegalDocument) -> dict[str, Any]:
    return {"number": order.number, "decided_on": order.decided_on, "authority": order.authority}


def _product(session: Session, card: public.Card, papers: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, Any]:
    story = public.story(session, card.entry_id, on=local_date(now))
    hidden = ("entry_id", "recognition_id", "round_id", "photo")
    told = {key: value for key, value in asdict(card).items() if key not in hidden}
    return {**told, "told": dict(story.told) if story else {}, "certificates": list(papers)}


def _certificates(
    session: Session, room: PressRoom, folder: Path, card: public_rounds.RoundCard, on: date
) -> Mapping[int, list[dict[str, Any]]]:
    """The files of a round's certificates, by recognition; those that were replaced or revoked say so."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    target = folder / "certificates" / _safe(card.code)
    target.mkdir(parents=True)
    ids = list(session.scalars(select(Certificate.id).where(Certificate.round_id == card.id).order_by(Certificate.id)))
    for certificate_id in ids:
        row = session.scalars(
            select(Certificate).where(Certificate.id == certificate_id).options(joinedload(Certificate.revocation))
        ).one()
        path = target / file_name(CertificateContent.from_dict(row.content))
        with path.open("xb") as file:
            file.write(file_of(session, room, row))
        found[row.recognition_id].append(_certificate(row, path.relative_to(folder), on))
    return found


def _certificate(row: Certificate, path: Path, on: date) -> dict[str, Any]:
    standing = verdict_of(row, on)
    return {
        "serial": row.serial,
        "code": row.code,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
        "state": standing.value,
        "state_name": badge_of_verdict(standing)["word"],
        "file": path.as_posix(),
    }


def _page(path: Path, template: str, **values: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    is_demo = current_app.config["TIEUBIEU_MODE"] == "demo"
    text = current_app.jinja_env.get_template(f"archive/{template}").render(demo_data=is_demo, **values)
    path.write_text(text, encoding="utf-8")


def _json(path: Path, values: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(values, ensure_ascii=False, indent=2, default=_plain)
    path.write_text(text + "\n", encoding="utf-8")


def _plain(value: date) -> str:
    return value.isoformat()


def _assets(folder: Path) -> None:
    """The style sheet, and beside it the fonts and pictures that it names."""
    source, target = Path(current_app.static_folder or ""), folder / "assets"
    fonts = {font.name: font for font in build_fonts(fonts_dir())}
    styles = stylesheet_text()
    (target / STYLESHEET).parent.mkdir(parents=True, exist_ok=True)
    (target / STYLESHEET).write_text(styles, encoding="utf-8")
    for name in set(re.findall(r'url\("\.\./([^"]+)"\)', styles)):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(fonts.get(Path(name).name, source / name), target / name)


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and SHA-256 of every file, as `sha256sum --check` reads them."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()


def _safe(code: str) -> str:
    return re.sub(r"[^0-9A-Za-zĐđ_-]+", "-", code)
