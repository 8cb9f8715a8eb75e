"""What becomes of a picture; run without a worker, so that a fault shows its trace."""

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageCms, ImageFilter

from tests.uploads import samples
from uploads import images
from uploads.errors import Damaged, TooElongated, TooFewPixels, TooManyPixels
from uploads.images import Picture, check_size
from uploads.policy import PAPER, PHOTO, PICTURE_KINDS, RenditionSpec


def clean(data: bytes, kind: str = "jpeg", slot=PHOTO) -> Picture:
    return images.clean(data, kind, slot)


def sizes(picture: Picture) -> dict[str, tuple[int, int]]:
    return {one.name: (one.width_px, one.height_px) for one in picture.renditions}


def pixels_of(picture: Picture, name: str) -> Image.Image:
    (one,) = [one for one in picture.renditions if one.name == name]
    return samples.opened(one.data)


@pytest.fixture(scope="module")
def large() -> Picture:
    return clean(samples.jpeg(4200, 2800, exif=samples.exif_of_a_phone(), comment="máy thử".encode()))


def test_a_large_photo_gets_every_rendition(large):
    assert sizes(large) == {
        "full": (3000, 2000),
        "print": (1772, 1181),
        "page": (1600, 1067),
        "page_webp": (1600, 1067),
        "list": (400, 267),
        "list_webp": (400, 267),
    }
    assert large.warnings == ()
    assert large.removed == ("gps", "metadata", "scaled_down")


def test_every_rendition_is_what_it_says(large):
    for one in large.renditions:
        image = samples.opened(one.data)
        assert (image.size, Image.MIME[image.format or ""]) == ((one.width_px, one.height_px), one.media_type)


def test_no_rendition_carries_anything_but_its_picture(large):
    for one in large.renditions:
        image = samples.opened(one.data)
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "loop",
            "background",
            "timestamp",
            "duration",
        }
        assert b"th\xe1\xbb\xad" not in one.data


def test_a_photo_too_small_for_print_is_taken_with_a_warning():
    picture = clean(samples.jpeg(1771, 1181))
    assert picture.warnings == ("too_small_for_print",)
    assert "print" not in sizes(picture)


def test_a_photo_just_large_enough_is_printed_as_it_is():
    picture = clean(samples.jpeg(1181, 1772))
    assert (picture.warnings, sizes(picture)["print"]) == ((), (1181, 1772))


@pytest.mark.parametrize(
    ("source", "print_size"), [((4000, 3000), (1772, 1329)), ((3000, 3000), (1772, 1772)), ((4000, 1200), (3937, 1181))]
)
def test_the_print_covers_ten_by_fifteen_centimetres(source, print_size):
    assert sizes(clean(samples.jpeg(*source)))["print"] == print_size


def test_a_small_photo_is_never_enlarged():
    assert set(sizes(clean(samples.jpeg(640, 480))).values()) == {(640, 480), (400, 300)}


QUARTERS = {"red": (0, 0), "green": (1, 0), "blue": (0, 1), "white": (1, 1)}


def quartered(size: tuple[int, int] = (640, 480)) -> Image.Image:
    picture = Image.new("RGB", size)
    for colour, (x, y) in QUARTERS.items():
        picture.paste(Image.new("RGB", (size[0] // 2, size[1] // 2), colour), (x * size[0] // 2, y * size[1] // 2))
    return picture


def quarters_of(picture: Image.Image) -> dict[str, tuple[int, int]]:
    """Return where each colour stands, to compare with `QUARTERS`."""
    found = {}
    for x in (0, 1):
        for y in (0, 1):
            pixel = picture.getpixel(((2 * x + 1) * picture.width // 4, (2 * y + 1) * picture.height // 4))
            red, green, blue = (channel > 127 for channel in pixel[:3])
            name = "white" if red and green and blue else "red" if red else "blue" if blue else "green"
            found[name] = (x, y)
    return found


UNDO = {
    1: [],
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_90],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_270],
}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_however_the_phone_was_held(orientation):
    held = quartered()
    for turn in UNDO[orientation]:
        held = held.transpose(turn)
    picture = clean(samples.encoded(held, "JPEG", exif=samples.exif_of_a_phone(orientation)))
    for name in ("full", "list", "list_webp"):
        assert quarters_of(pixels_of(picture, name)) == QUARTERS
    assert sizes(picture)["full"] == (640, 480)
    assert ("rotation" in picture.removed) == (orientation != 1)


def test_a_heic_photo_stands_upright_and_loses_its_place():
    held = quartered().transpose(Image.Transpose.ROTATE_90)
    data = samples.encoded(held, "HEIF", quality=90, exif=samples.exif_of_a_phone(6).tobytes())
    picture = clean(data, "heic")
    assert quarters_of(pixels_of(picture, "full")) == QUARTERS
    assert {"gps", "metadata"} <= set(picture.removed)


@pytest.mark.parametrize(("kind", "file_format"), [("png", "PNG"), ("webp", "WEBP"), ("heic", "HEIF"), ("jpeg", "JPEG")])
def test_every_kind_of_picture_is_read(kind, file_format):
    picture = clean(samples.encoded(quartered(), file_format), kind)
    assert quarters_of(pixels_of(picture, "page")) == QUARTERS


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "LA", "CMYK", "I;16"])
def test_every_mode_of_pixels_becomes_colours_that_a_browser_shows(mode):
    grey = Image.linear_gradient("L").resize((300, 300))
    source = grey.convert("I").point(lambda value: value * 257).convert("I;16") if mode == "I;16" else grey.convert(mode)
    file_format = "JPEG" if mode == "CMYK" else "PNG"
    picture = pixels_of(clean(samples.encoded(source, file_format), "jpeg" if mode == "CMYK" else "png"), "full")
    assert picture.mode == "RGB"
    levels = [picture.resize((1, 300)).getpixel((0, y))[0] for y in (10, 150, 290)]
    assert levels[0] < 40
    assert 100 < levels[1] < 160
    assert levels[2] > 215


def test_transparency_becomes_white_paper():
    seal = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    seal.paste((200, 0, 0, 255), (0, 0, 200, 400))
    picture = clean(samples.encoded(seal, "PNG"), "png")
    full = pixels_of(picture, "full")
    assert [channel > 240 for channel in full.getpixel((300, 200))] == [True, True, True]
    assert full.getpixel((100, 200))[0] > 180 > 60 > full.getpixel((100, 200))[1]
    assert picture.removed == ("alpha",)


KEPT = replace(PHOTO, renditions=(RenditionSpec("full", "jpeg", 90, fit_px=200, keeps_alpha=True),))


def test_what_is_see_through_stays_so_where_the_slot_asks_for_it():
    seal = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    seal.paste((200, 0, 0, 255), (0, 0, 200, 400))
    picture = images.clean(samples.encoded(seal, "PNG"), "png", KEPT)
    (full,) = picture.renditions
    pixels = Image.open(io.BytesIO(full.data))
    assert (full.media_type, pixels.format, pixels.mode, pixels.size) == ("image/png", "PNG", "RGBA", (200, 200))
    assert [pixels.getpixel(place) for place in ((50, 100), (150, 100))] == [(200, 0, 0, 255), (0, 0, 0, 0)]
    assert picture.removed == ("scaled_down",)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "RGB"])
def test_a_picture_that_hides_the_paper_everywhere_is_a_photograph_there_too(mode):
    picture = images.clean(samples.encoded(Image.new(mode, (400, 400), "white"), "PNG"), "png", KEPT)
    assert [one.media_type for one in picture.renditions] == ["image/jpeg"]


def test_a_see_through_picture_of_another_profile_is_brought_to_srgb_too():
    see_through = quartered().convert("RGBA")
    see_through.putpixel((0, 0), (0, 0, 0, 0))
    picture = images.clean(samples.encoded(see_through, "PNG", icc_profile=_profile_with_red_and_blue_swapped()), "png", KEPT)
    found = quarters_of(Image.open(io.BytesIO(picture.renditions[0].data)).convert("RGB"))
    assert (found["blue"], found["red"]) == (QUARTERS["red"], QUARTERS["blue"])


def test_colours_of_another_profile_are_brought_to_srgb():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    assert images._in_srgb(quartered(), profile.tobytes()).tobytes() == quartered().tobytes()
    swapped = _profile_with_red_and_blue_swapped()
    picture = clean(samples.encoded(quartered(), "PNG", icc_profile=swapped), "png")
    assert picture.removed == ("colour_profile",)
    found = quarters_of(pixels_of(picture, "full"))
    assert (found["blue"], found["red"]) == (QUARTERS["red"], QUARTERS["blue"])


def _profile_with_red_and_blue_swapped() -> bytes:
    """sRGB whose red and blue primaries have changed places: seen at once when the profile is honoured."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return data.replace(b"sRGB", b"xRGB").replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


def test_a_broken_profile_is_passed_over():
    picture = clean(samples.encoded(quartered(), "PNG", icc_profile=b"not a profile" * 20), "png")
    assert quarters_of(pixels_of(picture, "full")) == QUARTERS


def test_only_the_first_frame_of_an_animation_stays():
    frames = [quartered(), Image.new("RGB", (640, 480), "black")]
    picture = clean(samples.encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=50), "webp")
    assert picture.removed == ("animation",)
    assert quarters_of(pixels_of(picture, "full")) == QUARTERS


def test_the_second_picture_of_a_phone_s_file_goes():
    data = samples.encoded(quartered(), "MPO", save_all=True, append_images=[Image.new("RGB", (640, 480))])
    picture = clean(data)
    assert "extra_pictures" in picture.removed
    assert quarters_of(pixels_of(picture, "full")) == QUARTERS


def test_a_paper_sent_as_picture_gets_a_preview_and_no_advice_on_photographs():
    picture = clean(samples.jpeg(1700, 2200), slot=PAPER)
    assert sizes(picture) == {"full": (1700, 2200), "page_1": (1082, 1400), "list": (309, 400)}
    assert picture.warnings == ()


def test_the_same_photo_smaller_lighter_and_re_encoded_looks_the_same():
    original = samples.photo(1600, 1200, 7)
    altered = original.resize((900, 675)).point(lambda value: min(255, value + 12))
    a, b = clean(samples.encoded(original)), clean(samples.encoded(altered, "JPEG", quality=55))
    assert (int(a.phash, 16) ^ int(b.phash, 16)).bit_count() <= 6


def test_other_photos_look_different():
    hashes = [int(clean(samples.jpeg(seed=seed)).phash, 16) for seed in range(6)]
    assert min((a ^ b).bit_count() for i, a in enumerate(hashes) for b in hashes[:i]) > 12


def test_blur_is_noticed_and_a_plain_backdrop_is_not_blur():
    sharp = samples.photo(2000, 1500, 3)
    product = Image.new("RGB", (2000, 1500), "white")
    product.paste(sharp.crop((0, 0, 500, 500)), (700, 500))
    assert clean(samples.encoded(sharp)).warnings == ()
    assert clean(samples.encoded(product)).warnings == ()
    assert clean(samples.encoded(sharp.filter(ImageFilter.GaussianBlur(8)))).warnings == ("blurry",)


def test_the_placeholder_is_the_most_frequent_colour():
    picture = Image.new("RGB", (600, 600), (250, 250, 250))
    picture.paste((20, 90, 160), (0, 0, 600, 400))
    red, green, blue = bytes.fromhex(clean(samples.encoded(picture)).placeholder[1:])
    assert max(abs(red - 20), abs(green - 90), abs(blue - 160)) <= 4


@pytest.mark.parametrize(
    ("size", "refusal"),
    [((8001, 8000), TooManyPixels), ((199, 400), TooFewPixels), ((8001, 1000), TooElongated)],
)
def test_a_size_outside_of_the_slot_is_refused(size, refusal):
    with pytest.raises(refusal) as caught:
        check_size(size, PHOTO)
    assert (caught.value.width_px, caught.value.height_px) == size


@pytest.mark.parametrize("size", [(8000, 8000), (200, 400), (8000, 1000)])
def test_a_size_at_the_edge_of_the_slot_is_taken(size):
    check_size(size, PHOTO)


@pytest.mark.parametrize("kind", sorted(PICTURE_KINDS))
def test_bytes_of_another_kind_are_damaged_not_decoded(kind):
    other = samples.encoded(quartered(), "PNG" if kind != "png" else "JPEG")
    with pytest.raises(Damaged) as caught:
        clean(other, kind)
    assert caught.value.kind == kind


def test_the_same_bytes_give_the_same_renditions():
    data = samples.jpeg(900, 700)
    assert clean(data) == clean(data)


def test_reading_leaves_the_source_untouched():
    data = samples.jpeg()
    copy = bytes(bytearray(data))
    clean(data)
    assert io.BytesIO(data).getvalue() == copy
