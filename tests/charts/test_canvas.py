"""Ticks, period names and places of names: what every figure relies on."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts import canvas, labels, units
from coaching.metrics import Unit
from coaching.numbers import SPACE


@pytest.mark.parametrize(
    ("low", "high", "unit", "written"),
    [
        (0, 1.06, Unit.SHARE, ["0 %", "25 %", "50 %", "75 %", "100 %", "125 %"]),
        (0, 0.03, Unit.SHARE, ["0 %", "1 %", "2 %", "3 %"]),
        (0, 4_100_000, Unit.MONEY, ["$0", "$1 M", "$2 M", "$3 M", "$4 M", "$5 M"]),
        (0, 900, Unit.MONEY, ["$0", "$200", "$400", "$600", "$800", "$1.0 k"]),
        (-20_000, 40_000, Unit.MONEY, ["−$20 k", "$0", "$20 k", "$40 k"]),
        (0, 3, Unit.DAYS, ["0", "1", "2", "3"]),
        (0, 5, Unit.TIMES, ["0.0×", "1.0×", "2.0×", "3.0×", "4.0×", "5.0×"]),
    ],
)
def test_ticks_are_round_and_written_like_every_other_number(
    low: float, high: float, unit: Unit, written: list[str]
) -> None:
    ticks = units.ticks(low, high, unit, "USD")
    assert [text.replace(SPACE, " ") for text in ticks["ticktext"]] == written


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.sampled_from(list(Unit)))
def test_ticks_span_the_values_and_no_two_read_alike(below: float, above: float, unit: Unit) -> None:
    # Every axis of the product holds zero.
    ticks = units.ticks(-below, above, unit, "EUR")
    unseen = (below + above) * 1e-6 + 1e-6
    assert ticks["range"][0] <= -below + unseen
    assert ticks["range"][1] >= above - unseen
    assert 2 <= len(ticks["tickvals"]) <= 13
    assert len(set(ticks["ticktext"])) == len(ticks["ticktext"])


def test_weeks_months_and_quarters_have_short_names() -> None:
    assert canvas.period_names([dt.date(2026, 10, 5)], "week") == [f"5{SPACE}Oct<br>2026"]
    months = [dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1)]
    assert canvas.period_names(months, "month") == ["Dec", "Jan<br>2026", "Feb"]
    quarters = [dt.date(2026, 1, 1), dt.date(2026, 4, 1), dt.date(2026, 11, 1)]
    assert canvas.period_names(quarters, "quarter") == ["Jan–Mar<br>2026", "Apr–Jun", "Nov–Jan"]


def test_many_periods_are_thinned_out_so_that_names_do_not_touch() -> None:
    weeks = [dt.date(2026, 1, 5) + dt.timedelta(weeks=index) for index in range(52)]
    axis = canvas.period_axis(weeks, "week")
    assert len(axis["ticktext"]) == 13
    assert len(axis["categoryarray"]) == 52


BOX = labels.Box(0, 400, 0, 300)


@given(
    st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300)), max_size=25),
    st.lists(st.text("abc ", max_size=20), min_size=25, max_size=25),
)
def test_placed_names_cover_neither_points_nor_each_other_nor_leave_the_plot(
    points: list[tuple[float, float]], names: list[str]
) -> None:
    radii = [6.0] * len(points)
    sides = labels.sides(points, radii, names[: len(points)], BOX)
    boxes = []
    for (x, y), name, side in zip(points, names, sides, strict=False):
        if side is None:
            continue
        right, up = labels.SIDES[side]
        width = labels.LETTER_WIDTH * len(name)
        middle_x, middle_y = x + right * (10 + width / 2), y + up * (8 + labels.LINE_HEIGHT / 2)
        boxes.append(
            labels.Box(
                middle_x - width / 2,
                middle_x + width / 2,
                middle_y - labels.LINE_HEIGHT / 2,
                middle_y + labels.LINE_HEIGHT / 2,
            )
        )
    assert all(box.inside(BOX) for box in boxes)
    assert not any(one.meets(other) for index, one in enumerate(boxes) for other in boxes[:index])


def test_a_name_alone_stands_to_the_right_and_at_the_edge_to_the_left() -> None:
    assert labels.sides([(50, 150), (390, 150)], [6, 6], ["Ravi", "Rosa"], BOX) == ["middle right", "middle left"]


def test_figure_text_is_one_clean_line_without_markup() -> None:
    assert canvas.text("<b>Ravi</b>\n & \u202eco") == "&lt;b&gt;Ravi&lt;/b&gt; &amp; co"


def test_a_title_does_not_break_between_a_number_and_its_unit() -> None:
    sentence = f"The return on what was spent lies near 357{SPACE}% of it, at most 412{SPACE}%"
    for width in range(len(sentence)):
        lines = canvas.title("x" * width + " " + sentence)["text"].split("<br>")
        assert not any(line.startswith("%") for line in lines)
