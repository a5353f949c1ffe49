"""Periods in any of the forms that panels come in."""

from __future__ import annotations

import pytest

from coaching.roi.period_axis import NotAPeriod, is_never, kind_of, place_of


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (["2003", "2004", "2007"], "whole"),
        (["-2", "0", "17"], "whole"),
        (["2003.0", "2004.0"], "whole"),
        (["2024-01", "2024-12"], "month"),
        (["2024-01-01", "2024/02/01", "2024-03-01 00:00:00"], "month"),
        (["202401", "202412"], "compact month"),
        (["202401", "202499"], "whole"),
        (["2010Q4", "2011-Q1", "2011 q2"], "quarter"),
        (["Q42010", "Q1 2011"], "quarter"),
        ([], "whole"),
    ],
)
def test_the_form_is_told_from_all_labels(labels: list[str], kind: str) -> None:
    assert kind_of(labels) == kind


@pytest.mark.parametrize(
    ("earlier", "later", "kind", "apart"),
    [
        ("2003", "2007", "whole", 4),
        ("-2", "3", "whole", 5),
        ("2023-12", "2024-01", "month", 1),
        ("2023-12-31", "2024-02-01", "month", 2),
        ("202312", "202401", "compact month", 1),
        ("2010Q4", "2011Q1", "quarter", 1),
        ("Q42010", "Q12012", "quarter", 5),
        ("2010Q4", "Q12011", "quarter", 1),
    ],
)
def test_periods_stand_in_a_row_across_years(earlier: str, later: str, kind: str, apart: int) -> None:
    assert place_of(later, kind) - place_of(earlier, kind) == apart


@pytest.mark.parametrize("label", ["soon", "2024-13", "2010Q5", "", "1.5", "12/2024"])
def test_what_is_no_period_is_refused_with_the_forms_that_are(label: str) -> None:
    with pytest.raises(NotAPeriod, match="2024Q1"):
        kind_of([label])


def test_mixed_forms_and_a_start_of_another_form_are_refused() -> None:
    with pytest.raises(NotAPeriod, match="different forms"):
        kind_of(["2024", "2024-01"])
    with pytest.raises(NotAPeriod, match="no month like the other periods"):
        place_of("2024", "month")
    with pytest.raises(NotAPeriod, match="no compact month"):
        place_of("7", "compact month")


def test_empty_and_nought_mean_never() -> None:
    assert all(is_never(label) for label in (None, "", " ", "0", "0.0", "NA", "never", "inf"))
    assert not is_never("2004")
