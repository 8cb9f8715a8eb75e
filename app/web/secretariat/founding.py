"""Founding a round in two steps, changing its texts, and cloning an earlier one."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.domain.deadlines import local_date
from app.domain.errors import Invalid, NotFound, Stale
from app.domain.identifiers import RoundCode
from app.domain.vocabulary import LevelCode
from app.infra import reference
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.models.unit import Unit
from app.queries import units
from app.services import rounds
from app.services.rounds import RoundValues
from app.web.secretariat import bp
from app.web.secretariat.desk import own_round, round_context
from app.web.secretariat.phases import typed_windows, windows_form
from app.web.secretariat.round_page import short_phase
from app.web.shared.actor import actor, forget_actor
from app.web.shared.form_base import BaseForm, LineField, TextField
from app.web.shared.words import label

DESIGNED_YEARS = NumberRange(2000, 2100)


class PlaceForm(BaseForm):
    """First step: which level, where, which year."""

    class Meta(BaseForm.Meta):
        """It is a question put into the address: nothing is changed by it."""

        csrf = False

    year = IntegerField(_l("Năm"), [InputRequired(_l("Hãy ghi năm.")), DESIGNED_YEARS])
    level = SelectField(_l("Cấp bình chọn"))
    province = SelectField(_l("Tỉnh, thành phố"), validate_choice=False)
    commune = SelectField(_l("Xã, phường, đặc khu"), validate_choice=False)
    region = SelectField(_l("Khu vực"), validate_choice=False)


class RoundForm(BaseForm):
    """Texts of a round."""

    version = HiddenField("")
    code = LineField(_l("Mã đợt"))
    name = LineField(_l("Tên đợt"))
    authority = LineField(_l("Cơ quan công nhận, cấp giấy chứng nhận"))
    signer_title = LineField(_l("Chức danh người ký"))
    place = LineField(_l("Nơi ký (địa danh)"))
    host = LineField(_l("Đơn vị đăng cai, tổ chức"))
    introduction = TextField(_l("Giới thiệu trên trang công khai"))


class CloneForm(BaseForm):
    """Year, code and name of the new round."""

    year = IntegerField(_l("Năm"), [InputRequired(_l("Hãy ghi năm.")), DESIGNED_YEARS])
    code = LineField(_l("Mã đợt"))
    name = LineField(_l("Tên đợt"))


def may_found() -> bool:
    """True for a secretary of a territory or of everything, and for the administrator."""
    return actor().founds_rounds or actor().is_administrator


def require_founder() -> None:
    """Raises NotFound for the secretary of a single round, for whom there is no such page."""
    if not may_found():
        raise NotFound("round")


@bp.get("/dot/moi")
def new_round() -> str:
    """First the place, then the form with what the level's reference data proposes."""
    require_founder()
    form = place_form()
    if not request.args or not form.validate() or not _is_complete(form):
        return render_template("secretariat/new_round.html", form=form, level=form.level.data)
    where = _where(form)
    values, fields = defaults(form.year.data, LevelCode(form.level.data), where)
    return _round_form_page(form, round_form(fields)(data=values))


@bp.post("/dot/moi")
def create_round() -> ResponseReturnValue:
    """Found the round."""
    require_founder()
    place = place_form()
    if not place.validate() or not _is_complete(place):
        return render_template("secretariat/new_round.html", form=place, level=place.level.data), 422
    where = _where(place)
    _values, fields = defaults(place.year.data, LevelCode(place.level.data), where)
    form = round_form(fields)()
    if form.validate():
        try:
            values = _typed(form, place, where)
            with unit_of_work() as session:
                row = rounds.create(session, actor(), values=values, now=now())
        except Invalid as refusal:
            form.take(refusal)
        else:
            forget_actor()
            flash(_("Đã tạo đợt bình chọn. Hãy xem lại quy tắc và tiêu chí trước khi mở nhận hồ sơ."), "success")
            return redirect(url_for("secretariat.round_page", round_id=row.id), 303)
    return _round_form_page(place, form), 422


@bp.route("/dot/<int:round_id>/sua", methods=["GET", "POST"])
def edit_round(round_id: int) -> ResponseReturnValue:
    """Change the texts and the printed names of the groups."""
    row = own_round(round_id)
    fields: dict[str, Any] = {f"name_{g.group_code}": LineField(g.group_code) for g in row.groups}
    texts = ("name", "authority", "signer_title", "place", "host", "introduction", "code", "version")
    data = {name: getattr(row, name) for name in texts} | {f"name_{g.group_code}": g.name for g in row.groups}
    form = type("EditForm", (RoundForm,), fields)(data=data)
    theirs: dict[str, Any] | None = None
    if form.validate_on_submit():
        values = RoundValues(
            year=row.season.year,
            level=row.level,
            code=row.code,
            groups={g.group_code: form[f"name_{g.group_code}"].data for g in row.groups},
            **{name: form[name].data for name in texts[:6]},
        )
        try:
            with unit_of_work() as session:
                rounds.edit(
                    session, actor(), round_id=round_id, values=values, version=int(form.version.data or 0), now=now()
                )
        except Invalid as refusal:
            form.take(refusal)
        except Stale as refusal:
            theirs = refusal.theirs
            form.version.data = refusal.version
        else:
            flash(_("Đã lưu thông tin đợt."), "success")
            return redirect(url_for("secretariat.round_page", round_id=round_id), 303)
    page = render_template(
        "secretariat/edit_round.html",
        form=form,
        theirs=theirs,
        group_fields=list(fields),
        **round_context(own_round(round_id), "edit_round"),
    )
    return page, 409 if theirs else 422 if form.is_submitted() else 200


@bp.route("/dot/<int:round_id>/nhan-ban", methods=["GET", "POST"])
def clone_round(round_id: int) -> ResponseReturnValue:
    """Found the next round from this one."""
    row = own_round(round_id)
    year = max(row.season.year + 2, local_date(now()).year)
    code = row.code.replace(str(row.season.year), str(year))
    name = row.name.replace(str(row.season.year), str(year))
    form = CloneForm(data={"year": year, "code": code if code != row.code else f"{row.code}-{year}", "name": name})
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                new = rounds.clone(
                    session,
                    actor(),
                    round_id=round_id,
                    year=form.year.data,
                    code=form.code.data,
                    name=form.name.data,
                    now=now(),
                )
        except Invalid as refusal:
            form.take(refusal)
        else:
            forget_actor()
            flash(_("Đã tạo đợt mới với nhóm, tiêu chí và quy tắc của đợt trước."), "success")
            return redirect(url_for("secretariat.round_page", round_id=new.id), 303)
    page = render_template("secretariat/clone_round.html", form=form, **round_context(own_round(round_id), "clone_round"))
    return page, 422 if form.is_submitted() else 200


def place_form() -> PlaceForm:
    """The first step's form, read from the address on both steps."""
    today = local_date(now())
    form = PlaceForm(request.args, data={"year": today.year, "level": LevelCode.PROVINCE.value})
    session = db.session()
    form.level.choices = [(level.value, label(level)) for level in LevelCode]
    form.province.choices = [("", _("Chọn"))] + [(str(u.id), u.name) for u in units.provinces(session, today)]
    form.region.choices = [("", _("Chọn"))] + [(r.key, _(r.full_name_vi)) for r in reference.regions()]
    chosen = form.province.data or ""
    found = units.communes(session, int(chosen), today) if chosen.isascii() and chosen.isdigit() else []
    form.commune.choices = [("", _("Chọn"))] + [(str(u.id), u.name) for u in found]
    return form


def _is_complete(form: PlaceForm) -> bool:
    level = LevelCode(form.level.data)
    needed = {
        LevelCode.COMMUNE: (form.province, form.commune),
        LevelCode.PROVINCE: (form.province,),
        LevelCode.REGION: (form.region,),
    }.get(level, ())
    known = [field.data in {value for value, *_rest in field.choices if value} for field in needed]
    if request.args and level is not LevelCode.COMMUNE:
        for field, fits in zip(needed, known, strict=True):
            if not fits:
                field.errors = [_("Hãy chọn một mục.")]
    return all(known)


def _where(form: PlaceForm) -> Unit | None:
    level = LevelCode(form.level.data)
    chosen = {LevelCode.COMMUNE: form.commune.data, LevelCode.PROVINCE: form.province.data}.get(level)
    return db.session().get(Unit, int(chosen)) if chosen else None


def defaults(year: int, level: LevelCode, where: Unit | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the form starts with, and its fields that depend on reference data."""
    period = next(p for p in reference.levels_on(_day_of(year)) if p.code is level)
    region = request.args.get("region", "")
    letters = {r.key: r.letter for r in reference.regions()}
    territory = where.code if where else letters.get(region, "") if level is LevelCode.REGION else ""
    place = where.full_name if where else ""
    place = f"{place[:1].lower()}{place[1:]}"
    # These are printed on certificates: Vietnamese, whatever the language of the page.
    committee = f"Ủy ban nhân dân {place}"
    values: dict[str, Any] = {
        "code": str(RoundCode(level, territory, year)),
        "name": f"Bình chọn sản phẩm CNNT tiêu biểu {place or period.name_vi} năm {year}",
        "authority": committee if where else period.issuer_on(_day_of(year)),
        "signer_title": "Chủ tịch" if where else period.signer_title_vi,
        "place": where.name if where else "Hà Nội",
        "host": period.organiser_vi,
    }
    fields: dict[str, Any] = {}
    for group in reference.groups():
        fields[f"group_{group.code}"] = BooleanField(_(group.short_name_vi))
        fields[f"name_{group.code}"] = LineField(_("Tên in của nhóm %(code)s", code=group.code))
        values |= {f"group_{group.code}": True, f"name_{group.code}": group.name_vi}
    made, _known = windows_form(None)
    fields |= {name: getattr(made, name) for name in dir(made) if name.endswith(("_opens", "_closes"))}
    return values, fields


def round_form(fields: dict[str, Any]) -> Any:
    """The form class with the groups and the dates."""
    return type("NewRoundForm", (RoundForm,), fields)


def _day_of(year: int) -> date:
    """A day of the round's year on which its level is looked up: today in this year, else its end."""
    today = local_date(now())
    return today if today.year == year else date(year, 12, 31)


def _typed(form: Any, place: PlaceForm, where: Unit | None) -> RoundValues:
    chosen = {g.code: form[f"name_{g.code}"].data for g in reference.groups() if form[f"group_{g.code}"].data}
    if not chosen:
        raise Invalid.one(f"group_{reference.groups()[0].code}", "required")
    level = LevelCode(place.level.data)
    return RoundValues(
        year=place.year.data,
        level=level,
        unit_id=where.id if where else None,
        region_code=place.region.data if level is LevelCode.REGION else None,
        groups=chosen,
        windows=typed_windows(form),
        **{name: form[name].data for name in ("code", "name", "authority", "signer_title", "place", "host", "introduction")},
    )


def _round_form_page(place: PlaceForm, form: Any) -> str:
    return render_template(
        "secretariat/round_form.html",
        form=form,
        place=place,
        again=url_for("secretariat.new_round"),
        action=f"{url_for('secretariat.create_round')}?{request.query_string.decode()}",
        groups=[group.code for group in reference.groups()],
        phases=[
            (short_phase(phase), f"{phase.value}_opens", f"{phase.value}_closes") for phase in rounds.PHASES_WITH_WINDOW
        ],
    )
