"""What becomes of a PDF; run without a worker, so that a fault shows its trace."""

import io
from dataclasses import replace

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from tests.uploads import samples
from uploads import documents
from uploads.documents import Document
from uploads.errors import Damaged, TooComplex, TooManyPages
from uploads.policy import PAPER, limited


def clean(data: bytes, slot=PAPER) -> Document:
    return documents.clean(data, slot)


def reopened(document: Document) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(document.data))


def test_a_sound_paper_is_counted_and_drawn():
    document = clean(samples.paper(3))
    assert (document.pages, document.width_px, document.height_px) == (3, 990, 1400)
    assert [preview.name for preview in document.previews] == ["page_1", "page_2", "page_3", "list"]
    assert document.removed == ()


def test_a_preview_shows_the_page():
    first, second, *_ = clean(samples.paper(2)).previews
    page = samples.opened(first.data)
    assert (first.media_type, page.size) == ("image/jpeg", (990, 1400))
    ink = page.convert("L").point(lambda value: 255 * (value < 128)).getbbox()
    assert ink is not None
    assert 110 < ink[0] < 140
    assert 170 < ink[1] < 260
    assert first.data != second.data


def test_a_turned_page_is_drawn_as_a_reader_sees_it():
    def turn(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].rotate(90, relative=False)

    assert samples.opened(clean(samples.paper(1, turn)).previews[0].data).size == (1400, 990)


def test_names_and_traces_of_the_maker_go():
    def sign(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Author"] = "Nguyễn Văn Thử"
        with pdf.open_metadata() as meta:
            meta["dc:creator"] = ["Nguyễn Văn Thử"]
        pdf.pages[0].obj.PieceInfo = Dictionary(App=Dictionary(Private=1))

    document = clean(samples.paper(1, sign))
    with reopened(document) as pdf:
        assert ("/Info" in pdf.trailer, "/Metadata" in pdf.Root, "/PieceInfo" in pdf.pages[0].obj) == (False,) * 3
    assert document.removed == ("metadata",)


def test_links_go_and_their_text_stays():
    document = clean(samples.paper(1, samples.link_to("https://example.invalid/")))
    with reopened(document) as pdf:
        assert "/A" not in pdf.pages[0].obj.Annots[0]
    assert document.removed == ("links",)


def test_what_opens_by_itself_goes():
    def open_at_the_end(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = Array([pdf.pages[-1].obj, Name.Fit])

    document = clean(samples.paper(2, open_at_the_end))
    with reopened(document) as pdf:
        assert "/OpenAction" not in pdf.Root
    assert document.removed == ("open_action",)


def test_a_signature_that_no_longer_fits_is_taken_out_and_named():
    def sign(pdf: pikepdf.Pdf) -> None:
        value = pdf.make_indirect(Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]), Contents=b"x" * 50))
        field = pdf.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T="ký", V=value, Rect=Array([0, 0, 9, 9]))
        )
        pdf.pages[0].obj.Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)

    document = clean(samples.paper(1, sign))
    with reopened(document) as pdf:
        assert "/V" not in pdf.Root.AcroForm.Fields[0]
    assert document.removed == ("digital_signature",)


def test_objects_that_no_page_uses_are_not_carried_on():
    def hide(pdf: pikepdf.Pdf) -> None:
        pdf.trailer["/Hidden"] = pdf.make_stream(b"an old draft of the paper" * 40)

    data = samples.paper(1, hide)
    with reopened(clean(data)) as pdf:
        assert not [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and b"old draft" in one.read_bytes()]


def test_the_same_bytes_give_the_same_document():
    data = samples.paper(2)
    assert clean(data).data == clean(data).data


def test_pages_are_limited_by_the_slot():
    assert clean(samples.paper(4), limited(PAPER, max_pages=4)).pages == 4
    with pytest.raises(TooManyPages) as caught:
        clean(samples.paper(5), limited(PAPER, max_pages=4))
    assert caught.value.values() == {"pages": 5, "limit_pages": 4}


def test_objects_are_limited_by_the_slot():
    with pytest.raises(TooComplex) as caught:
        clean(samples.paper(5), replace(PAPER, max_objects=5))
    assert caught.value.limit == "objects"


def test_only_the_wanted_pages_are_drawn():
    document = clean(samples.paper(5), replace(PAPER, preview_pages=2))
    assert [preview.name for preview in document.previews] == ["page_1", "page_2", "list"]
    assert [one.name for one in documents.draw(document.data, [4, 5])] == ["page_4", "page_5"]
    with pytest.raises(Damaged):
        documents.draw(document.data, [6])


class TestScans:
    """Pictures inside a PDF."""

    @staticmethod
    def scanned(size: tuple[int, int], *, grey: bool = False, **options) -> bytes:
        picture = samples.photo(*size)
        data = samples.encoded(picture.convert("L") if grey else picture, "JPEG", quality=93, **options)
        space = {"ColorSpace": Name.DeviceGray} if grey else {}
        return samples.paper(1, lambda pdf: samples.scan(pdf, data, size, **space))

    @staticmethod
    def image_of(document: Document) -> tuple[tuple[int, int], bytes]:
        with reopened(document) as pdf:
            image = pdf.pages[0].get_images()["/Im0"]
            return (int(image.Width), int(image.Height)), image.read_raw_bytes()

    @pytest.mark.parametrize("grey", [False, True])
    def test_a_scan_of_300_dpi_is_brought_down_to_200(self, grey):
        data = self.scanned((2480, 3508), grey=grey)
        document = clean(data)
        size, jpeg = self.image_of(document)
        assert size == samples.opened(jpeg).size == (1653, 2339)
        assert document.removed == ("oversampling",)
        assert len(document.data) < 0.7 * len(data)

    def test_a_scan_that_wastes_nothing_stays_as_it_is(self):
        data = self.scanned((1654, 2339))
        document = clean(data)
        assert self.image_of(document) == ((1654, 2339), samples.encoded(samples.photo(1654, 2339), "JPEG", quality=93))
        assert document.removed == ()

    def test_the_page_looks_the_same_after_it(self):
        data = self.scanned((2480, 3508))
        before = samples.opened(documents.draw(data, [1])[0].data)
        after = samples.opened(clean(data).previews[0].data)
        difference = [abs(a - b) for a, b in zip(before.tobytes(), after.tobytes(), strict=True)]
        assert sum(difference) / len(difference) < 3

    def test_a_raw_raster_becomes_a_jpeg(self):
        picture = samples.photo(2480, 3508)
        data = samples.paper(
            1, lambda pdf: samples.scan(pdf, picture.tobytes(), (2480, 3508), Filter=None), compress_streams=True
        )
        document = clean(data)
        size, jpeg = self.image_of(document)
        assert size == samples.opened(jpeg).size == (1653, 2339)

    def test_a_photo_inside_a_pdf_loses_its_place(self):
        data = self.scanned((1000, 1414), exif=samples.exif_of_a_phone())
        document = clean(data)
        _, jpeg = self.image_of(document)
        assert dict(samples.opened(jpeg).getexif()) == {}
        assert document.removed == ("metadata",)

    def test_a_picture_inside_a_form_is_found_too(self):
        def nest(pdf: pikepdf.Pdf) -> None:
            samples.scan(pdf, samples.jpeg(2480, 3508, exif=samples.exif_of_a_phone()), (2480, 3508))
            inner = pdf.pages[0].obj
            form = pdf.make_stream(inner.Contents.read_bytes(), Subtype=Name.Form, BBox=Array([0, 0, 595, 842]))
            form.Resources = inner.Resources
            inner.Resources = Dictionary(XObject=Dictionary(F=form))
            inner.Contents = pdf.make_stream(b"/F Do")

        document = clean(samples.paper(1, nest))
        assert document.removed == ("metadata", "oversampling")
        assert self.image_of(document)[0] == (1653, 2339)

    def test_a_stencil_of_one_bit_is_left_alone(self):
        bits = Image.new("1", (5000, 7000)).tobytes()
        data = samples.paper(
            1,
            lambda pdf: samples.scan(pdf, bits, (5000, 7000), Filter=None, ColorSpace=Name.DeviceGray, BitsPerComponent=1),
        )
        document = clean(data)
        assert self.image_of(document)[0] == (5000, 7000)
        assert document.removed == ()
