"""The content of the ceremony's papers, from its halls and turns, with readings, seats and photos."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.deadlines import format_datetime_vi
from app.domain.spoken import read_aloud
from app.models.ceremony import CeremonyHall
from app.models.round import Round
from app.queries import ceremonies
from app.queries.ceremonies import Pack, Turn
from certificates.paperwork.ceremony import (
    CalledUp,
    CeremonyContent,
    Guest,
    HallProgramme,
    cards_pdf,
    paper_file,
    script,
    seat_names,
    seats,
    slides_pdf,
)
from uploads.storage import Storage


@dataclass(frozen=True, slots=True)
class CeremonyPaper:
    """A paper of the ceremony: its title, how it is written, and whether it shows photos."""

    title: str
    write: Callable[[CeremonyContent], bytes]
    shows_photos: bool = False


FILES: Mapping[str, CeremonyPaper] = {
    "kich-ban.pdf": CeremonyPaper("Kịch bản đọc", lambda content: paper_file(script(content), "pdf")),
    "kich-ban.docx": CeremonyPaper("Kịch bản đọc", lambda content: paper_file(script(content), "docx")),
    "cho-ngoi.pdf": CeremonyPaper("Chỗ ngồi", lambda content: paper_file(seats(content), "pdf")),
    "cho-ngoi.docx": CeremonyPaper("Chỗ ngồi", lambda content: paper_file(seats(content), "docx")),
    "trinh-chieu.pdf": CeremonyPaper("Trình chiếu", slides_pdf, shows_photos=True),
    "the-ten.pdf": CeremonyPaper("Thẻ tên", cards_pdf),
}
TITLE = "Lễ trao giấy chứng nhận sản phẩm công nghiệp nông thôn tiêu biểu"


def content_of(
    session: Session, pack: Pack, *, hall_id: int | None = None, storage: Storage | None = None
) -> CeremonyContent:
    """What the papers print of all halls, or of one; photos only where ``storage`` is given.

    Turns of certificates that are no longer in force are left out.
    """
    halls = [hall for hall in pack.row.halls if hall_id in (None, hall.id)]
    kept = [turn.dossier_id for hall in halls for turn in pack.in_hall(hall.id)]
    names = ceremonies.first_photos(session, kept) if storage is not None and kept else {}
    photos = {key: _bytes(storage, sha256) for key, sha256 in names.items()} if storage is not None else {}
    return CeremonyContent(
        title=TITLE,
        round=session.get_one(Round, pack.row.round_id).name,
        when=format_datetime_vi(pack.row.starts_at),
        place=pack.row.place,
        halls=tuple(_hall(hall, pack, photos) for hall in halls),
    )


def _hall(hall: CeremonyHall, pack: Pack, photos: Mapping[int, bytes]) -> HallProgramme:
    guests = [_guest(line) for line in hall.guests.splitlines() if line.strip()]
    turns = [turn for turn in pack.in_hall(hall.id) if turn.in_force]
    # Recipients begin in a row of their own behind the guests.
    front = -(-len(guests) // hall.seats_per_row) * hall.seats_per_row
    seats = seat_names(front + len(turns), hall.seats_per_row)
    return HallProgramme(
        name=hall.name,
        guests=tuple(Guest(name, title, seat) for (name, title), seat in zip(guests, seats, strict=False)),
        turns=tuple(
            _called(turn, number, seat, pack.readings, photos.get(turn.dossier_id))
            for number, (turn, seat) in enumerate(zip(turns, seats[front:], strict=True), start=1)
        ),
    )


def _guest(line: str) -> tuple[str, str]:
    name, _bar, title = line.partition("|")
    return name.strip(), title.strip()


def _called(turn: Turn, number: int, seat: str, readings: Mapping[str, str], photo: bytes | None) -> CalledUp:
    return CalledUp(
        number=number,
        serial=turn.serial,
        product=turn.product,
        facility=turn.facility,
        representative=turn.representative,
        address=turn.address,
        group=turn.group,
        place=f"Xếp thứ {turn.place}" if turn.place else "",
        seat=seat,
        spoken_product=read_aloud(turn.product, readings),
        spoken_facility=read_aloud(turn.facility, readings),
        spoken_address=read_aloud(turn.address, readings),
        photo=photo,
    )


def _bytes(storage: Storage, sha256: str) -> bytes:
    with storage.open(sha256) as stream:
        return stream.read()
