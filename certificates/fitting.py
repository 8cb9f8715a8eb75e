"""Which size and which lines a text gets: down the ladder of sizes, then into more lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from certificates.errors import LetterNotInFont, TextTooLong
from certificates.measure import BlockMeasure, Measure
from certificates.shaping import Typeface
from certificates.template import Block, Step

SLACK_PT = 0.3
"""Room kept free at the end of a line, for the rounding of other layout engines."""

MAX_LINES_WITHOUT_LADDER = 1
MAX_SQUEEZE = 4

CACHED_TEXTS = 500
"""How many texts are remembered: names that repeat stay, memory does not grow with the batch."""


class Fitted(NamedTuple):
    """A block's text as it will stand: for each line the text of every piece, and the size."""

    lines: tuple[tuple[str, ...], ...]
    size_pt: float

    @property
    def form(self) -> Form:
        """Return what layout needs to know: how many lines, at which size."""
        return (len(self.lines), self.size_pt)


Form = tuple[int, float]
State = tuple[Form | None, ...]
"""How much room every block takes: texts of one state share one layout of the page."""


def state_of(fitted: Sequence[Fitted | None]) -> State:
    """Return the state that selects the layout."""
    return tuple(None if one is None else (len(one.lines), one.size_pt) for one in fitted)


class Fitter:
    """Fits texts into the blocks of one measured design; remembers what it has fitted."""

    def __init__(
        self, blocks: Sequence[Block], measure: Measure, faces: Mapping[str, Typeface]
    ) -> None:
        self.blocks = blocks
        self.measure = measure
        self.faces = faces
        self.fit = lru_cache(maxsize=CACHED_TEXTS)(self._fit)
        self._fixed: list[Fitted | None] = [None] * len(blocks)
        self._is_fixed = [block.is_fixed for block in blocks]
        # The field of a block that is nothing but a field: nearly all are, and need no joining.
        self._lone = [block.pieces[0].field if len(block.pieces) == 1 else "" for block in blocks]

    def settle(
        self, values: Mapping[str, str], crowded: Callable[[list[Fitted | None]], Sequence[int]]
    ) -> list[Fitted | None]:
        """Return every block fitted so that none stands in another's way.

        Args:
            values: the text of every field.
            crowded: lays a fitting out and returns the numbers of the blocks that clash.

        Raises:
            LetterNotInFont, TextTooLong: named after the field at fault.
        """
        clash: Sequence[int] = ()
        for squeeze in range(MAX_SQUEEZE + 1):
            fitted = self.fit_all(values, squeeze)
            clash = crowded(fitted)
            if not clash:
                return fitted
        suspects = [number for number, block in enumerate(self.blocks) if block.yields or number in clash]
        longest = max(suspects, key=lambda number: len("".join(self.blocks[number].texts(values) or ())))
        raise TextTooLong(_field(self.blocks[longest]), "quá dài: chữ trên giấy sẽ chồng lên nhau")

    def fit_all(self, values: Mapping[str, str], squeeze: int = 0) -> list[Fitted | None]:
        """Return every block fitted, `None` for blocks that stay empty.

        Args:
            squeeze: how many rungs lower the blocks start that yield.

        Raises:
            LetterNotInFont, TextTooLong: named after the field at fault.
        """
        return [self._fit_block(number, values, squeeze) for number in range(len(self.blocks))]

    def _fit_block(self, number: int, values: Mapping[str, str], squeeze: int) -> Fitted | None:
        known = self._fixed[number]
        if known is not None:
            return known
        block, lone = self.blocks[number], self._lone[number]
        if lone:
            texts: tuple[str, ...] | None = (values[lone],) if values[lone] else None
        else:
            texts = block.texts(values)
        if texts is None:
            return None
        fitted = self.fit(number, texts, squeeze if block.yields else 0)
        if self._is_fixed[number]:
            self._fixed[number] = fitted
        return fitted

    def _fit(self, number: int, texts: tuple[str, ...], down: int) -> Fitted:
        room, block = self.measure.blocks[number], self.blocks[number]
        texts = tuple(
            text.upper() if style.capitals else text
            for text, style in zip(texts, room.pieces, strict=True)
        )
        self._check_letters(block, room, texts)
        ladder = block.ladder or (Step(room.size_pt, MAX_LINES_WITHOUT_LADDER),)
        ladder = ladder[min(down, len(ladder) - 1) :]
        if self._fits_at_once(room, texts, ladder[0].size_pt):
            return Fitted((texts,), ladder[0].size_pt)
        ruler = Ruler(room, texts, self.faces)
        for step in ladder:
            lines = _break(ruler, room.width - SLACK_PT, step, by_letter=step is ladder[-1])
            if lines is not None:
                return Fitted(lines, step.size_pt)
        raise TextTooLong(_field(block), f"quá dài so với chỗ trên giấy ({len(''.join(texts))} ký tự)")

    def _fits_at_once(self, room: BlockMeasure, texts: tuple[str, ...], size_pt: float) -> bool:
        """Return whether a text is one line at its first size: most are, and need no ruler.

        The width is that of the ruler to the last bit, so only spaced letters are left to it.
        """
        units = 0
        for style, text in zip(room.pieces, texts, strict=True):
            face = self.faces[style.face]
            if style.spacing_pt or not face.simple.issuperset(text):
                return False
            units += face.shape(text).advance if text else 0
        return units * size_pt / 1000 <= room.width - SLACK_PT

    def _check_letters(self, block: Block, room: BlockMeasure, texts: tuple[str, ...]) -> None:
        for piece, style, text in zip(block.pieces, room.pieces, texts, strict=True):
            letter = self.faces[style.face].missing(text)
            if letter:
                reason = f"kiểu chữ của mẫu không có chữ “{letter}” (U+{ord(letter):04X})"
                raise LetterNotInFont(piece.field or "chữ của mẫu", reason)


class Ruler:
    """Measures any stretch of a block's text, at any size, in constant time."""

    def __init__(self, room: BlockMeasure, texts: tuple[str, ...], faces: Mapping[str, Typeface]) -> None:
        self.texts = texts
        self.text = "".join(texts)
        self._room, self._faces = room, faces
        self._alone: list[int] = []
        self._sums, self._spaces = [0], [0.0]
        self._is_simple = all(self._add(piece) for piece in range(len(texts)))

    def width(self, start: int, end: int, size_pt: float) -> float:
        """Return the width in points of the letters from `start` up to `end`."""
        if not self._is_simple:
            return self._shaped_width(start, end, size_pt)
        units = self._sums[end] - self._sums[start + 1] + self._alone[start] if end > start else 0
        return units * size_pt / 1000 + self._spaces[end] - self._spaces[start]

    def _add(self, piece: int) -> bool:
        style = self._room.pieces[piece]
        steps = self._faces[style.face].steps(self.texts[piece])
        if steps is None:
            return False
        total, space = self._sums[-1], self._spaces[-1]
        for alone, step in steps:
            total, space = total + step, space + style.spacing_pt
            self._alone.append(alone)
            self._sums.append(total)
            self._spaces.append(space)
        return True

    def _shaped_width(self, start: int, end: int, size_pt: float) -> float:
        total = 0.0
        for style, text in zip(self._room.pieces, cut(self.texts, start, end), strict=True):
            if text:
                shaped = self._faces[style.face].shape(text)
                total += shaped.advance * size_pt / 1000 + shaped.glyphs * style.spacing_pt
        return total


def _break(ruler: Ruler, width: float, step: Step, by_letter: bool) -> tuple[tuple[str, ...], ...] | None:
    """Return the lines of a text at one step of the ladder, `None` if it does not fit there."""

    def measure(start: int, end: int) -> float:
        return ruler.width(start, end, step.size_pt)

    if measure(0, len(ruler.text)) <= width:
        return (ruler.texts,)
    if step.lines == 1:
        return None
    words = _words(ruler.text, measure, width, by_letter)
    if words is None:
        return None
    spans = _balanced(words, measure, width)
    if len(spans) > step.lines:
        return None
    return tuple(cut(ruler.texts, start, end) for start, end in spans)


def _field(block: Block) -> str:
    return next((piece.field for piece in block.pieces if piece.field), "chữ của mẫu")


def cut(texts: tuple[str, ...], start: int, end: int) -> tuple[str, ...]:
    """Return the part of joined texts from letter `start` to `end`, still piece by piece."""
    parts, offset = [], 0
    for text in texts:
        parts.append(text[max(start - offset, 0) : max(end - offset, 0)])
        offset += len(text)
    return tuple(parts)


Span = tuple[int, int]


def _words(
    text: str, measure: Callable[[int, int], float], width: float, by_letter: bool
) -> list[Span] | None:
    """Return the spans between spaces; a word wider than a line is cut, or nothing is returned."""
    spans: list[Span] = []
    start = 0
    for word in text.split(" "):
        span = (start, start + len(word))
        start += len(word) + 1
        if not word:
            continue
        if measure(*span) <= width:
            spans.append(span)
        elif by_letter:
            spans.extend(_cut_word(text, span, measure, width))
        else:
            return None
    return spans


def _cut_word(
    text: str, span: Span, measure: Callable[[int, int], float], width: float
) -> list[Span]:
    """Cut a word at the last sign such as / or . that fits, else where the line is full."""
    parts, start = [], span[0]
    for end in range(span[0] + 1, span[1] + 1):
        if end - start > 1 and measure(start, end) > width:
            full = end - 1
            signs = [at for at in range(start + 1, full + 1) if text[at - 1] in "/.-_?&="]
            cut = signs[-1] if signs and signs[-1] - start > (full - start) // 2 else full
            parts.append((start, cut))
            start = cut
    return [*parts, (start, span[1])]


def _balanced(words: Sequence[Span], measure: Callable[[int, int], float], width: float) -> list[Span]:
    """Return as few lines as the width allows, made as even as that number of lines allows."""
    best = _greedy(words, measure, width)
    low, high = width / max(len(best), 1), width
    for _ in range(8):
        middle = (low + high) / 2
        tried = _greedy(words, measure, middle)
        fits = len(tried) == len(best) and all(measure(*span) <= middle for span in tried)
        if fits:
            best, high = tried, middle
        else:
            low = middle
    return best


def _greedy(words: Sequence[Span], measure: Callable[[int, int], float], width: float) -> list[Span]:
    lines = [words[0]]
    for word in words[1:]:
        longer = (lines[-1][0], word[1])
        if measure(*longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
