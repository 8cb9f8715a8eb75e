"""What every template is given: filters, words, the navigation of the person who looks."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.domain.policies import Actor
from app.infra.toolbox import toolbox
from app.web.shared.actor import actor
from app.web.shared.formats import FILTERS
from app.web.shared.guards import is_administrator, is_council, is_judge, is_secretary
from app.web.shared.tours import tour_here
from app.web.shared.words import label, state_word

# Audience -> (who sees it, where it leads, its word). An item whose page is missing fails a test.
SECTIONS = (
    (lambda person: bool(person.facility_ids), "facility.home", "Hồ sơ của tôi", "facility"),
    (is_secretary, "secretariat.home", "Đợt bình chọn", "secretariat"),
    (is_judge, "judge.home", "Chấm điểm", "judge"),
    (is_council, "council.home", "Hội đồng", "council"),
    (is_administrator, "admin.home", "Quản trị", "admin"),
)
# Audience -> its page of the manual.
MANUAL = {
    "facility": "co-so",
    "secretariat": "to-giup-viec",
    "judge": "giam-khao",
    "council": "truong-ban",
    "admin": "quan-tri",
}


def init_templates(app: Flask) -> None:
    """Register filters, globals and the context of all templates."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.filters.update(label=label, state_word=state_word)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def shared() -> dict[str, Any]:
        person = actor()
        return {
            "actor": person,
            "nav_items": work_items(person) if not person.is_guest else public_items(),
            "user_name": person.name,
            "user_menu": user_menu(person),
            "sign_out_url": url_for("account.sign_out") if not person.is_guest else None,
            "home_url": url_for("account.desk") if not person.is_guest else url_for("public.home"),
            "tools": public_tools(person),
            "page_lang": str(get_locale() or "vi"),
            "search_url": url_for("account.search") if not person.is_guest else None,
            "palette_url": url_for("account.search_palette") if not person.is_guest else None,
            "footer_links": footer_links(),
            "tour": tour_here(),
            "sso_label": toolbox().settings.oidc_label if toolbox().settings.oidc_issuer else "",
            "demo_data": current_app.config["TIEUBIEU_MODE"] == "demo",
        }


def work_items(person: Actor) -> list[dict[str, Any]]:
    """The main navigation of a signed-in person: the desk, then what they have a part in."""
    items = [_item("account.desk", _("Việc cần làm"), "account")]
    items += [_item(endpoint, _(text), blueprint) for admits, endpoint, text, blueprint in SECTIONS if admits(person)]
    return items


def public_items() -> list[dict[str, Any]]:
    """The navigation of the public site."""
    return [
        {
            "label": text,
            "href": url_for(endpoint),
            "active": request.endpoint in (endpoint, *below),
        }
        for endpoint, text, below in (
            ("public.rounds", _("Đợt bình chọn"), ("public.round_page",)),
            ("public.gallery", _("Sản phẩm tiêu biểu"), ("public.product",)),
            ("public.lookup", _("Tra cứu giấy chứng nhận"), ("public.verify",)),
        )
    ]


def footer_links() -> list[dict[str, str]]:
    """Links at the foot of every page."""
    return [
        {"label": text, "href": url_for(endpoint)}
        for endpoint, text in (
            ("public.gallery", _("Sản phẩm tiêu biểu")),
            ("public.lookup", _("Tra cứu giấy chứng nhận")),
            ("public.open_data", _("Dữ liệu mở")),
            ("api_page.api_page", _("Giao diện lập trình")),
            ("public.privacy_register", _("Dữ liệu cá nhân")),
            ("public.help_start", _("Trợ giúp")),
        )
    ] + [{"label": _("Có gì mới"), "href": url_for("public.help_page", name="co-gi-moi")}]


def public_tools(person: Actor) -> list[dict[str, str]]:
    """Links at the right of the public head: the other language, and in or back to work."""
    other = "en" if str(get_locale()) != "en" else "vi"
    here = url_for(request.endpoint, **{**(request.view_args or {}), "lang": other}) if request.endpoint else "/"
    switch = {"label": "English" if other == "en" else "Tiếng Việt", "href": here, "lang": other}
    if person.is_guest:
        return [switch, {"label": _("Đăng nhập"), "href": url_for("security.login")}]
    return [switch, {"label": _("Bàn làm việc"), "href": url_for("account.desk")}]


def user_menu(person: Actor) -> list[dict[str, str]]:
    """The menu under the person's name."""
    if person.is_guest:
        return []
    return [
        {"label": _("Tin nhắn"), "href": url_for("account.messages"), "icon": "envelope"},
        {"label": _("Lịch của tôi"), "href": url_for("account.calendar"), "icon": "calendar-event"},
        {"label": _("Tài khoản"), "href": url_for("account.profile"), "icon": "person"},
        {"label": _("Bảo vệ tài khoản"), "href": url_for("account.protection"), "icon": "shield-lock"},
        {"label": _("Các phiên đang mở"), "href": url_for("account.open_sessions"), "icon": "laptop"},
        {"label": _("Ủy quyền"), "href": url_for("account.delegations"), "icon": "person-plus"},
        {"label": _("Mã truy cập cho phần mềm"), "href": url_for("account.tokens"), "icon": "key"},
        {"label": _("Dữ liệu của tôi"), "href": url_for("account.my_data"), "icon": "file-person"},
        {"label": _("Trợ giúp"), "href": help_url(person), "icon": "question-circle"},
        {"label": _("Trang công khai"), "href": url_for("public.home"), "icon": "globe"},
    ]


def help_url(person: Actor) -> str:
    """The part of the manual for what the person does first here."""
    for admits, _endpoint, _text, blueprint in SECTIONS:
        if admits(person):
            return url_for("public.help_page", name=MANUAL[blueprint])
    return url_for("public.help_start")


def _item(endpoint: str, text: str, blueprint: str) -> dict[str, Any]:
    return {"label": text, "href": url_for(endpoint), "active": request.blueprint == blueprint}
