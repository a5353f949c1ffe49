"""The baseline of an objective: taken as known on the day of the agreement, and never moved by what is loaded later."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coaching.people import Viewer
from coaching.plans import ObjectiveDraft, PlanDraft
from data_access.commands.plans import propose_plan
from data_access.engine import reading, writing
from data_access.queries.plans import Baseline, baseline, metric_series, objectives
from data_access.scope import operator
from data_access.tables import metadata
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone

D = dt.date

EXPORTS = [dt.date(2026, 11, 6), dt.date(2026, 11, 13), dt.date(2026, 11, 20)]


def taken(
    engine: sa.Engine, key: str, viewer: Viewer | None = None, agreed_on: dt.date = TODAY, rep: str = "ravi"
) -> Baseline | None:
    rep_id = someone(engine, rep).person_id
    assert rep_id is not None
    with reading(engine) as connection:
        return baseline(
            viewer or operator(), connection, rep_id=rep_id, metric_key=key, agreed_on=agreed_on, today=TODAY
        )


def load_exports(engine: sa.Engine, *amounts: float) -> None:
    """Ravi's open pipeline as three exports have it."""
    load(engine, "people", PEOPLE, dt.date(2026, 1, 1))
    for day, amount in zip(EXPORTS, amounts, strict=True):
        load(engine, "deals", [deal("a", amount=amount)], day)


def test_a_stock_is_the_mean_of_what_the_last_three_exports_said(engine: sa.Engine) -> None:
    load_exports(engine, 100, 200, 600)
    found = taken(engine, "open_pipeline")
    assert found is not None
    assert (found.value, found.count, found.as_of) == (300, 3, TODAY)
    assert found.basis.replace("\u00a0", " ") == "Mean of the last 3 exports: 6 Nov 2026, 13 Nov 2026, 20 Nov 2026"


def test_a_stock_without_three_exports_is_rebuilt_at_month_ends_and_says_so(sqlite_engine: sa.Engine) -> None:
    load(sqlite_engine, "people", PEOPLE, dt.date(2026, 1, 1))
    rows = [deal("a", amount=100, opened="2026-01-10"), deal("b", amount=60, opened="2026-10-05")]
    load(sqlite_engine, "deals", rows, dt.date(2026, 11, 20))
    found = taken(sqlite_engine, "open_pipeline")
    assert found is not None
    # 100 at the ends of August and September, 160 at that of October.
    assert (found.value, found.count) == (120, 3)
    assert "month ends, rebuilt" in found.basis


def test_a_rate_is_that_of_the_last_whole_quarter_with_its_n(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE, dt.date(2026, 1, 1))
    rows = [
        *[deal(f"w{n}", status="won", closed="2026-08-10") for n in range(3)],
        *[deal(f"l{n}", status="lost", closed="2026-09-30") for n in range(7)],
        # Outside of the quarter.
        deal("early", status="won", closed="2026-06-30"),
        deal("late", status="won", closed="2026-10-01"),
    ]
    load(engine, "deals", rows)
    found = taken(engine, "win_rate_count")
    assert found is not None
    assert (found.value, found.count) == (0.3, 10)
    assert found.basis.replace("\u00a0", " ") == "Value of the last whole fiscal quarter, 1 Jul – 30 Sep 2026"
    amounts = taken(engine, "average_deal_size")
    assert amounts is not None
    assert (amounts.value, amounts.count) == (100, 3)


def test_without_data_there_is_no_baseline(sqlite_engine: sa.Engine) -> None:
    load(sqlite_engine, "people", PEOPLE, dt.date(2026, 1, 1))
    load(sqlite_engine, "deals", [deal("a", amount="")])
    assert taken(sqlite_engine, "win_rate_count") is None
    assert taken(sqlite_engine, "open_pipeline") is None
    with pytest.raises(KeyError, match="no metric"):
        taken(sqlite_engine, "nonsense")


def test_somebody_elses_rep_has_no_baseline_in_omars_view(sqlite_engine: sa.Engine) -> None:
    load_exports(sqlite_engine, 100, 200, 600)
    assert taken(sqlite_engine, "open_pipeline", someone(sqlite_engine, "maya")) is not None
    for stranger in ("omar", "eve", "ada", "rosa"):
        assert taken(sqlite_engine, "open_pipeline", someone(sqlite_engine, stranger)) is None


def test_the_series_ends_with_the_last_export_and_never_reads_silence_as_nothing(sqlite_engine: sa.Engine) -> None:
    load_exports(sqlite_engine, 100, 200, 600)
    ravi = someone(sqlite_engine, "ravi").person_id
    assert ravi is not None
    later = dt.date(2026, 12, 30)
    with reading(sqlite_engine) as connection:
        asked: dict[str, Any] = {"rep_id": ravi, "since": TODAY, "as_of": later, "today": later}
        stock = metric_series(operator(), connection, metric_key="open_pipeline", **asked)
        flow = metric_series(operator(), connection, metric_key="pipeline_generated", **asked)
    assert stock["at"][-1] == EXPORTS[-1]
    assert stock["value"][-1] == 600
    # November has not been seen to its end.
    assert flow["at"][-1] == dt.date(2026, 10, 31)


# ---- Frozen ------------------------------------------------------------------------------------------------------

later_rows = st.lists(
    st.builds(
        lambda key, status, amount, day: deal(
            key, status=status, amount=amount, opened="2026-05-10", closed=day.isoformat() if status != "open" else ""
        ),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["open", "won", "lost"]),
        st.sampled_from([0, 55, 900]),
        st.dates(dt.date(2026, 7, 1), dt.date(2026, 11, 20)),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row["id"],
)
loads = st.lists(st.tuples(st.dates(dt.date(2026, 11, 21), dt.date(2027, 2, 1)), later_rows), min_size=1, max_size=3)


@settings(
    max_examples=8,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=loads, key=st.sampled_from(["open_pipeline", "win_rate_count", "average_deal_size"]))
def test_whatever_is_loaded_later_an_agreed_baseline_stays_and_can_be_recomputed(
    engine: sa.Engine, history: list[tuple[dt.date, list[dict[str, Any]]]], key: str
) -> None:
    empty(engine)
    load_exports(engine, 100, 200, 600)
    closed = [deal(f"x{n}", status="won" if n < 3 else "lost", closed="2026-08-10", amount=50 + n) for n in range(5)]
    load(engine, "deals", [deal("a", amount=600), *closed], TODAY)
    maya, ravi = someone(engine, "maya"), someone(engine, "ravi")
    assert ravi.person_id is not None
    goal = ObjectiveDraft(ravi.person_id, 0, key, None, 0.3, "relative", TODAY, dt.date(2027, 3, 31))
    with writing(engine) as connection:
        propose_plan(maya, connection, PlanDraft(ravi.person_id, 0, TODAY, objectives=(goal,)), now=NOW)
    agreed = stored(engine)
    assert agreed["baseline_value"] is not None
    for as_of, rows in history:
        load(engine, "deals", rows, as_of, now=NOW + dt.timedelta(days=90))
        assert stored(engine) == agreed
        again = taken(engine, key)
        assert again is not None
        assert again.value == pytest.approx(agreed["baseline_value"])
        assert (again.count, again.basis) == (agreed["baseline_count"], agreed["baseline_basis"])


def empty(engine: sa.Engine) -> None:
    with writing(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sa.delete(table))


def stored(engine: sa.Engine) -> dict[str, Any]:
    with reading(engine) as connection:
        [row] = objectives(operator(), connection, as_of=TODAY, today=TODAY).to_dicts()
    return {name: value for name, value in row.items() if name.startswith("baseline") or name == "target_value"}


def test_the_path_of_a_stock_is_what_each_export_said_and_a_later_one_does_not_redraw_it(engine: sa.Engine) -> None:
    """Open pipeline of 10, then 12, then 30: the weeks in between keep their amount when the last one is loaded."""
    load(engine, "people", PEOPLE, D(2026, 1, 1))
    for day, amount in ((D(2026, 3, 1), 10), (D(2026, 4, 1), 12)):
        load(engine, "deals", [deal("a", "ravi", opened="2026-01-10", amount=amount)], day)

    def path(as_of: dt.date) -> dict[dt.date, float]:
        ravi = someone(engine, "ravi").person_id
        assert ravi is not None
        asked = {"rep_id": ravi, "metric_key": "open_pipeline", "since": D(2026, 3, 1), "as_of": as_of, "today": TODAY}
        with reading(engine) as connection:
            frame = metric_series(someone(engine, "maya"), connection, **asked)  # type: ignore[arg-type]
        return {at: value for at, value in frame.select("at", "value").iter_rows() if value is not None}

    before = path(D(2026, 4, 30))
    assert {10.0, 12.0} <= set(before.values())
    load(engine, "deals", [deal("a", "ravi", opened="2026-01-10", amount=30)], D(2026, 5, 1))
    after = path(D(2026, 5, 31))
    assert {at: after[at] for at in before if at < D(2026, 4, 1)} == {
        at: value for at, value in before.items() if at < D(2026, 4, 1)
    }
    assert after[D(2026, 4, 12)] == 12
    assert max(after.values()) == 30
