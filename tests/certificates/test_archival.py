"""PDF/A-3b by a second check: what the press makes passes it, and each of many broken files fails it by its clause."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from certificates.press import Press, design_names, load_design, render_slow
from certificates.samples import sample_contents
from certificates.signing import Signer
from tests.certificates.archival import faults
from tests.certificates.keys import make_key
from tests.certificates.paths import CACHE
from tests.certificates.readers import failures

Presses = Callable[[str], Press]
USUAL = sample_contents()["usual"]


@pytest.fixture(scope="module")
def good(press_of: Presses) -> bytes:
    return press_of("commune").stamp(USUAL)


@pytest.mark.parametrize("name", design_names())
def test_what_the_press_makes_passes_both_checks(name: str, press_of: Presses) -> None:
    press = press_of(name)
    signed = Press(press.compiled, Signer.from_pkcs12(make_key().p12))
    book = io.BytesIO()
    press.write_combined(sample_contents().values(), book, crop_marks=True)
    for pdf in (*map(press.stamp, sample_contents().values()), signed.stamp(USUAL), book.getvalue()):
        assert (faults(pdf), failures(pdf, "3b")) == ([], [])


def test_a_page_that_weasyprint_drew_passes_both_checks() -> None:
    rare = dataclasses.replace(USUAL, recipient="Buôn Ƀih Êđê")
    pdf = render_slow(rare, load_design("commune"), CACHE)
    assert (faults(pdf), failures(pdf, "3b")) == ([], [])


def inner_font(document: Pdf) -> pikepdf.Object:
    return next(one for one in document.objects if isinstance(one, Dictionary) and one.get("/Subtype") == "/CIDFontType2")


def font(document: Pdf) -> pikepdf.Object:
    return next(one for one in document.objects if isinstance(one, Dictionary) and one.get("/Subtype") == "/Type0")


def attached(document: Pdf) -> pikepdf.Object:
    return document.Root.AF[0]


def packet(document: Pdf, was: bytes, now: bytes) -> None:
    data = document.Root.Metadata.read_bytes()
    assert was in data
    document.Root.Metadata = document.make_stream(data.replace(was, now), Type=Name.Metadata, Subtype=Name.XML)


def drawn(document: Pdf, operators: bytes) -> None:
    document.pages[0].contents_add(document.make_stream(operators))


def annotated(document: Pdf, **entries: object) -> None:
    note = Dictionary(Type=Name.Annot, Rect=[0, 0, 50, 50], F=4, **entries)
    document.pages[0].obj.Annots = Array([document.make_indirect(note)])


def pictured(document: Pdf, **entries: object) -> None:
    plain = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
    picture = Stream(document, b"\0")
    for key, value in (plain | entries).items():
        picture[f"/{key}"] = value
    document.pages[0].obj.Resources.XObject["/Broken"] = document.make_indirect(picture)


def without(holder: pikepdf.Object, *keys: str) -> None:
    for key in keys:
        del holder[key]


BREAKS: dict[str, tuple[Callable[[Pdf], object], str]] = {
    "no output intent": (lambda pdf: without(pdf.Root, "/OutputIntents"), "6.2.3"),
    "an output intent without its profile": (lambda pdf: without(pdf.Root.OutputIntents[0], "/DestOutputProfile"), "6.2.3"),
    "a profile that is none": (lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile.write(b"x" * 200), "6.2.3"),
    "no metadata": (lambda pdf: without(pdf.Root, "/Metadata"), "6.6.2.1"),
    "metadata that are no XML": (lambda pdf: packet(pdf, b"</rdf:RDF>", b""), "6.6.2.1"),
    "metadata of another part": (lambda pdf: packet(pdf, b"<pdfaid:part>3", b"<pdfaid:part>1"), "6.6.4"),
    "a title that the metadata do not tell": (lambda pdf: pdf.docinfo.__setitem__("/Title", "Giấy khác"), "6.6.3"),
    "a font that is not embedded": (lambda pdf: without(inner_font(pdf).FontDescriptor, "/FontFile2"), "6.2.11.4.1"),
    "a font whose glyphs have no letters": (lambda pdf: without(font(pdf), "/ToUnicode"), "6.2.11.7"),
    "a font with an encoding from elsewhere": (lambda pdf: font(pdf).__setitem__("/Encoding", Name("/UniJIS-UTF16-H")), "6.2.11.3.3"),
    "a font without a way to its glyphs": (lambda pdf: without(inner_font(pdf), "/CIDToGIDMap"), "6.2.11.3.2"),
    "widths that are not the font's": (lambda pdf: inner_font(pdf).__setitem__("/W", Array([0, Array([77])])), "6.2.11.5"),
    "a picture that is smoothed": (lambda pdf: pictured(pdf, Interpolate=True), "6.2.8"),
    "a picture in the printer's colours": (lambda pdf: pictured(pdf, ColorSpace=Name.DeviceCMYK), "6.2.4.3"),
    "lines in the printer's colours": (lambda pdf: drawn(pdf, b"0 0 0 1 K 0 0 m 9 9 l S"), "6.2.4.3"),
    "an odd rendering intent": (lambda pdf: drawn(pdf, b"/Bright ri"), "6.2.6"),
    "a file that belongs nowhere": (lambda pdf: without(pdf.Root, "/AF"), "6.8"),
    "a file that does not say how it belongs": (lambda pdf: without(attached(pdf), "/AFRelationship"), "6.8"),
    "a file without its kind": (lambda pdf: without(attached(pdf).EF.F, "/Subtype"), "6.8"),
    "a program that runs on opening": (
        lambda pdf: pdf.Root.__setitem__("/OpenAction", pdf.make_indirect(Dictionary(Type=Name.Action, S=Name.JavaScript))), "6.5.1",
    ),
    "something that happens by itself": (lambda pdf: pdf.pages[0].obj.__setitem__("/AA", Dictionary()), "6.5.2"),
    "a film on the page": (lambda pdf: annotated(pdf, Subtype=Name.Movie, AP=Dictionary()), "6.3.1"),
    "a note that has no look": (lambda pdf: annotated(pdf, Subtype=Name.Text), "6.3.3"),
    "a form that the reader draws": (lambda pdf: pdf.Root.__setitem__("/AcroForm", Dictionary(NeedAppearances=True)), "6.4.1"),
}  # fmt: skip


@pytest.mark.parametrize("why", BREAKS)
def test_a_broken_file_is_found_out_by_its_clause(why: str, good: bytes) -> None:
    broken, clause = BREAKS[why]
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(good)) as document:
        broken(document)
        document.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False)
    assert {fault.split()[0] for fault in faults(out.getvalue())} == {clause}


def test_a_locked_file_is_found_out(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    with pikepdf.open(io.BytesIO(good)) as document:
        document.save(path, encryption=pikepdf.Encryption(owner="x", user="", metadata=False))
    assert "6.1.3 the file is encrypted" in faults(path.read_bytes())


BYTES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "no identifier": (lambda pdf: re.sub(rb"/ID\[<\w+><\w+>\]", b"", pdf), "6.1.3"),
    "words before the header": (lambda pdf: b"\n" + pdf, "6.1.2"),
    "no mark of eight bits": (lambda pdf: pdf.replace(b"%\xe2\xe3\xcf\xd3", b"%plain", 1), "6.1.2"),
    "something after the end": (lambda pdf: pdf + b"<script>", "6.1.3"),
}


@pytest.mark.parametrize("why", BYTES)
def test_a_file_broken_in_its_bytes_is_found_out_by_its_clause(why: str, good: bytes) -> None:
    broken, clause = BYTES[why]
    assert clause in {fault.split()[0] for fault in faults(broken(good))}
