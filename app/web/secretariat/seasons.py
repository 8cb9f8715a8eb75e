"""Moving a province to another region for one year, with the decision that it rests on."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.domain.deadlines import local_date
from app.domain.errors import Invalid, NotFound, Refused
from app.infra import reference
from app.infra.clock import now
from app.infra.database import db, unit_of_work
from app.queries import seasons as reads
from app.services import seasons
from app.web.secretariat import bp
from app.web.shared.actor import actor
from app.web.shared.form_base import BaseForm, LineField
from app.web.shared.words import sentence


class MoveForm(BaseForm):
    """Which province, to which region, on what decision."""

    province_code = SelectField(_l("Tỉnh, thành phố"), validate_choice=False)
    region_code = SelectField(_l("Chuyển sang"), validate_choice=False)
    source = LineField(_l("Căn cứ (số, ngày, cơ quan ban hành)"))


@bp.route("/khu-vuc/<int:year>", methods=["GET", "POST"])
def season_regions(year: int) -> ResponseReturnValue:
    """The provinces of a year by region, and the form that moves one."""
    if year not in seasons.YEARS or not seasons.may_move_provinces(db.session(), actor(), now=now()):
        raise NotFound("season")
    form = MoveForm()
    lines = reads.provinces_of(db.session(), year, seasons.day_of(year, local_date(now())))
    names = {region.key: _(region.full_name_vi) for region in reference.regions()}
    words = {key: name[:1].upper() + name[1:] for key, name in names.items()}
    form.province_code.choices = [("", _("Chọn")), *((line.code, line.name) for line in lines)]
    form.region_code.choices = [("", _("Chọn")), *words.items()]
    if form.validate_on_submit():
        try:
            with unit_of_work() as session:
                seasons.move_province(session, actor(), year=year, now=now(), **_typed(form))
        except Invalid as refusal:
            form.take(refusal)
        except Refused as refusal:
            form.form_errors.append(sentence(refusal.code, refusal.params))
        else:
            flash(_("Đã chuyển khu vực cho năm %(year)s.", year=year), "done")
            return redirect(url_for("secretariat.season_regions", year=year), 303)
    page = render_template(
        "secretariat/season_regions.html",
        form=form,
        lines=sorted(lines, key=lambda line: not line.is_moved),
        words=words,
        year=year,
        years=sorted({*reads.years(db.session()), local_date(now()).year, year}, reverse=True),
        totals=[{"label": word, "value": sum(line.region == key for line in lines)} for key, word in words.items()],
    )
    return page, 422 if request.method == "POST" else 200


def _typed(form: MoveForm) -> dict[str, str]:
    return {name: form[name].data or "" for name in ("province_code", "region_code", "source")}
