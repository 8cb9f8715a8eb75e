"""A recognised product's own page, and its photos."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from app.domain.deadlines import local_date
from app.domain.errors import NotFound
from app.infra.clock import now
from app.infra.database import db
from app.queries import public
from app.web.public import bp
from app.web.public.pieces import VERDICTS, absolute, card_of, photo_url, recognised_word
from app.web.shared.files import send_stored
from app.web.shared.formats import vi_date
from app.web.shared.words import label

RENDITIONS = ("list", "list_webp", "page", "page_webp", "full")
HEADINGS = {
    "story": "Câu chuyện và bản sắc",
    "summary": "Sản phẩm",
    "use": "Dùng để làm gì",
    "materials": "Nguyên liệu",
    "set_items": "Bộ sản phẩm gồm",
    "design": "Kiểu dáng, màu sắc, bao bì",
}
SHORT = 200
ALIKE = 4


@bp.get("/san-pham/<int:entry_id>")
def product(entry_id: int) -> str:
    """Photos, story, facility, place as of then, and the state of the certificate."""
    session = db.session()
    found = public.story(session, entry_id, on=local_date(now()))
    if found is None:
        raise NotFound("product")
    card = found.card
    alike = public.everything(session, public.Wanted(group=card.group_code, round_id=card.round_id), limit=ALIKE + 1)
    return render_template(
        "public/product.html",
        found=found,
        card=card,
        recognised=recognised_word(card.level, card.year),
        photos=_photos(found),
        story=[{"title": _(HEADINGS[key]), "text": text} for key, text in found.told.items()],
        certificate=_certificate(found),
        facts=_facts(found),
        alike=[card_of(item) for item in alike if item.entry_id != entry_id][:ALIKE],
        description=_description(found),
        card_image=absolute(photo_url(card.photo, "page", entry_id)) if card.photo else None,
        address=absolute(url_for("public.product", entry_id=entry_id)),
    )


@bp.get("/san-pham/<round_code>/<code>")
def product_by_code(round_code: str, code: str) -> Answer:
    """The same page by the codes of round and entry."""
    entry_id = public.entry_by_codes(db.session(), round_code, code)
    if entry_id is None:
        raise NotFound("product")
    return redirect(url_for("public.product", entry_id=entry_id), 301)


@bp.get("/anh/<string(length=64):sha256>/<rendition>")
def photo(sha256: str, rendition: str) -> Response:
    """A photo of a published product; any other digest is not there."""
    if rendition not in RENDITIONS:
        raise NotFound("photo")
    found = public.photo(db.session(), sha256, rendition, request.args.get("sp", type=int))
    if found is None:
        raise NotFound("photo")
    made = found.renditions.get(rendition)
    media_type = made.media_type if made else "image/jpeg"
    name = f"{found.sha256[:12]}.{media_type.partition('/')[2]}"
    return send_stored(found.digest_of(rendition), media_type=media_type, filename=name, private=False)


def _photos(found: public.Story) -> list[dict[str, str]]:
    entry_id, name = found.card.entry_id, found.card.name
    return [
        {
            "full": photo_url(photo.sha256, "page_webp", entry_id),
            "thumb": photo_url(photo.sha256, "list_webp", entry_id),
            "alt": caption or _("%(product)s, ảnh %(number)s", product=name, number=number),
        }
        for number, (photo, caption) in enumerate(found.photos, start=1)
    ]


def _certificate(found: public.Story) -> dict[str, Any] | None:
    held = found.certificate
    if held is None:
        return None
    word, tone, icon = VERDICTS[held.verdict]
    return {
        "word": _(word),
        "tone": tone,
        "icon": icon,
        "serial": held.serial,
        "href": url_for("public.verify", code=held.code),
        "until": vi_date(held.valid_until) if held.valid_until else "",
    }


def _facts(found: public.Story) -> list[dict[str, str]]:
    card = found.card
    order = _("%(number)s ngày %(day)s", number=card.order_number, day=vi_date(card.decided_on))
    return [
        {"label": _("Cơ sở"), "value": card.facility},
        {"label": _("Địa phương"), "value": card.place, "hint": _("tên gọi vào ngày có quyết định")},
        {"label": _("Nhóm sản phẩm"), "value": _(card.group)},
        {"label": _("Hình thức"), "value": label(found.form)},
        {"label": _("Gồm"), "value": found.items},
        {"label": _("Hạng"), "value": card.tier or ""},
        {"label": _("Quyết định công nhận"), "value": order, "hint": found.authority},
    ]


def _description(found: public.Story) -> str:
    text = found.told.get("summary") or found.told.get("story") or ""
    if not text:
        return f"{found.card.name}, {found.card.facility}, {found.card.place}."
    return text if len(text) <= SHORT else text[: SHORT - 1].rsplit(" ", 1)[0] + "…"
