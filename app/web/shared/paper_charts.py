"""Charts for PDF reports: the same drawings with their colours inside.

WeasyPrint does not apply a document's style sheet to SVG within it, so the rules of the charts travel
in the drawing, taken from the one style sheet in its light colours.
"""

import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from app.web.shared.pictures import Picture

_RULE = re.compile(r"^\.[clm]-[^{}]*\{[^{}]*\}", re.MULTILINE)
_TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")


@cache
def chart_rules() -> str:
    """The rules of the charts with every token replaced by its light value."""
    sheet = (files("app") / "static/css/tieubieu.css").read_text("utf-8")
    light = dict(_TOKEN.findall(sheet.split(":root {", 1)[1].split("\n}", 1)[0]))
    charts = sheet.split("/* 8. Charts", 1)[1].split("/* 9.", 1)[0]
    rules = " ".join(_RULE.findall(charts))
    return re.sub(r"var\(--([\w-]+)\)", lambda found: light[found[1]], rules)


def paper_svg(picture: Picture) -> Markup:
    """The drawing of `picture` as it stands alone on paper."""
    opened, rest = str(picture.svg).split(">", 1)
    return Markup("{}><style>{}</style>{}").format(Markup(opened), Markup(chart_rules()), Markup(rest))
