"""A design compiled: fonts, page pictures and the places of all lines, kept on disk.

WeasyPrint lays a design out once for every state, that is for every way in which its blocks
take room; hundreds of thousands of certificates share a few dozen states. A compiled design
is loaded without importing WeasyPrint; only a state not seen before needs it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from certificates.design import Design
from certificates.drawing import Drawing, take_drawing
from certificates.embedding import EmbeddedFace, embed
from certificates.fitting import Fitted, Fitter, State, state_of
from certificates.fonts import default_cache_dir, write_atomically
from certificates.measure import BlockMeasure, Box, Measure, PieceStyle
from certificates.rendering import lay_out, measure_design
from certificates.shaping import typeface
from certificates.template import Block, Piece, Step, parse_template

FORMAT = 2
"""Goes up when archived bytes of older code cannot be read any more."""

_COMPILING_CODE = (
    "compiler", "drawing", "embedding", "fitting", "fonts", "measure", "rendering", "shaping",
    "template", "weasy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageLayout:
    """One state of a page: baselines of every block's lines in points, and the other places."""

    baselines: tuple[tuple[float, ...], ...]
    qr: Box | None
    signature: Box | None
    crowded: tuple[int, ...]
    drawing: str


class Settled(NamedTuple):
    """A content's texts fitted, the state that they make, and its layout."""

    fitted: list[Fitted | None]
    state: State
    layout: PageLayout


@dataclass
class CompiledDesign:
    """Everything that stamping needs; grows by a layout whenever a new state comes along.

    Attributes:
        drawings: digest -> picture of the page; layouts: state -> places.
        cut_kerning: whether unspaced text is kerned as WeasyPrint draws it; what was compiled before
            that was known is stamped as ever, so that what was issued comes out byte for byte.
        compiled_states: how many states this process had WeasyPrint lay out.
    """

    design: Design
    cache_dir: Path
    blocks: tuple[Block, ...]
    measure: Measure
    faces: tuple[EmbeddedFace, ...]
    colour_profile: bytes
    layouts: dict[State, PageLayout] = field(default_factory=dict)
    drawings: dict[str, Drawing] = field(default_factory=dict)
    compiled_states: int = 0
    cut_kerning: bool = True

    def __post_init__(self) -> None:
        keys = [face.key for face in self.faces]
        faces = {key: typeface(key, self.cache_dir) for key in keys}
        self.fitter = Fitter(self.blocks, self.measure, faces)

    def settle(self, values: dict[str, str]) -> Settled:
        """Return all texts fitted, with the layout of their state, laid out first if it is new.

        Raises:
            TextTooLong, LetterNotInFont: named after the field at fault.
            DesignRefused: the page cannot be laid out.
        """
        chosen: list[tuple[State, PageLayout]] = []

        def crowded(fitted: list[Fitted | None]) -> Sequence[int]:
            state = state_of(fitted)
            layout = self._layout(state)
            chosen[:] = [(state, layout)]
            return layout.crowded

        fitted = self.fitter.settle(values, crowded)
        return Settled(fitted, *chosen[0])

    def _layout(self, state: State) -> PageLayout:
        known = self.layouts.get(state)
        if known is None:
            known = self.layouts[state] = self._compile(state)
        return known

    def save(self) -> None:
        """Write the compiled design to its place in the cache."""
        path = compiled_path(self.design, self.cache_dir)
        write_atomically(path, self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return the compiled design as bytes that `from_bytes` reads, for the archive."""
        value = {
            "format": FORMAT,
            "design": self.design.digest,
            "blocks": [asdict(block) for block in self.blocks],
            "measure": asdict(self.measure),
            "faces": [_face_values(face) for face in self.faces],
            "colour_profile": _text(self.colour_profile),
            "cut_kerning": self.cut_kerning,
            "layouts": [[state, asdict(layout)] for state, layout in self.layouts.items()],
            "drawings": {digest: _drawing_values(one) for digest, one in self.drawings.items()},
        }
        return zlib.compress(json.dumps(value).encode(), 1)

    @classmethod
    def from_bytes(cls, data: bytes, design: Design, cache_dir: Path) -> CompiledDesign:
        """Read what `to_bytes` wrote. Raises `ValueError` if it is of another design or format."""
        value = json.loads(zlib.decompress(data))
        if value["format"] != FORMAT or value["design"] != design.digest:
            raise ValueError("compiled design of another design or format")
        return cls(
            design=design,
            cache_dir=cache_dir,
            blocks=tuple(map(_read_block, value["blocks"])),
            measure=_read_measure(value["measure"]),
            faces=tuple(map(_read_face, value["faces"])),
            colour_profile=_bytes(value["colour_profile"]),
            layouts={_read_state(state): _read_layout(one) for state, one in value["layouts"]},
            drawings={digest: _read_drawing(one) for digest, one in value["drawings"].items()},
            cut_kerning=value.get("cut_kerning", False),
        )

    def _compile(self, state: State) -> PageLayout:
        self.compiled_states += 1
        template = parse_template(self.design.html)
        sample = [_sample(block, form) for block, form in zip(self.blocks, state, strict=True)]
        page = lay_out(self.design, template, sample, self.cache_dir)
        found = page.read(len(self.blocks))
        drawing = take_drawing(page.draw())
        self.drawings.setdefault(drawing.digest, drawing)
        return PageLayout(found.baselines, found.qr, found.signature, found.crowded, drawing.digest)


def compile_design(design: Design, cache_dir: Path | None = None) -> CompiledDesign:
    """Return the compiled design, from the cache if it is there, else by WeasyPrint (about 1 s).

    Raises:
        DesignRefused: the design asks for what must not, or cannot, be stamped.
    """
    cache_dir = cache_dir or default_cache_dir()
    path = compiled_path(design, cache_dir)
    try:
        return CompiledDesign.from_bytes(path.read_bytes(), design, cache_dir)
    except (OSError, ValueError, KeyError, zlib.error):
        compiled = _compile_anew(design, cache_dir)
        compiled.save()
        return compiled


def compiled_path(design: Design, cache_dir: Path) -> Path:
    """Return where a compiled design is kept; the name changes with design, fonts and code."""
    parts = [design.digest, _code_digest(), *map(version, ("weasyprint", "uharfbuzz", "pydyf"))]
    key = hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]
    return cache_dir / "compiled" / f"{design.name}-{key}.press"


@cache
def _code_digest() -> str:
    """Return a digest of the code that compiles: what an older version compiled is not reused."""
    folder = Path(__file__).parent
    sources = (folder.joinpath(f"{name}.py").read_bytes() for name in _COMPILING_CODE)
    return hashlib.sha256(b"\0".join(sources)).hexdigest()


def _compile_anew(design: Design, cache_dir: Path) -> CompiledDesign:
    from certificates.samples import sample_contents
    from certificates.weasy import colour_profile
    from certificates.wording import printed

    template = parse_template(design.html)
    measure = measure_design(design, template, cache_dir)
    keys = sorted({style.face for block in measure.blocks for style in block.pieces})
    faces = tuple(embed(key, typeface(key, cache_dir)) for key in keys)
    profile = zlib.compress(colour_profile(), 9)
    compiled = CompiledDesign(design, cache_dir, template.blocks, measure, faces, profile)
    for content in sample_contents().values():
        compiled.settle(printed(content))
    return compiled


def _sample(block: Block, form: tuple[int, float] | None) -> Fitted | None:
    """Return stand-in text of a state; only its lines and its size matter to layout."""
    if form is None:
        return None
    lines, size = form
    line = tuple(piece.text or "x" for piece in block.pieces)
    return Fitted((line,) * lines, size)


def _text(data: bytes) -> str:
    return base64.b85encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b85decode(text)


def _face_values(face: EmbeddedFace) -> dict[str, Any]:
    return {**asdict(face), "to_unicode": _text(face.to_unicode), "file": _text(face.file)}


def _read_face(value: dict[str, Any]) -> EmbeddedFace:
    streams = {name: _bytes(value[name]) for name in ("to_unicode", "file")}
    return EmbeddedFace(**{**value, **streams})


def _drawing_values(drawing: Drawing) -> dict[str, Any]:
    objects = [[_text(head), None if data is None else _text(data)] for head, data in drawing.objects]
    return {
        "content": _text(drawing.content),
        "resources": _text(drawing.resources),
        "objects": objects,
    }


def _read_drawing(value: dict[str, Any]) -> Drawing:
    objects = tuple(
        (_bytes(head), None if data is None else _bytes(data)) for head, data in value["objects"]
    )
    return Drawing(_bytes(value["content"]), _bytes(value["resources"]), objects)


def _read_block(value: dict[str, Any]) -> Block:
    pieces = tuple(Piece(**piece) for piece in value["pieces"])
    ladder = tuple(Step(**step) for step in value["ladder"])
    return Block(value["tag"], pieces, ladder, value["yields"])


def _read_measure(value: dict[str, Any]) -> Measure:
    blocks = tuple(
        BlockMeasure(**{**block, "pieces": tuple(PieceStyle(**one) for one in block["pieces"])})
        for block in value["blocks"]
    )
    return Measure(value["page_width"], value["page_height"], blocks)


def _read_state(value: list[Any]) -> State:
    return tuple(None if form is None else (form[0], form[1]) for form in value)


def _read_layout(value: dict[str, Any]) -> PageLayout:
    return PageLayout(
        baselines=tuple(map(tuple, value["baselines"])),
        qr=_read_box(value["qr"]),
        signature=_read_box(value["signature"]),
        crowded=tuple(value["crowded"]),
        drawing=value["drawing"],
    )


def _read_box(value: list[float] | None) -> Box | None:
    return None if value is None else (value[0], value[1], value[2], value[3])
