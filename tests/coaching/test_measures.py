"""Quotas by working days, stalled deals, ramp time and lost customers, on small hand-counted cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import frames
from coaching.measures import (
    Evidence,
    Grouping,
    defected_accounts,
    measured,
    prorated_quotas,
    ramp_months,
    stalled_deals,
)
from coaching.metrics import METRICS, output_columns
from coaching.periods import Period

D = dt.date


def quotas(*rows: tuple[int, D, D, int, D | None, D | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=frames.QUOTAS, orient="row")


def spans(*rows: tuple[D, D]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"span_start": pl.Date, "span_end": pl.Date}, orient="row")


def test_a_quota_is_spread_over_its_working_days() -> None:
    # June 2026 has 22 working days, 1 to 5 June is one working week.
    rows = quotas((1, D(2026, 6, 1), D(2026, 6, 30), 2200, None, None))
    found = prorated_quotas(rows, spans((D(2026, 6, 1), D(2026, 6, 7))))
    assert found["quota_minor"].to_list() == [500.0]


def test_a_joiner_owes_nothing_for_the_days_before_joining() -> None:
    rows = quotas((1, D(2026, 6, 1), D(2026, 6, 30), 2200, D(2026, 6, 22), None))
    found = prorated_quotas(rows, spans((D(2026, 6, 1), D(2026, 6, 30))))
    assert found["quota_minor"].to_list() == [700.0]


def test_a_leaver_owes_nothing_after_the_last_day() -> None:
    rows = quotas((1, D(2026, 6, 1), D(2026, 6, 30), 2200, None, D(2026, 6, 5)))
    assert prorated_quotas(rows, spans((D(2026, 6, 1), D(2026, 6, 30))))["quota_minor"].to_list() == [500.0]


@given(st.integers(0, 364), st.integers(0, 364), st.integers(1, 10**9))
def test_two_parts_of_a_quota_make_the_whole(first: int, second: int, amount: int) -> None:
    start, end = D(2026, 1, 1), D(2026, 12, 31)
    cut = start + dt.timedelta(days=min(first, second))
    rows = quotas((1, start, end, amount, None, None))
    parts = spans((start, cut), (cut + dt.timedelta(days=1), end)) if cut < end else spans((start, end))
    assert prorated_quotas(rows, parts)["quota_minor"].sum() == pytest.approx(amount)


def standing(*rows: tuple[int, str, D]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"deal_id": pl.Int64, "stage": pl.String, "since_on": pl.Date}, orient="row")


def entries(*rows: tuple[int, str, D]) -> pl.DataFrame:
    timed = [(deal, stage, on, dt.datetime.combine(on, dt.time(), dt.UTC)) for deal, stage, on in rows]
    return pl.DataFrame(timed, schema=frames.STAGE_ENTRIES, orient="row")


def won(*rows: tuple[int, D]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"deal_id": pl.Int64, "closed_on": pl.Date}, orient="row")


NO_ACTIVITIES = pl.DataFrame(schema={"deal_id": pl.Int64, "happens_on": pl.Date, "is_planned": pl.Boolean})


def test_a_deal_stalls_after_one_and_a_half_times_the_usual_days_in_its_stage() -> None:
    history = entries(
        (1, "Demo", D(2026, 1, 1)),
        (1, "Close", D(2026, 1, 11)),
        (2, "Demo", D(2026, 3, 1)),
        (3, "Demo", D(2026, 3, 2)),
    )
    found = stalled_deals(
        standing((2, "Demo", D(2026, 3, 1)), (3, "Demo", D(2026, 3, 2))),
        history,
        won((1, D(2026, 1, 20))),
        NO_ACTIVITIES,
        D(2026, 3, 17),
    )
    # Usual is 10 days in Demo: 16 days are too long, 15 days are just not.
    assert found["deal_id"].to_list() == [2]
    assert found.select("days_in_stage", "usual_days", "why").row(0) == (16, 10.0, "stage")


def test_a_deal_is_held_against_the_stage_it_was_in_that_day_wherever_it_went_later() -> None:
    history = entries(
        (1, "Demo", D(2026, 1, 1)),
        (1, "Close", D(2026, 1, 11)),
        (2, "Demo", D(2026, 3, 1)),
        (2, "Close", D(2026, 4, 1)),
    )
    found = stalled_deals(
        standing((2, "Close", D(2026, 3, 1))), history, won((1, D(2026, 3, 11))), NO_ACTIVITIES, D(2026, 3, 17)
    )
    assert found.select("days_in_stage", "usual_days").rows() == [(16, 10.0)]


def test_an_edit_that_keeps_the_stage_does_not_start_it_anew() -> None:
    history = entries(
        (1, "Demo", D(2026, 1, 1)),
        (1, "Close", D(2026, 1, 11)),
        (2, "Demo", D(2026, 3, 1)),
        (2, "Demo", D(2026, 3, 15)),
    )
    found = stalled_deals(
        standing((2, "Demo", D(2026, 3, 1))), history, won((1, D(2026, 1, 20))), NO_ACTIVITIES, D(2026, 3, 17)
    )
    assert found["days_in_stage"].to_list() == [16]


def test_a_deal_idle_for_thirty_days_stalls_unless_something_is_planned() -> None:
    done = pl.DataFrame(
        [(1, D(2026, 2, 1), False), (2, D(2026, 2, 1), False), (2, D(2026, 3, 10), True), (3, D(2026, 2, 2), False)],
        schema=NO_ACTIVITIES.schema,
        orient="row",
    )
    opened = D(2026, 1, 1)
    found = stalled_deals(
        standing((1, "Demo", opened), (2, "Demo", opened), (3, "Demo", opened), (4, "Demo", opened)),
        entries(),
        won(),
        done,
        D(2026, 3, 3),
    )
    # 30 days for the first, one planned for the second, 29 days for the third, nothing ever on the fourth.
    assert sorted(found["deal_id"].to_list()) == [1, 4]


def test_without_any_activities_in_the_data_silence_says_nothing() -> None:
    found = stalled_deals(standing((1, "Demo", D(2020, 1, 1))), entries(), won(), NO_ACTIVITIES, D(2026, 1, 1))
    assert found.is_empty()


def monthly(person: int, amount: int, year: int = 2026) -> list[tuple[int, D, D, int, D | None, D | None]]:
    ends = [D(year, m + 1, 1) - dt.timedelta(days=1) if m < 12 else D(year, 12, 31) for m in range(1, 13)]
    return [(person, D(year, m, 1), ends[m - 1], amount, None, None) for m in range(1, 13)]


def sales(*rows: tuple[int, D, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"owner_id": pl.Int64, "closed_on": pl.Date, "amount": pl.Int64}, orient="row")


def starters(*rows: tuple[int, D | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"person_id": pl.Int64, "started_on": pl.Date}, orient="row")


def test_ramp_ends_with_the_first_of_two_good_months_in_a_row() -> None:
    sold = sales((1, D(2026, 2, 3), 100), (1, D(2026, 4, 3), 80), (1, D(2026, 5, 3), 80))
    found = ramp_months(sold, quotas(*monthly(1, 100)), starters((1, D(2026, 1, 12))), D(2026, 12, 31))
    assert found.rows() == [(1, 3.0)]


def test_one_lucky_month_is_no_ramp_and_neither_is_79_percent() -> None:
    sold = sales((1, D(2026, 2, 3), 500), (1, D(2026, 3, 3), 79))
    found = ramp_months(sold, quotas(*monthly(1, 100)), starters((1, D(2026, 1, 12))), D(2026, 12, 31))
    assert found.is_empty()


def test_without_a_start_date_there_is_no_ramp() -> None:
    sold = sales((1, D(2026, 2, 3), 500), (1, D(2026, 3, 3), 500))
    assert ramp_months(sold, quotas(*monthly(1, 100)), starters((1, None)), D(2026, 12, 31)).is_empty()


def closed(*rows: tuple[int, int, str, D, str | None]) -> pl.DataFrame:
    full = [
        {"deal_id": n, "account_id": account, "owner_id": 7, "status": status, "closed_on": on, "competitor": rival}
        for n, account, status, on, rival in rows
    ]
    return pl.DataFrame(full, schema=frames.CLOSED_DEALS)


def still_open(*accounts: int) -> pl.DataFrame:
    return pl.DataFrame({"account_id": accounts}, schema={"account_id": pl.Int64})


def test_a_customer_whose_latest_deal_went_to_a_competitor_is_defecting() -> None:
    rows = closed((1, 1, "won", D(2026, 1, 1), None), (2, 1, "lost", D(2026, 3, 1), "Acme"))
    assert defected_accounts(rows, still_open(1), D(2026, 3, 2))["why"].to_list() == ["competitor"]


def test_a_customer_who_bought_again_is_not_defecting() -> None:
    rows = closed(
        (1, 1, "won", D(2026, 1, 1), None), (2, 1, "lost", D(2026, 3, 1), "Acme"), (3, 1, "won", D(2026, 3, 5), None)
    )
    assert defected_accounts(rows, still_open(), D(2026, 3, 6)).is_empty()


def test_a_quiet_customer_is_lost_after_180_days_without_an_open_deal() -> None:
    rows = closed((1, 1, "won", D(2026, 1, 1), None))
    assert defected_accounts(rows, still_open(), D(2026, 6, 29)).is_empty()
    assert defected_accounts(rows, still_open(), D(2026, 6, 30))["why"].to_list() == ["quiet"]
    assert defected_accounts(rows, still_open(1), D(2026, 6, 30)).is_empty()


def test_somebody_who_never_bought_cannot_defect() -> None:
    assert defected_accounts(closed((1, 1, "lost", D(2020, 1, 1), "Acme")), still_open(), D(2026, 1, 1)).is_empty()


COMPANY = pl.DataFrame(
    [(0, "company", "Company", None)],
    schema={"row_id": pl.Int64, "id": pl.String, "name": pl.String, "parent_id": pl.String},
    orient="row",
)
FIRST, LAST = D(2026, 4, 1), D(2026, 6, 30)
within_the_quarter = st.dates(FIRST, LAST)


def of_the_quarter(key: str, as_of: dt.date, **evidence: pl.DataFrame) -> tuple[float | None, float]:
    """A counted share of the second quarter as known on a day, and its n."""
    known = Evidence(known=frozenset({"deals", "hygiene_fields"}), **evidence)
    found = measured([key], Grouping("company", COMPANY), [Period(FIRST, LAST)], known, as_of)
    return found[key][0], found[f"{key}_n"][0]


OPEN_AT_NO_TIME = frames.empty({**frames.OPEN_DEALS, "since_on": pl.Date, "until_on": pl.Date})


def forecast(due: list[dt.date]) -> pl.DataFrame:
    rows = [{"deal_id": n, "owner_id": 7, "expected_close_on": on} for n, on in enumerate(due)]
    return pl.DataFrame(rows, schema=frames.OPEN_DEALS).with_columns(pl.lit(FIRST).alias("period_start"))


def won_on(*rows: tuple[int, dt.date]) -> pl.DataFrame:
    return closed(*((deal, 1, "won", on, None) for deal, on in rows))


def test_in_a_running_period_only_deals_that_are_due_can_have_slipped() -> None:
    due = forecast([D(2026, 4, 20), D(2026, 5, 15), D(2026, 5, 16), D(2026, 6, 30)])
    asked = {"open": OPEN_AT_NO_TIME, "forecast": due, "closed": won_on((0, D(2026, 4, 25)))}
    # By 15 May two were due and one of them has closed; the other two may still close in time.
    assert of_the_quarter("slipped_share", D(2026, 5, 15), **asked) == (0.5, 2)
    assert of_the_quarter("slipped_share", D(2026, 7, 15), **asked) == (0.75, 4)
    assert of_the_quarter("slipped_share", D(2026, 4, 19), **asked) == (None, 0)


@given(st.lists(within_the_quarter, max_size=8), st.dates(FIRST, D(2026, 8, 31)))
def test_what_was_due_by_the_day_is_what_slipped_deals_are_a_share_of(due: list[dt.date], as_of: dt.date) -> None:
    asked = {"open": OPEN_AT_NO_TIME, "forecast": forecast(due)}
    by_then = sum(on <= min(as_of, LAST) for on in due)
    assert of_the_quarter("slipped_share", as_of, **asked) == (1.0 if by_then else None, by_then)


def open_deal(**looks: Any) -> dict[str, Any]:
    tidy = {"amount": 100, "expected_close_on": D(2026, 12, 31), "next_step": "Call"}
    return {"deal_id": 1, "owner_id": 7, "since_on": D(2026, 1, 1)} | tidy | looks


LIVES = {**frames.OPEN_DEALS, "since_on": pl.Date, "until_on": pl.Date}
MOMENTS = {**frames.OPEN_DEALS, "at": pl.Date, "is_judged": pl.Boolean}


def test_how_tidy_deals_are_today_says_nothing_of_a_period_that_is_over() -> None:
    rows = pl.DataFrame([open_deal(), open_deal(deal_id=2, next_step=None)], schema=LIVES)
    assert of_the_quarter("crm_hygiene", D(2026, 6, 30), open=rows) == (0.5, 2)
    assert of_the_quarter("crm_hygiene", D(2026, 7, 1), open=rows) == (None, 0)


@given(within_the_quarter, within_the_quarter)
def test_a_running_period_is_judged_on_the_as_of_date(expected: dt.date, as_of: dt.date) -> None:
    rows = pl.DataFrame([open_deal(expected_close_on=expected)], schema=LIVES)
    assert of_the_quarter("crm_hygiene", as_of, open=rows) == (float(expected >= as_of), 1)


def test_hygiene_is_judged_by_what_deals_looked_like_at_the_periods_end() -> None:
    then, later = {"at": LAST, "is_judged": True}, {"at": D(2026, 9, 30), "is_judged": True}
    looks = [
        open_deal(**then),
        open_deal(**later, next_step=None),
        open_deal(deal_id=2, **then, expected_close_on=D(2026, 6, 29)),
        open_deal(deal_id=2, **later),
        # Opened by then but in no export yet: open, and nothing to be judged by.
        open_deal(deal_id=3, at=LAST, is_judged=False, amount=None, expected_close_on=None, next_step=None),
    ]
    rows = pl.DataFrame(looks, schema=MOMENTS)
    assert of_the_quarter("crm_hygiene", D(2026, 9, 30), open=rows) == (0.5, 2)
    known = Evidence(open=rows, known=frozenset({"deals"}))
    found = measured(["open_count"], Grouping("company", COMPANY), [Period(FIRST, LAST)], known, D(2026, 9, 30))
    assert found["open_count"].to_list() == [3.0]


def test_without_any_data_every_metric_is_empty_and_never_zero() -> None:
    keys = [entry.key for entry in METRICS]
    empty = Evidence(open=frames.empty({**frames.OPEN_DEALS, "since_on": pl.Date, "until_on": pl.Date}),
                     forecast=frames.empty({**frames.OPEN_DEALS, "period_start": pl.Date}))  # fmt: skip
    found = measured(keys, Grouping("company", COMPANY), [Period(D(2026, 1, 1), D(2026, 1, 31))], empty, D(2026, 2, 1))
    filled = {name: found[name][0] for name in output_columns(keys) if found[name][0] is not None}
    assert {name: n for name, n in filled.items() if not name.endswith("_n")} == {}
    assert set(filled.values()) <= {0.0}
