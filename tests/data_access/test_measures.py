"""Numbers for reps, teams and the company agree with each other, and facts and rows say the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data_access.engine import writing
from data_access.tables import metadata
from tests.companies import PEOPLE, TODAY, deal, load, measure, someone, value

D = dt.date
SNAPSHOT = D(2026, 6, 30)
FLOWS = (
    "won_count lost_count won_amount lost_amount win_rate_count win_rate_value average_deal_size opened_count "
    "pipeline_generated margin discount competitor_loss_share quota quota_attainment gap_to_quota at_quota_share"
)
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
days = st.dates(D(2026, 1, 1), D(2026, 6, 30))


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for n in range(draw(st.integers(1, 12))):
        status = draw(st.sampled_from(["open", "won", "lost"]))
        opened = draw(days)
        closed = min(opened + dt.timedelta(days=draw(st.integers(0, 90))), SNAPSHOT)
        found.append(
            deal(
                f"d{n}",
                draw(st.sampled_from(["ravi", "rosa", "wim", "maya", ""])),
                status=status,
                opened=str(opened),
                closed=str(closed) if status != "open" else "",
                amount=draw(st.sampled_from(["", "10", "99.5"])),
                cost=draw(st.sampled_from(["", "4"])),
                competitor=draw(st.sampled_from(["", "Acme"])) if status == "lost" else "",
                lost_reason=draw(st.sampled_from(["", "Price"])) if status == "lost" else "",
            )
        )
    return found


def quotas(*reps: str) -> list[dict[str, Any]]:
    return [{"rep": rep, "from": "2026-01-01", "to": "2026-06-30", "amount": 60, "currency": "USD"} for rep in reps]


def refill(engine: sa.Engine, deals: list[dict[str, Any]]) -> None:
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sa.delete(table))
    load(engine, "people", PEOPLE, SNAPSHOT)
    load(engine, "quotas", quotas("ravi", "rosa", "wim"), SNAPSHOT)
    load(engine, "deals", deals, SNAPSHOT)


LIMITS = settings(
    max_examples=15, phases=PHASES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@LIMITS
@given(rows(), st.tuples(days, days), st.sampled_from(["company", "team", "rep"]), st.sampled_from([None, "month"]))
def test_facts_and_rows_say_the_same(
    sqlite_engine: sa.Engine, deals: list[dict[str, Any]], span: tuple[dt.date, dt.date], by: str, every: str | None
) -> None:
    refill(sqlite_engine, deals)
    asked: dict[str, Any] = {"by": by, "start": min(span), "end": max(span), "every": every}
    from_facts = measure(sqlite_engine, FLOWS, **asked)
    # A median cannot come from sums, so asking for one makes the rows answer.
    from_rows = measure(sqlite_engine, f"{FLOWS} median_deal_size", **asked).drop("median_deal_size")
    assert from_facts.columns == from_rows.columns
    for one, other in zip(from_facts.to_dicts(), from_rows.to_dicts(), strict=True):
        assert one == pytest.approx(other, nan_ok=False)


@LIMITS
@given(rows(), st.tuples(days, days))
def test_teams_add_up_to_their_reps_and_the_company_to_its_teams(
    engine: sa.Engine, deals: list[dict[str, Any]], span: tuple[dt.date, dt.date]
) -> None:
    refill(engine, deals)
    keys = "won_count lost_count won_amount opened_count open_count open_without_amount_count"
    asked: dict[str, Any] = {"start": min(span), "end": max(span)}
    company, teams, reps = (measure(engine, keys, by, **asked) for by in ("company", "team", "rep"))
    for key in keys.split():
        parts = [value(teams, key, name) for name in ("dana", "unassigned")]
        whole = value(company, key)
        if None not in parts:
            assert sum(parts) == pytest.approx(whole)
        below = reps.filter(reps["id"].is_in(["ravi", "rosa", "maya"]))[key]
        if below.null_count() == 0 and value(teams, key, "East") is not None:
            assert below.sum() == pytest.approx(value(teams, key, "East"))


@LIMITS
@given(rows())
def test_every_interval_contains_its_estimate(sqlite_engine: sa.Engine, deals: list[dict[str, Any]]) -> None:
    refill(sqlite_engine, deals)
    keys = ["win_rate_count", "competitor_loss_share", "crm_hygiene", "at_quota_share"]
    for row in measure(sqlite_engine, " ".join(keys), "rep").to_dicts():
        for key in keys:
            if row[key] is not None:
                assert row[f"{key}_low"] <= row[key] + 1e-9
                assert row[key] - 1e-9 <= row[f"{key}_high"]
                assert row[f"{key}_n"] > 0


def test_periods_in_the_future_carry_no_data(engine: sa.Engine) -> None:
    refill(engine, [deal("a", status="won", closed="2026-02-01", amount="10")])
    found = measure(engine, "won_count open_count", start="2026-11-01", end="2026-12-31", every="month")
    assert found["won_count"].to_list() == [0, None]
    assert measure(engine, "won_count", start="2027-01-01", end="2027-01-31")["won_count"].to_list() == [None]


def test_coverage_is_what_may_close_in_the_period_over_what_is_left_of_the_quota(engine: sa.Engine) -> None:
    refill(
        engine,
        [
            deal("a", status="won", closed="2026-02-01", amount="10"),
            deal("b", amount="100", expected_close_on="2026-06-15"),
            deal("c", amount="900", expected_close_on="2026-07-15"),
            deal("d", status="lost", closed="2026-02-03", amount="30"),
        ],
    )
    found = measure(
        engine, "pipeline_coverage needed_coverage gap_to_quota quota_attainment", "rep", "2026-01-01", "2026-06-30"
    )
    assert value(found, "pipeline_coverage", "ravi") == pytest.approx(100 / 50)
    assert value(found, "needed_coverage", "ravi") == pytest.approx(40 / 10)
    assert value(found, "gap_to_quota", "ravi") == pytest.approx(50)
    assert value(found, "quota_attainment", "ravi") == pytest.approx(10 / 60)
    assert value(found, "quota_attainment", "wanda") is None


def test_hygiene_counts_deals_with_amount_date_and_next_step(engine: sa.Engine) -> None:
    later = {"expected_close_on": "2026-12-31", "next_step": "Call"}
    refill(
        engine,
        [
            deal("a", amount="10", **later),
            deal("b", amount="", **later),
            deal("c", amount="10", **later | {"expected_close_on": "2026-05-01"}),
            deal("d", amount="10", **later | {"next_step": ""}),
        ],
    )
    found = measure(engine, "crm_hygiene open_without_amount_count")
    assert (value(found, "crm_hygiene"), value(found, "crm_hygiene_n")) == (0.25, 4)
    assert value(found, "open_without_amount_count") == 1


def test_slipped_deals_are_judged_by_what_was_known_at_the_start(engine: sa.Engine) -> None:
    due = {"expected_close_on": "2026-04-20"}
    load(
        engine, "deals", [deal("a", **due), deal("b", **due), deal("c", expected_close_on="2026-09-01")], D(2026, 3, 31)
    )
    pushed = {"expected_close_on": "2026-08-01"}
    load(engine, "deals", [deal("a", status="won", closed="2026-04-19"), deal("b", **pushed)], D(2026, 5, 1))
    found = measure(engine, "slipped_share", start="2026-04-01", end="2026-04-30")
    assert (value(found, "slipped_share"), value(found, "slipped_share_n")) == (0.5, 2)
    assert value(measure(engine, "slipped_share", start="2026-03-01", end="2026-04-30"), "slipped_share") is None


def test_a_deal_whose_expected_close_is_still_to_come_has_not_slipped(engine: sa.Engine) -> None:
    due = [deal("a", expected_close_on="2026-04-10"), deal("b", expected_close_on="2026-04-25")]
    load(engine, "deals", due, D(2026, 3, 31))
    asked: dict[str, Any] = {"start": "2026-04-01", "end": "2026-04-30"}
    found = measure(engine, "slipped_share", **asked, as_of="2026-04-24")
    assert (value(found, "slipped_share"), value(found, "slipped_share_n")) == (1.0, 1)
    assert value(measure(engine, "slipped_share", **asked, as_of="2026-04-25"), "slipped_share_n") == 2


def test_a_file_that_comes_after_the_period_does_not_tidy_it_up(engine: sa.Engine) -> None:
    later = {"expected_close_on": "2026-12-31"}
    load(engine, "deals", [deal("a", **later, next_step=""), deal("b", **later, next_step="Call")], D(2026, 3, 31))
    quarter: dict[str, Any] = {"start": "2026-01-01", "end": "2026-03-31"}
    assert value(measure(engine, "crm_hygiene", **quarter, as_of="2026-03-31"), "crm_hygiene") == 0.5
    load(engine, "deals", [deal(key, **later, next_step="Call") for key in "ab"], D(2026, 4, 30))
    # By what the deals looked like then, or not at all.
    assert value(measure(engine, "crm_hygiene", **quarter, as_of="2026-04-30"), "crm_hygiene") in {0.5, None}


def test_a_joiner_counts_for_no_team_before_joining(engine: sa.Engine) -> None:
    late = [row | {"started_on": "2026-03-01" if row["id"] == "ravi" else ""} for row in PEOPLE]
    load(engine, "people", late, SNAPSHOT)
    load(engine, "deals", [deal("a", status="won", closed="2026-02-01", amount="10")], SNAPSHOT)
    found = measure(engine, "won_amount", "team")
    assert value(found, "won_amount", "East") == 0
    assert value(found, "won_amount", "unassigned") == 10


def test_a_player_coach_sells_for_their_own_team(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE, SNAPSHOT)
    load(engine, "deals", [deal("a", "maya", status="won", closed="2026-02-01", amount="10")], SNAPSHOT)
    assert value(measure(engine, "won_amount", "team"), "won_amount", "East") == 10
    assert value(measure(engine, "won_amount", "rep"), "won_amount", "maya") == 10


def test_ramp_is_measured_from_the_start_date_in_the_people_file(engine: sa.Engine) -> None:
    load(engine, "people", [row | {"started_on": "2026-01-05" if row["id"] == "ravi" else ""} for row in PEOPLE])
    monthly = [
        {"rep": "ravi", "from": f"2026-{m:02}-01", "to": f"2026-{m:02}-28", "amount": 100, "currency": "USD"}
        for m in range(1, 7)
    ]
    load(engine, "quotas", monthly)
    sold = [deal(f"w{m}", status="won", closed=f"2026-{m:02}-10", amount="90") for m in (3, 4)]
    load(engine, "deals", sold)
    assert value(measure(engine, "ramp_months", "rep", as_of=TODAY), "ramp_months", "ravi") == 2
    assert value(measure(engine, "ramp_months", "team"), "ramp_months", "East") == 2
    assert value(measure(engine, "ramp_months", "rep"), "ramp_months", "rosa") is None


def test_an_unknown_grouping_or_metric_is_refused(engine: sa.Engine) -> None:
    with pytest.raises(ValueError, match="none of rep, team, company"):
        measure(engine, "won_count", "planet")
    with pytest.raises(KeyError, match="no metric"):
        measure(engine, "wins")


def test_an_empty_database_has_no_data_anywhere(engine: sa.Engine) -> None:
    found = measure(engine, f"{FLOWS} open_count stalled_count accounts_lost ramp_months")
    assert [name for name in found.columns[5:] if found[name][0] not in (None, 0) and not name.endswith("_n")] == []
    assert measure(engine, "won_count", "rep").is_empty()


def test_a_rep_sees_the_same_numbers_as_the_manager(engine: sa.Engine) -> None:
    refill(engine, [deal("a", status="won", closed="2026-02-01", amount="10"), deal("b", amount="5")])
    keys = "won_amount open_pipeline win_rate_count quota_attainment"
    ravi, maya = someone(engine, "ravi"), someone(engine, "maya")
    mine = measure(engine, keys, "rep", viewer=ravi).to_dicts()
    hers = [row for row in measure(engine, keys, "rep", viewer=maya).to_dicts() if row["id"] == "ravi"]
    assert mine == hers
