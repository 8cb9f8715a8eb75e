"""Pictures of a published round: products by group and by province."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext as _

from app.domain.deadlines import local_date
from app.web.shared.pictures import Picture, bar_chart
from app.web.shared.tilemap import Layout, tile_map, tiles

MERGED_ON = date(2025, 7, 1)
FEW = 2
LONGEST = 20


def group_chart(counts: Mapping[str, int], names: Mapping[str, str]) -> Picture:
    """Published products by group, in the round's order of groups."""
    bars = [(name, counts.get(code, 0)) for code, name in names.items()]
    return bar_chart(
        _("Sản phẩm được công nhận theo nhóm"),
        _("Số sản phẩm được công nhận của từng nhóm."),
        bars,
        header=(_("Nhóm"), _("Sản phẩm")),
    )


def province_picture(counts: Mapping[tuple[str, str], int], published_at: datetime | None) -> Picture | None:
    """A map of the provinces as of the day of publication; None where one or two provinces take part."""
    if len(counts) <= FEW:
        return None
    layout: Layout = 63 if published_at and local_date(published_at) < MERGED_ON else 34
    title, desc = _("Sản phẩm được công nhận theo địa phương"), _("Số sản phẩm của từng tỉnh, thành phố.")
    header = (_("Tỉnh, thành phố"), _("Sản phẩm"))
    known = {tile.code: tile.name for tile in tiles(layout)}
    if all(known.get(code) == name for code, name in counts):
        return tile_map(title, desc, {code: count for (code, _name), count in counts.items()}, layout=layout, header=header)
    ordered = sorted(((name, count) for (_code, name), count in counts.items()), key=lambda item: -item[1])
    return bar_chart(title, desc, ordered[:LONGEST], header=header)
