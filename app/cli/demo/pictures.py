"""Pictures of invented products, drawn by code: turned, boxed and woven shapes in light and shade.

NumPy does the light, zlib writes the PNG; nothing is a photo of anything.
"""

from __future__ import annotations

import colorsys
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

WIDTH_PX, HEIGHT_PX = 1800, 1350
# Light is computed on a coarser grid; fine grain is added at full size.
SCALE = 3

Plane = npt.NDArray[np.float32]
Profile = Callable[[Plane], Plane]


@dataclass(frozen=True)
class Shape:
    """How a kind of product looks: its outline, surface and how many stand in the picture."""

    name: str
    profile: Profile
    height: float
    surface: str = "glaze"
    lid: bool = False
    label: bool = False
    pieces: int = 1


def vase(t: Plane) -> Plane:
    """Narrow foot, full belly, narrow neck."""
    return 0.16 + 0.26 * np.clip(np.sin(np.pi * np.clip(t, 0, 1) ** 0.8), 0, 1) ** 1.4 + 0.05 * (t < 0.06)


def bowl(t: Plane) -> Plane:
    """Wide rim, small foot."""
    return 0.62 - 0.42 * np.clip(t, 0, 1) ** 2.2


def bottle(t: Plane) -> Plane:
    """A neck over a straight body."""
    return np.where(t < 0.32, 0.085 + 0.2 * np.clip((t - 0.2) / 0.12, 0, 1) ** 1.6, 0.285)


def jar(t: Plane) -> Plane:
    """A straight jar with a soft shoulder."""
    return 0.36 - 0.07 * np.clip(1 - t / 0.16, 0, 1) ** 2


def basket(t: Plane) -> Plane:
    """Bulging sides."""
    return 0.42 + 0.12 * np.sin(np.pi * np.clip(t, 0, 1))


def lamp(t: Plane) -> Plane:
    """A wide shade over a thin stand."""
    return np.where(t < 0.55, 0.2 + 0.42 * t, 0.05 + 0.26 * np.clip((t - 0.93) / 0.07, 0, 1))


def cup(t: Plane) -> Plane:
    """A tea cup."""
    return 0.34 - 0.12 * np.clip(t, 0, 1) ** 3


def drum(t: Plane) -> Plane:
    """The casing of a machine."""
    return np.full_like(t, 0.46)


def box(t: Plane) -> Plane:
    """A packed box or block."""
    return np.full_like(t, 0.44)


SHAPES: dict[str, Shape] = {
    "vase": Shape("vase", vase, 0.74),
    "bowl": Shape("bowl", bowl, 0.4),
    "tea": Shape("tea", cup, 0.34, pieces=3),
    "basket": Shape("basket", basket, 0.56, surface="weave"),
    "lamp": Shape("lamp", lamp, 0.76, surface="weave"),
    "cloth": Shape("cloth", drum, 0.34, surface="stripe"),
    "bottle": Shape("bottle", bottle, 0.78, label=True, lid=True, pieces=2),
    "jar": Shape("jar", jar, 0.56, label=True, lid=True, pieces=2),
    "can": Shape("can", drum, 0.5, label=True, lid=True),
    "pack": Shape("pack", box, 0.62, surface="flat", label=True),
    "gift": Shape("gift", box, 0.44, surface="flat", label=True, pieces=2),
    "machine": Shape("machine", drum, 0.58, surface="metal"),
    "tool": Shape("tool", bottle, 0.7, surface="metal"),
    "brick": Shape("brick", box, 0.3, surface="stone", pieces=3),
    "soap": Shape("soap", box, 0.26, surface="flat", pieces=3),
    "mat": Shape("mat", box, 0.5, surface="weave"),
}


# Hue, lightness, strength: celadon, ash, terracotta, indigo, tea, cream, moss, lacquer.
PALETTE = (
    (0.42, 0.56, 0.22),
    (0.09, 0.62, 0.24),
    (0.04, 0.5, 0.5),
    (0.62, 0.4, 0.38),
    (0.07, 0.38, 0.42),
    (0.12, 0.76, 0.5),
    (0.22, 0.42, 0.34),
    (0.01, 0.32, 0.56),
)


def draw(shape: str, colour: int, view: int, seed: int) -> bytes:
    """A PNG of 1800 x 1350 px: a shape in a colour of ``PALETTE``, from one of three views.

    The same arguments give the same bytes.
    """
    kind, tint = SHAPES[shape], PALETTE[colour % len(PALETTE)]
    random = np.random.default_rng(seed * 31 + view)
    height, width = HEIGHT_PX // SCALE, WIDTH_PX // SCALE
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / height
    picture = _backdrop(x, y, tint[0], view)
    offsets = {1: (0.0,), 2: (-0.2, 0.2), 3: (-0.32, 0.0, 0.32)}[kind.pieces]
    size = (0.78, 0.98, 0.88)[view % 3] / (1 + 0.2 * (kind.pieces - 1))
    for number, offset in enumerate(offsets):
        lift = 0.03 * (number % 2) + (0.0, 0.02, -0.02)[view % 3]
        centre = x.max() / 2 + offset * (1, 0.9, 1.1)[view % 3] + (0.0, 0.06, -0.05)[view % 3]
        _place(picture, x, y, kind, (tint[0] + 0.015 * number, *tint[1:]), centre, 0.88 - lift, size, view)
    return _png(_grain(picture, random))


def _backdrop(x: Plane, y: Plane, hue: float, view: int) -> npt.NDArray[np.float32]:
    base = np.array(colorsys.hls_to_rgb((hue + (0.5, 0.08, 0.58)[view % 3]) % 1, 0.83, 0.22), np.float32)
    floor = np.clip((y - 0.74) * 9, 0, 1)
    light = 1.06 - 0.34 * np.hypot(x - 0.45, (y - 0.32) * 1.2)
    shade = light * (1 - 0.12 * floor)
    return (base[None, None, :] * shade[..., None]).astype(np.float32)


def _place(
    picture: npt.NDArray[np.float32],
    x: Plane,
    y: Plane,
    kind: Shape,
    tint: tuple[float, ...],
    centre: float,
    ground: float,
    size: float,
    view: int,
) -> None:
    """Paint one object standing at ``centre`` on ``ground``: shadow first, then its lit body."""
    tall = min(kind.height * size * 1.12, 0.76)
    top = ground - tall
    t = (y - top) / tall
    radius = kind.profile(np.clip(t, 0, 1)) * size * 0.92
    shadow = np.exp(-(((x - centre - 0.04) / (radius.max() * 1.2)) ** 2 + ((y - ground) / 0.035) ** 2))
    picture *= (1 - 0.42 * shadow)[..., None]
    across = (x - centre) / np.maximum(radius, 1e-3)
    body = (np.abs(across) < 1) & (t >= 0) & (t <= 1)
    flat = kind.surface in ("flat", "stone")
    colour = _colours(kind, tint, across, t, view) * _light(across, t, flat)[..., None]
    if kind.surface in ("glaze", "metal"):
        gloss = np.exp(-(((across + 0.42) / (0.1 if kind.surface == "glaze" else 0.06)) ** 2))
        colour += (0.36 * gloss * np.clip(1.1 - t, 0, 1))[..., None]
    soft = np.clip((1 - np.abs(across)) * radius * picture.shape[0] / 1.4, 0, 1)[..., None]
    mask = body[..., None] * soft
    picture[:] = picture * (1 - mask) + np.clip(colour, 0, 1.15) * mask
    if not flat:
        _rim(picture, x, y, kind, tint, centre, top, float(kind.profile(np.zeros(1, np.float32))[0]) * size * 0.92)


def _rim(
    picture: npt.NDArray[np.float32],
    x: Plane,
    y: Plane,
    kind: Shape,
    tint: tuple[float, ...],
    centre: float,
    top: float,
    radius: float,
) -> None:
    """The opening or the lid, seen a little from above."""
    distance = np.hypot((x - centre) / radius, (y - top) / (0.2 * radius))
    closed = kind.lid or kind.surface in ("metal", "stripe")
    if kind.surface == "metal":
        tint = (tint[0], 0.6, 0.1)
    own = colorsys.hls_to_rgb(tint[0] % 1, tint[1] * (1.12 if closed else 0.5), tint[2])
    base = (0.72, 0.56, 0.26) if kind.lid else own
    inside = np.clip((1 - distance) * 26, 0, 1)[..., None]
    picture[:] = picture * (1 - inside) + np.array(base, np.float32) * (1.0 if closed else 0.8) * inside
    if not closed:
        edge = np.exp(-(((distance - 0.96) / 0.05) ** 2))[..., None]
        picture += 0.22 * edge * np.array(colorsys.hls_to_rgb(tint[0] % 1, 0.8, tint[2]), np.float32)


def _light(across: Plane, t: Plane, flat: bool) -> Plane:
    if flat:
        side = np.where(across > 0.55, 0.72, 1.0)
        return (side * (1.06 - 0.16 * t)).astype(np.float32)
    normal = np.sqrt(np.clip(1 - across**2, 0, 1))
    return (0.34 + 0.78 * np.clip(0.62 * normal - 0.5 * across, 0, 1)).astype(np.float32)


def _colours(kind: Shape, tint: tuple[float, ...], across: Plane, t: Plane, view: int) -> npt.NDArray[np.float32]:
    hue, lightness, strength = tint
    if kind.surface == "metal":
        lightness, strength = 0.6, 0.1
    base = np.array(colorsys.hls_to_rgb(hue % 1, lightness, strength), np.float32)
    colour = np.broadcast_to(base, (*across.shape, 3)).copy()
    angle = np.arcsin(np.clip(across, -1, 1))
    if kind.surface == "weave":
        woven = np.sin(angle * 34) * np.sin(t * 70 + np.pi * (np.floor(angle * 34 / np.pi) % 2))
        colour *= (0.86 + 0.2 * woven)[..., None]
    elif kind.surface == "stripe":
        colour *= (0.84 + 0.22 * np.sign(np.sin(t * 44)) * np.sin(t * 9))[..., None]
    elif kind.surface == "metal":
        colour *= (0.94 + 0.08 * np.sign(np.sin(t * 30)))[..., None]
    elif kind.surface == "glaze":
        colour *= (0.95 + 0.1 * np.sin(angle * 3 + t * 5 + view))[..., None]
    if kind.label:
        paper = np.array((0.96, 0.93, 0.85), np.float32)
        inside = (t > 0.48) & (t < 0.82) & (np.abs(across) < 0.82)
        colour[inside] = paper
        band = inside & (np.abs(t - 0.6) < 0.035) & (np.abs(across) < 0.55)
        line = inside & (np.abs(t - 0.71) < 0.012) & (np.abs(across) < 0.4)
        colour[band] = np.array((0.6, 0.12, 0.13), np.float32)
        colour[line] = np.array((0.25, 0.25, 0.3), np.float32)
    if kind.lid:
        colour[t < 0.11] = np.array((0.66, 0.5, 0.2), np.float32)
    return colour


def _grain(picture: npt.NDArray[np.float32], random: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Full size by straight lines between the coarse points, with a grain that keeps surfaces from looking flat."""
    wide = np.clip(picture * 255, 2, 253)
    for axis in (0, 1):
        wide = _stretched(wide, axis)
    tile = random.normal(0, 2.0, (HEIGHT_PX // 3, WIDTH_PX // 3)).astype(np.float32)
    wide += np.tile(tile, (3, 3))[..., None]
    return np.clip(wide, 0, 255, out=wide).astype(np.uint8)


def _stretched(plane: npt.NDArray[np.float32], axis: int) -> npt.NDArray[np.float32]:
    nxt = np.roll(plane, -1, axis)
    last = [slice(None)] * plane.ndim
    last[axis] = slice(-1, None)
    nxt[tuple(last)] = plane[tuple(last)]
    steps = [plane + (nxt - plane) * np.float32(step / SCALE) for step in range(SCALE)]
    shape = list(plane.shape)
    shape[axis] *= SCALE
    return np.stack(steps, axis=axis + 1).reshape(shape)


def _png(pixels: npt.NDArray[np.uint8]) -> bytes:
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + width * 3), np.uint8)
    rows[:, 1:] = pixels.reshape(height, width * 3)

    def chunk(name: bytes, body: Any) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 0)  # packing costs more than intake saves by it
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
