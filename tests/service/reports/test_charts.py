"""Where the parts of a chart lie."""

from decimal import Decimal

from service.reports.charts import BAR_WIDTH, bar, line


def test_a_bar_reaches_as_far_as_the_rate_and_marks_the_target() -> None:
    found = bar(Decimal(50), Decimal(75))
    assert (found.value, found.target) == (BAR_WIDTH / 2, BAR_WIDTH * 0.75)


def test_a_rate_above_a_hundred_fills_the_bar() -> None:
    assert bar(Decimal(140), None).value == BAR_WIDTH


def test_without_a_rate_there_is_no_bar() -> None:
    assert bar(None, Decimal(98)).value is None


def test_months_without_a_rate_interrupt_the_line() -> None:
    rates = [Decimal(90), None, Decimal(95), Decimal(99)]
    found = line(rates, ["a", "b", "c", "d"], Decimal(98))
    assert [len(piece) for piece in found.pieces] == [1, 2]
    assert found.target is not None
    ys = [point.y for piece in found.pieces for point in piece]
    assert ys[0] > ys[1] > found.target > ys[2]


def test_every_point_lies_inside_the_chart() -> None:
    for rates in ([Decimal(0), Decimal(100)], [Decimal(250), Decimal(3)], [None, None], []):
        found = line(rates, [str(n) for n in range(len(rates))], None)
        for piece in found.pieces:
            for point in piece:
                assert found.left <= point.x <= found.right
                assert 0 <= point.y <= found.bottom
