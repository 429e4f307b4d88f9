"""Where the parts of a chart lie, in the units of its SVG: templates only draw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

BAR_WIDTH = 240
LINE_WIDTH, LINE_HEIGHT = 720, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 12, 12, 28
_FULL = Decimal(100)
_STEP = 10


@dataclass(frozen=True)
class Bar:
    """A bullet bar: how far the rate reaches, and where the target stands (None: no target)."""

    value: float | None
    target: float | None
    width: int = BAR_WIDTH


@dataclass(frozen=True)
class Tick:
    """A mark on an axis, with its text."""

    at: float
    text: str


@dataclass(frozen=True)
class Point:
    """A month's rate on the line."""

    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """A line over months; months without a rate interrupt it."""

    pieces: list[list[Point]]
    target: float | None
    rows: list[Tick]
    columns: list[Tick]
    width: int = LINE_WIDTH
    height: int = LINE_HEIGHT
    left: int = _LEFT
    right: int = LINE_WIDTH - _RIGHT
    bottom: int = LINE_HEIGHT - _BOTTOM

    def path(self, piece: list[Point]) -> str:
        """The points of one piece as SVG takes them."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in piece)


def bar(percent: Decimal | None, target: Decimal | None) -> Bar:
    """The bullet bar of a rate in percent; what exceeds 100 fills the bar."""
    return Bar(_along(percent), _along(target))


def _along(percent: Decimal | None) -> float | None:
    return None if percent is None else round(float(min(percent, _FULL)) * BAR_WIDTH / 100, 1)


def line(percents: Sequence[Decimal | None], labels: Sequence[str], target: Decimal | None) -> Line:
    """The line of a rate over months, oldest first; the axis begins at a round ten below."""
    known = [float(value) for value in (*percents, target) if value is not None]
    low = max(0, int(min(known, default=0) // _STEP) * _STEP - _STEP)
    high = max(100.0, *known) if known else 100.0
    wide = (LINE_WIDTH - _LEFT - _RIGHT) / max(1, len(percents) - 1)
    tall = (LINE_HEIGHT - _TOP - _BOTTOM) / (high - low)

    def height(value: float) -> float:
        return round(LINE_HEIGHT - _BOTTOM - (value - low) * tall, 1)

    points = [
        None if value is None else Point(round(_LEFT + index * wide, 1), height(float(value)))
        for index, value in enumerate(percents)
    ]
    every = _STEP if high - low <= 5 * _STEP else 2 * _STEP
    return Line(
        pieces=_pieces(points),
        target=None if target is None else height(float(target)),
        rows=[Tick(height(value), str(value)) for value in range(low, int(high) + 1, every)],
        columns=[
            Tick(round(_LEFT + index * wide, 1), text)
            for index, text in enumerate(labels)
            if index % 4 == 0
        ],
    )


def _pieces(points: Sequence[Point | None]) -> list[list[Point]]:
    pieces: list[list[Point]] = [[]]
    for point in points:
        if point is not None:
            pieces[-1].append(point)
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]
