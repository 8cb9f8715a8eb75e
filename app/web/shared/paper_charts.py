"""Charts for PDF reports: the same drawings with their colours inside.

WeasyPrint does not apply a document's style sheet to SVG within it, so the rules of the charts travel
in the drawing, taken from the style sheet in its light colours.
"""

import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

import app
from app.web.shared.pictures import Picture
from app.web.shared.stylesheet import source

_RULE = re.compile(r"^\.[clm]-[^{}]*\{[^{}]*\}", re.MULTILINE)
_TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")


@cache
def chart_rules() -> str:
    """The rules of the charts with every token replaced by its light value."""
    folder = Path(app.__file__ or "").parent / "static" / "css"
    light = dict(_TOKEN.findall(source(folder, "tokens").split(":root {", 1)[1].split("\n}", 1)[0]))
    rules = " ".join(_RULE.findall(source(folder, "charts")))
    return re.sub(r"var\(--([\w-]+)\)", lambda found: light[found[1]], rules)


def paper_svg(picture: Picture) -> Markup:
    """The drawing of `picture` as it stands alone on paper."""
    opened, rest = str(picture.svg).split(">", 1)
    return Markup("{}><style>{}</style>{}").format(Markup(opened), Markup(chart_rules()), Markup(rest))
