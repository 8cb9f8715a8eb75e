"""Charts on paper carry their colours and are printed in them."""

from io import BytesIO

import pypdfium2
from weasyprint import HTML

from app.web.shared.paper_charts import chart_rules, paper_svg
from app.web.shared.pictures import bar_chart


def test_rules_of_the_charts_hold_light_colours_and_no_open_token() -> None:
    assert ".c-1 { fill: #1e2b4f; }" in chart_rules()
    assert ".m-0 { fill: #f1ede2; }" in chart_rules()
    assert "var(" not in chart_rules()


def test_a_bar_is_printed_in_indigo_and_not_in_black() -> None:
    picture = bar_chart("T", "D", [("A", 1)], header=("a", "b"))
    page = HTML(string=f"<style>@page {{ size: 440px 80px; margin: 0 }} body {{ margin: 0 }}</style>{paper_svg(picture)}")
    shown = pypdfium2.PdfDocument(BytesIO(page.write_pdf() or b""))[0].render(scale=1).to_pil()
    colours = {colour for _, colour in shown.convert("RGB").getcolors(100_000)}
    assert (0x1E, 0x2B, 0x4F) in colours
    assert (0, 0, 0) not in colours
