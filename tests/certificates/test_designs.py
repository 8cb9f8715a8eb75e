"""Designs: the shipped ones, the check of others, and hostile ones in a process of their own."""

from __future__ import annotations

import dataclasses
import socket
import threading
import time
from pathlib import Path

import pytest

from certificates.checking import check_design
from certificates.design import Design, design_names, load_design
from certificates.errors import DesignRefused, UnknownDesign
from certificates.ornament import draw_all
from certificates.samples import sample_contents
from certificates.sandbox import BrokenOff, check_in_child, picture_in_child, preview_in_child
from certificates.template import parse_template
from tests.certificates.pictures import one_colour_png

DESIGNS = Path(__file__).parents[2] / "certificates" / "designs"
FIELDS = ["title", "product_name", "recipient", "serial", "code", "level_line", "issuer", "address", "group", "order"]
PLAIN = Design(
    name="plain",
    label="Mẫu thử",
    version=1,
    html="<html><body>" + "".join(f'<p data-field="{name}" data-fit="12/1 10/3 7/6"></p>' for name in FIELDS)
    + '<img data-field="qr" alt=""></body></html>',
    css='@page{size:297mm 210mm;margin:20mm} html{font-family:"Noto Serif"} p{margin:2mm 0} img{width:24mm}',
    faces=("noto-serif-400",),
)  # fmt: skip


def changed(**changes: object) -> Design:
    return dataclasses.replace(PLAIN, **changes)  # type: ignore[arg-type]


def with_css(css: str) -> Design:
    return changed(css=PLAIN.css + css)


def with_html(html: str) -> Design:
    return changed(html=PLAIN.html.replace("</body>", html + "</body>"))


@pytest.mark.parametrize("name", design_names())
def test_a_shipped_design_passes_its_own_check(name: str, cache_dir: Path) -> None:
    report = check_design(load_design(name), cache_dir)
    assert (report.errors, report.warnings) == ((), ())


def test_the_drawings_are_those_that_the_program_draws() -> None:
    drawn = draw_all()
    assert {path: (DESIGNS / path).read_text(encoding="utf-8") for path in drawn} == drawn


def test_ornament_steps_down_from_level_to_level() -> None:
    weights = [len(draw_all()[f"{name}/frame.svg"]) for name in design_names()]
    assert weights == sorted(weights, reverse=True)


def test_an_unknown_design_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownDesign, match="national, regional, provincial, commune"):
        load_design("quoc-gia")


def test_the_digest_changes_with_every_part() -> None:
    others = [
        changed(version=2), changed(html=PLAIN.html + " "), changed(css=PLAIN.css + " "),
        changed(faces=("noto-serif-400", "noto-serif-700")), changed(assets={"a.svg": b"<svg/>"}),
    ]  # fmt: skip
    assert len({design.digest for design in (PLAIN, *others)}) == 6


def test_a_plain_design_of_ones_own_passes_with_warnings(cache_dir: Path) -> None:
    report = check_in_child(PLAIN, cache_dir)
    assert report.errors == ()
    assert any("chữ ký số" in warning for warning in report.warnings)


REFUSED = {
    "script": with_html("<script>1</script>"),
    "frame": with_html('<iframe src="http://a.example/"></iframe>'),
    "link": with_html('<a href="file:///etc/passwd">x</a>'),
    "attachment": with_html('<link rel="attachment" href="file:///etc/passwd">'),
    "handler": with_html('<p onclick="x()">y</p>'),
    "unknown field": with_html('<p data-field="password"></p>'),
    "field with words": with_html('<p data-field="notice">x</p>'),
    "table inside a line": with_html("<p>a<table><tr><td>b</td></tr></table></p><p>x<div>c</div></p>"),
    "no such face": with_css('p{font-family:"Liberation Serif"}'),
    "bold that is not there": with_css("p{font-weight:700}"),
    "underline": with_css("p{text-decoration:underline}"),
    "justified": with_css("p{text-align:justify}"),
    "see-through words": with_css("p{color:rgba(0,0,0,.5)}"),
    "two pages": with_css("p{margin:30mm}"),
    "turned words": with_css("p{transform:rotate(5deg)}"),
    "shrunken words": with_css("body{transform:scale(.9)}"),
    "hidden words": with_css("p{visibility:hidden}"),
    "words added by style": with_css("p::before{content:'x'}"),
    "group that is see-through": with_css("p{opacity:.5}"),
    "missing field": changed(html=PLAIN.html.replace('data-field="serial"', 'data-field="notice"')),
    "text in a drawing": changed(assets={"a.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><text>x</text></svg>'}),
    "entity": changed(assets={"a.svg": b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>'}),
    "drawing from outside": changed(assets={"a.svg": b'<svg><image href="http://a.example/x.png"/></svg>'}),
    "odd file name": changed(assets={"../a.svg": b"<svg/>"}),
    "bad ladder": changed(html=PLAIN.html.replace("12/1", "12")),
}


@pytest.mark.parametrize("why", REFUSED)
def test_what_cannot_be_stamped_is_refused_with_a_sentence(why: str, cache_dir: Path) -> None:
    report = check_design(REFUSED[why], cache_dir)
    assert len(report.errors) == 1
    assert report.errors[0].endswith(".")


HOSTILE = {
    "picture from the network": with_html('<img src="http://127.0.0.1:{port}/x.png" alt="">'),
    "style from the network": with_css('@import url("http://127.0.0.1:{port}/x.css");'),
    "import first": changed(css='@import "http://127.0.0.1:{port}/x.css";' + PLAIN.css),
    "background from the network": with_css("p{background:url(http://127.0.0.1:{port}/x.png)}"),
    "font from the network": with_css('@font-face{font-family:x;src:url(http://127.0.0.1:{port}/x.ttf)} p{font-family:x}'),
    "style attribute": with_html('<div style="background:url(http://127.0.0.1:{port}/y)"><p>y</p></div>'),
    "file": with_html('<img src="file:///etc/hostname" alt="">'),
    "file by style": with_css("p{background:url(file:///etc/passwd)}"),
    "relative way out": with_html('<img src="../../../etc/hostname" alt="">'),
    "deep nesting": with_html("<div>" * 5000 + "<p>x</p>" + "</div>" * 5000),
    "huge page": with_css("@page{size:100000mm 100000mm}"),
    "endless pages": with_css("p{page-break-after:always;margin-top:1000000mm}"),
}  # fmt: skip


# These get a process of their own here, too; the others are refused before anything is laid out.
HEAVY = ("picture from the network", "deep nesting", "huge page", "endless pages")

EXTREME = {
    "huge letters": with_css("p{font-size:1000000000pt}"),
    "endless columns": with_css("body{columns:10000000;column-gap:0}"),
    "many tables": with_html("<table><tr>" + "<td>x</td>" * 3000 + "</tr></table>"),
    "endless tracks": with_css("body{display:grid;grid-template-columns:repeat(100000,1mm)}"),
    "a word of a hundred thousand letters": with_html(f"<p>{'x' * 100_000}</p>"),
    "a border of a kilometre": with_css("p{border:1000000mm solid red}"),
}


LONGEST_SECONDS = 90
"""Five times what the longest takes here: the limit of a child's time is in the product, and this is for a busy machine."""


class Listener:
    """A server that only remembers whether anybody called."""

    def __init__(self) -> None:
        self.called = False
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        try:
            self._socket.accept()
            self.called = True
        except OSError:
            return

    def close(self) -> None:
        self._socket.close()


@pytest.mark.parametrize("why", HOSTILE)
def test_a_hostile_design_ends_in_time_with_a_sentence_and_reaches_nothing(why: str, cache_dir: Path) -> None:
    listener = Listener()
    design = HOSTILE[why]
    port = str(listener.port)
    design = dataclasses.replace(
        design, html=design.html.replace("{port}", port), css=design.css.replace("{port}", port)
    )
    began = time.monotonic()
    report = check_in_child(design, cache_dir, 12) if why in HEAVY else check_design(design, cache_dir)
    listener.close()
    assert time.monotonic() - began < LONGEST_SECONDS
    assert listener.called is False
    assert len(report.errors) == 1
    assert report.errors[0].endswith(".")


@pytest.mark.parametrize("why", EXTREME)
def test_an_extreme_design_ends_in_time_with_a_report(why: str, cache_dir: Path) -> None:
    began = time.monotonic()
    report = check_in_child(EXTREME[why], cache_dir, seconds=12)
    assert time.monotonic() - began < LONGEST_SECONDS
    assert [sentence[-1] for sentence in (*report.errors, *report.warnings)].count(".") >= 1


def test_a_design_that_takes_more_than_a_gigabyte_is_stopped_and_told_so(cache_dir: Path) -> None:
    """A see-through picture of one colour: 700 kB on disk, 715 MB in memory, and twice at once.

    The time is generous here: what ends it has to be the memory, however busy the machine is.
    """
    design = changed(
        html=PLAIN.html.replace("</body>", '<img src="a.png" alt=""></body>'),
        assets={"a.png": one_colour_png(13_370, 13_370)},
    )
    report = check_in_child(design, cache_dir, seconds=300)
    assert report.errors == ("Mẫu giấy dùng quá nhiều bộ nhớ hoặc lồng nhau quá sâu.",)


def test_a_child_that_takes_too_long_is_ended(cache_dir: Path) -> None:
    report = check_in_child(PLAIN, cache_dir, seconds=0)
    assert report.errors == ("Mẫu giấy tính quá 0 giây nên bị dừng.",)


def test_a_preview_comes_from_the_child_and_a_refusal_with_its_sentence(cache_dir: Path) -> None:
    content = sample_contents()["usual"]
    assert preview_in_child(PLAIN, content, cache_dir)[:5] == b"%PDF-"
    with pytest.raises(DesignRefused, match="tệp hoặc địa chỉ"):
        preview_in_child(with_html('<img src="file:///etc/hostname" alt="">'), content, cache_dir)


def test_a_picture_is_drawn_in_the_child_and_text_that_does_not_fit_is_named(cache_dir: Path) -> None:
    contents = sample_contents()
    assert picture_in_child(PLAIN, contents["usual"], cache_dir, dpi=40)[:8] == b"\x89PNG\r\n\x1a\n"
    narrow = with_css("p{width:15mm}")
    with pytest.raises(DesignRefused, match=r"product_name|recipient|address|level_line"):
        picture_in_child(narrow, contents["long"], cache_dir)


def test_a_question_that_nobody_waits_for_is_broken_off(cache_dir: Path) -> None:
    began = time.monotonic()
    with pytest.raises(BrokenOff):
        check_in_child(HOSTILE["endless pages"], cache_dir, seconds=600, wanted=lambda: False)
    assert time.monotonic() - began < LONGEST_SECONDS


def test_words_and_fields_of_a_block_become_pieces_in_order() -> None:
    html = '<body><p data-fit="10/1">  Số:\n <b data-field="serial"></b> (<i>mới</i>) </p></body>'
    (block,) = parse_template(html).blocks
    assert [piece.text or piece.field for piece in block.pieces] == ["Số: ", "serial", " (", "mới", ")"]


def test_a_shared_listener_would_have_noticed() -> None:
    listener = Listener()
    socket.create_connection(("127.0.0.1", listener.port)).close()
    deadline = time.monotonic() + LONGEST_SECONDS
    while not listener.called and time.monotonic() < deadline:
        time.sleep(0.01)
    listener.close()
    assert listener.called is True
