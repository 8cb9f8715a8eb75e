"""Pictures: decoded within limits, turned upright, stripped, and encoded anew in every size that is needed.

The one importer of Pillow in the product. It runs inside a worker (`uploads.worker`); nothing here trusts its input.
What makes it fast: JPEG is decoded at a half, a quarter or an eighth where that is enough; each size is made from the
next larger one; a picture is turned after it was shrunk; WebP is encoded beside JPEG.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, ImageFilter, ImageStat

from uploads.errors import Damaged, TooElongated, TooFewPixels, TooManyPixels
from uploads.policy import BLURRY_BELOW, RenditionSpec, Slot

Size = tuple[int, int]

pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
Image.init()
# The policy's own cap is checked on the header, before Pillow's fixed one would answer.
Image.MAX_IMAGE_PIXELS = None

_FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}
_MEDIA_TYPES = {"jpeg": "image/jpeg", "webp": "image/webp", "png": "image/png"}
_WEBP_METHOD = 1
_MAX_PROFILE_BYTES = 4_000_000
_SRGB = ImageCms.createProfile("sRGB")
_GPS_TAG, _ORIENTATION_TAG = 0x8825, 0x0112
_SHARPNESS_EDGE_PX = 1024
_TILES = 8
_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
_TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


@dataclass(frozen=True, slots=True)
class Encoded:
    """One encoded picture and its size in pixels."""

    name: str
    media_type: str
    width_px: int
    height_px: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A cleaned picture; the fields are those of `uploads.intake.Received`."""

    renditions: tuple[Encoded, ...]
    phash: str
    sharpness: float
    placeholder: str
    warnings: tuple[str, ...]
    removed: tuple[str, ...]


def clean(data: bytes, kind: str, slot: Slot) -> Picture:
    """Return the renditions and figures of one picture.

    Raises:
        Damaged: the bytes are no whole picture of this kind.
        TooManyPixels, TooFewPixels, TooElongated: the header is outside of the slot's limits; nothing was decoded.
    """
    image = _open(data, kind)
    check_size(image.size, slot)
    removed = _to_be_removed(image, data, kind)
    turn = _orientation(image)
    source = _turned_size(image.size, turn)
    sizes = _plan(source, slot.renditions)
    if max(sizes.values()) != source:
        removed.add("scaled_down")
    decoded = [_decode(image, kind, turn, max(sizes.values()), any(spec.keeps_alpha for spec in slot.renditions))]
    del image
    if _is_see_through(decoded[0]):
        removed.discard("alpha")
    # Handed over, not shared: each picture is let go as soon as the next smaller one is made.
    return _made(decoded.pop(), slot.renditions, sizes, removed)


def _made(upright: Image.Image, specs: Sequence[RenditionSpec], sizes: dict[str, Size], removed: set[str]) -> Picture:
    """Go from the largest size to the smallest, encode and measure on the way, and let each picture go.

    WebP, by far the slowest, is encoded beside everything else; on a copy, since saving writes to the image object.
    """
    steps = sorted(set(sizes.values()), reverse=True)
    ready: dict[str, Future[bytes] | bytes] = {}
    sharpness = 0.0
    with ThreadPoolExecutor(max_workers=1) as beside:
        for size in steps:
            upright = _resized(upright, size)
            for spec in sorted((one for one in specs if sizes.get(one.name) == size), key=lambda one: one.format != "webp"):
                ready[spec.name] = (
                    beside.submit(encode, _flattened(upright.copy()), "webp", spec.quality)
                    if spec.format == "webp"
                    else _encode_still(upright, spec)
                )
            if size == _nearest(steps, _SHARPNESS_EDGE_PX):
                sharpness = _sharpness(_flattened(upright))
        seen = _flattened(upright)
        phash, placeholder = _difference_hash(seen), _placeholder(seen)
        done = {name: one if isinstance(one, bytes) else one.result() for name, one in ready.items()}
    return Picture(
        renditions=tuple(
            Encoded(spec.name, _media_type(done[spec.name]), *sizes[spec.name], done[spec.name])
            for spec in specs
            if spec.name in done
        ),
        phash=phash,
        sharpness=sharpness,
        placeholder=placeholder,
        warnings=_warnings(specs, sizes, sharpness),
        removed=tuple(sorted(removed)),
    )


def _encode_still(image: Image.Image, spec: RenditionSpec) -> bytes:
    if spec.keeps_alpha and _is_see_through(image):
        return encode(image, "png", spec.quality)
    return encode(_flattened(image), "jpeg", spec.quality)


def _media_type(data: bytes) -> str:
    """Return the media type of a picture encoded here."""
    formats = {b"\xff\xd8\xff\xe0": "jpeg", b"\x89PNG": "png", b"RIFF": "webp"}
    return _MEDIA_TYPES[formats[data[:4]]]


def _is_see_through(image: Image.Image) -> bool:
    """Tell whether a decoded picture has a pixel that lets the paper show."""
    return image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255)


def _nearest(sizes: Iterable[Size], edge_px: int) -> Size:
    """Return the smallest size whose long edge reaches `edge_px`, else the largest."""
    ordered = sorted(sizes)
    return next((size for size in ordered if max(size) >= edge_px), ordered[-1])


def _open(data: bytes, kind: str) -> Image.Image:
    """Read the header only; the kind was sniffed, so no other decoder may answer."""
    width, height = _webp_canvas(data) if kind == "webp" else (0, 0)
    if width * height > 2**28:
        raise TooManyPixels(width_px=width, height_px=height, limit_pixels=2**28)
    try:
        return Image.open(io.BytesIO(data), formats=[_FORMATS[kind]])
    except MemoryError:
        raise
    except Exception as error:  # decoders raise whatever a hostile file makes them raise
        raise Damaged(kind=kind) from error


def _webp_canvas(data: bytes) -> Size:
    """Return the canvas of an extended WebP file: its decoder takes memory for it before it shows the size."""
    if data[12:16] != b"VP8X" or len(data) < 30:
        return (0, 0)
    return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")


def check_size(size: Size, slot: Slot) -> None:
    """Check the pixels that a header promises against a slot.

    Raises:
        TooManyPixels, TooFewPixels, TooElongated: outside of the slot's limits.
    """
    width, height = size
    if width * height > slot.max_pixels:
        raise TooManyPixels(width_px=width, height_px=height, limit_pixels=slot.max_pixels)
    if min(size) < slot.min_edge_px:
        raise TooFewPixels(width_px=width, height_px=height, limit_px=slot.min_edge_px)
    if max(size) > slot.max_elongation * min(size):
        raise TooElongated(width_px=width, height_px=height)


def _to_be_removed(image: Image.Image, data: bytes, kind: str) -> set[str]:
    """Name what the file carries beside its picture; none of it is encoded again."""
    exif = _exif(image)
    marks = {
        "metadata": bool(exif) or any(key in image.info for key in ("xmp", "comment", "photoshop", "XML:com.adobe.xmp")),
        "gps": _GPS_TAG in exif,
        "rotation": _orientation(image) != 1,
        "colour_profile": bool(image.info.get("icc_profile")),
        "alpha": image.mode in {"LA", "PA", "RGBA", "La", "RGBa"} or "transparency" in image.info,
        _extra_frames_code(image): getattr(image, "n_frames", 1) > 1,
        "trailing_data": _has_trailing_data(data, kind),
    }
    if kind == "png" and getattr(image, "text", None):
        marks["metadata"] = True
    return {code for code, present in marks.items() if present}


def _extra_frames_code(image: Image.Image) -> str:
    return "animation" if image.format in {"PNG", "WEBP"} else "extra_pictures"


def _has_trailing_data(data: bytes, kind: str) -> bool:
    """Tell whether bytes follow the end of the picture: where a polyglot keeps its second half."""
    if kind == "jpeg":
        return not data.rstrip(b"\x00").endswith(b"\xff\xd9")
    if kind == "png":
        return data.rfind(b"IEND") + 8 != len(data)
    if kind == "webp":
        return int.from_bytes(data[4:8], "little") + 8 < len(data) - 1
    return False


def _exif(image: Image.Image) -> dict[int, Any]:
    try:
        return dict(image.getexif())
    except MemoryError:
        raise
    except Exception:  # a broken directory says nothing: the picture may still be whole
        return {}


def _orientation(image: Image.Image) -> int:
    """Return the orientation of EXIF, 1 to 8; the HEIF plugin has already turned its picture and says 1."""
    value = _exif(image).get(_ORIENTATION_TAG, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turned_size(size: Size, turn: int) -> Size:
    return (size[1], size[0]) if turn >= 5 else size


def _plan(source: Size, specs: Sequence[RenditionSpec]) -> dict[str, Size]:
    """Return the size of each rendition that this source can give, by name."""
    planned = {spec.name: _size_for(source, spec) for spec in specs}
    return {name: size for name, size in planned.items() if size is not None}


def _size_for(source: Size, spec: RenditionSpec) -> Size | None:
    if spec.fit_px is not None:
        return _scaled(source, min(1.0, spec.fit_px / max(source)))
    short, long = spec.cover_px or (0, 0)
    scale = max(short / min(source), long / max(source))
    return _scaled(source, scale) if scale <= 1 else None


def _scaled(size: Size, scale: float) -> Size:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _decode(image: Image.Image, kind: str, turn: int, largest: Size, keep_alpha: bool) -> Image.Image:
    """Decode, shrink to `largest`, turn upright and bring to sRGB, in this order; RGB, or RGBA where alpha is kept."""
    wanted = _turned_size(largest, turn)
    if image.format in {"JPEG", "MPO"}:
        image.draft(image.mode, wanted)
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:  # decoders raise whatever a hostile file makes them raise
        raise Damaged(kind=kind) from error
    profile = image.info.get("icc_profile")
    shrunk = _resized(_scalable(image), wanted)
    shrunk = shrunk.convert("RGBA") if keep_alpha and shrunk.mode == "LA" else shrunk
    shrunk = shrunk if keep_alpha else _flattened(shrunk)
    for method in _TURNS.get(turn, ()):
        shrunk = shrunk.transpose(method)
    alpha = shrunk.getchannel("A") if shrunk.mode == "RGBA" else None
    upright = _in_srgb(shrunk if alpha is None else shrunk.convert("RGB"), profile)
    if alpha is not None:
        upright.putalpha(alpha)
    upright.info = {}
    return upright


def _scalable(image: Image.Image) -> Image.Image:
    """Return the picture in a mode that can be shrunk well: no palette, no more than 8 bits a channel."""
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if "transparency" in image.info or image.mode in {"PA", "RGBa", "La"}:
        return image.convert("RGBA")
    return image if image.mode in {"L", "LA", "RGB", "RGBA", "CMYK"} else image.convert("RGB")


def _flattened(image: Image.Image) -> Image.Image:
    """Return the picture on white paper where it was transparent."""
    if image.mode not in {"LA", "RGBA"}:
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image.convert("RGB"), mask=image.getchannel("A"))
    return paper


def _resized(image: Image.Image, size: Size) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Return the picture in sRGB; a profile that is broken, oversized or of another colour model is passed over."""
    if isinstance(profile, bytes) and len(profile) <= _MAX_PROFILE_BYTES and b"sRGB" not in profile[:4000]:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
            if turned is not None:
                return turned
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image if image.mode == "RGB" else image.convert("RGB")


def encode(image: Image.Image, file_format: str, quality: int) -> bytes:
    """Return a picture as `jpeg`, `webp` or `png`; `quality` is 1 to 95. Its `info` must be empty: encoders copy from it."""
    buffer = io.BytesIO()
    if file_format == "png":
        image.save(buffer, "PNG", compress_level=9)
    elif file_format == "webp":
        image.save(buffer, "WEBP", quality=quality, method=_WEBP_METHOD)
    else:
        image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _difference_hash(image: Image.Image) -> str:
    """Return 64 bits as 16 hexadecimal digits: whether each of 8 x 8 fields is brighter than its right neighbour."""
    small = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    rows = [small.crop((0, y, 9, y + 1)).tobytes() for y in range(8)]
    bits = "".join("1" if row[x] > row[x + 1] else "0" for row in rows for x in range(8))
    return f"{int(bits, 2):016x}"


def _sharpness(image: Image.Image) -> float:
    """Return the variance of the Laplacian in the sharpest of 8 x 8 fields, at 1024 px: a plain backdrop is no blur."""
    grey = image.convert("L")
    grey.thumbnail((_SHARPNESS_EDGE_PX, _SHARPNESS_EDGE_PX), Image.Resampling.LANCZOS, reducing_gap=3.0)
    edges = grey.filter(_LAPLACIAN).crop((1, 1, grey.width - 1, grey.height - 1))
    width, height = edges.width // _TILES, edges.height // _TILES
    corners = [(x * width, y * height) for x in range(_TILES) for y in range(_TILES)]
    return round(max(ImageStat.Stat(edges.crop((x, y, x + width, y + height))).var[0] for x, y in corners), 1)


def _placeholder(image: Image.Image) -> str:
    """Return the most frequent of eight colours as `#rrggbb`: shown while the picture loads."""
    small = image.resize((32, 32), Image.Resampling.BOX).quantize(8)
    counts = small.getcolors() or [(1, 0)]
    _, index = max(counts)
    red, green, blue = (small.getpalette() or [0, 0, 0])[3 * int(index) : 3 * int(index) + 3]  # type: ignore[call-overload]
    return f"#{red:02x}{green:02x}{blue:02x}"


def _warnings(specs: Sequence[RenditionSpec], sizes: dict[str, Size], sharpness: float) -> tuple[str, ...]:
    """Return advice codes; only a slot that wants a print (a photo) is judged as a photograph."""
    if not any(spec.cover_px for spec in specs):
        return ()
    found = {"blurry": sharpness < BLURRY_BELOW, "too_small_for_print": any(spec.name not in sizes for spec in specs)}
    return tuple(code for code, present in found.items() if present)


def from_raster(name: str, pixels: object, size: Size, stride: int, fit_px: int, quality: int = 80) -> Encoded:
    """Return an 8-bit RGB raster of `stride` bytes a row as JPEG, brought down to `fit_px` on its long edge."""
    image = Image.frombuffer("RGB", size, pixels, "raw", "RGB", stride, 1)  # type: ignore[arg-type]
    image = _resized(image, _scaled(size, min(1.0, fit_px / max(size))))
    return Encoded(name, _MEDIA_TYPES["jpeg"], image.width, image.height, encode(image, "jpeg", quality))


def raster_of(jpeg: bytes, fit_px: int) -> tuple[bytes, Size]:
    """Return a JPEG made here as 8-bit RGB rows without padding, brought down to `fit_px` on its long edge, and its size."""
    image = Image.open(io.BytesIO(jpeg), formats=["JPEG"])
    size = _scaled(image.size, min(1.0, fit_px / max(image.size)))
    image.draft("RGB", size)
    made = _resized(image.convert("RGB"), size)
    return made.tobytes(), made.size


def reduced(picture: Encoded, name: str, fit_px: int, quality: int = 80) -> Encoded:
    """Return a JPEG made here as a smaller one, `fit_px` on its long edge."""
    image = Image.open(io.BytesIO(picture.data), formats=["JPEG"])
    size = _scaled(image.size, min(1.0, fit_px / max(image.size)))
    image.draft(image.mode, size)
    made, size = _as_scan(image, size, quality)
    return Encoded(name, _MEDIA_TYPES["jpeg"], *size, made)


def shrunk_jpeg(data: bytes, scale: float, quality: int) -> tuple[bytes, Size] | None:
    """Return a grey or RGB JPEG brought down by `scale` (0 to 1) with its new size; `None` where it cannot be."""
    try:
        image = Image.open(io.BytesIO(data), formats=["JPEG"])
        size = _scaled(image.size, scale)
        image.draft(image.mode, size)
        if image.mode not in {"L", "RGB"}:
            return None
        image.load()
    except MemoryError:
        raise
    except Exception:  # a viewer may still show what this decoder does not: the stream stays as it is
        return None
    return _as_scan(image, size, quality)


def shrunk_raster(pixels: bytes, mode: str, size: Size, scale: float, quality: int) -> tuple[bytes, Size] | None:
    """Return 8-bit pixels (`L` or `RGB`, rows without padding) as JPEG brought down by `scale`, with the new size."""
    try:
        image = Image.frombytes(mode, size, pixels)
    except ValueError:
        return None
    return _as_scan(image, _scaled(size, scale), quality)


def _as_scan(image: Image.Image, size: Size, quality: int) -> tuple[bytes, Size]:
    shrunk = _resized(image, size)
    shrunk.info = {}
    return encode(shrunk, "jpeg", quality), size
