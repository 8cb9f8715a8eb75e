"""A published round whose entries carry real photos and stories, beside things that must not leak."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image
from sqlalchemy.orm import Session

from app.domain.policies import SYSTEM
from app.domain.vocabulary import EntryState, FileKind, Phase
from app.infra.toolbox import toolbox
from app.models.dossier import DossierPhoto
from app.models.entry import Entry
from app.queries import registration as reads
from app.services import files, snapshots
from tests.app import make
from tests.app.services.certified import published
from tests.app.services.world import World
from uploads.intake import receive
from uploads.policy import PHOTO

STORY = "Nghề gốm của làng đã bốn đời. Gọi 0912 345 678, thư cosomau@example.vn, mã số thuế 0100109106."


@dataclass
class Shown:
    """The published world, its three recognised entries, and what stays inside."""

    world: World
    entries: list[Entry]
    not_recognised: Entry
    hidden: list[Entry]


@lru_cache
def _picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1400, 1050), colour).save(out, "PNG")
    return out.getvalue()


def add_photo(session: Session, entry: Entry, colour: str) -> str:
    """A photo of one colour, first in the entry's living dossier; its digest."""
    received = receive(io.BytesIO(_picture(colour)), f"{colour}.png", PHOTO, toolbox().storage)
    row = files.keep(session, received, kind=FileKind.PHOTO, now=make.NOW)
    session.add(DossierPhoto(dossier_id=entry.dossier_id, sha256=row.sha256, position=-1, caption="", added_at=make.NOW))
    session.flush()
    return row.sha256


def shown(session: Session) -> Shown:
    """Three products published; one not recognised, one draft, one refused, and a round not yet published."""
    world = published(session)
    for entry, colour in zip(world.entries[:3], ("teal", "olive", "navy"), strict=True):
        add_photo(session, entry, colour)
        row = reads.entry(session, entry.id)
        assert row is not None
        row.dossier.answers = {"story": STORY, "revenue": {"2025": 5}, "remarks": "Chỉ nói với giám khảo"}
        session.flush()
        snapshots.take(session, SYSTEM, entry=row, now=make.NOW)
    facility = world.facilities[0]
    hidden = [
        make.entry(session, world.round, facility, name="Bản nháp kín", state=EntryState.DRAFT),
        make.entry(session, world.round, facility, name="Hồ sơ bị loại kín", state=EntryState.REFUSED),
        make.entry(session, make.round_(session, phase=Phase.JUDGING), facility, name="Đang chấm kín"),
    ]
    session.flush()
    return Shown(world, world.entries[:3], world.entries[3], hidden)
