"""Which deals deserve a look and which customers are being lost, each with its reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching.people import Viewer
from data_access.engine import reading
from data_access.queries.deal_review import accounts_lost, deals_to_look_at, is_rebuilt
from data_access.queries.peer_bands import peer_band
from tests.companies import PEOPLE, TODAY, deal, load, measure, someone

D = dt.date


def looked_at(engine: sa.Engine, viewer: Viewer, rep: Viewer) -> pl.DataFrame:
    assert rep.person_id is not None
    with reading(engine) as connection:
        return deals_to_look_at(viewer, connection, rep_id=rep.person_id, as_of=TODAY, today=TODAY)


def company(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    load(
        engine,
        "deals",
        [
            deal("late", expected_close_on="2026-11-10", amount=50, name="Late one"),
            deal("fine", expected_close_on="2026-12-24", amount=90),
            deal(
                "gone",
                status="lost",
                closed="2026-11-01",
                amount=70,
                name="Gone one",
                account="Acme",
                competitor="Rival",
                lost_reason="Price",
            ),
            deal("old", status="won", closed="2026-01-20", account="Acme", amount=40),
            deal("quiet", status="won", closed="2026-02-01", account="Silent Ltd", amount=30),
            deal("wims", "wim", expected_close_on="2026-11-10", amount=10),
        ],
    )


def test_slipped_and_lost_deals_come_with_their_reason_largest_first(engine: sa.Engine) -> None:
    company(engine)
    found = looked_at(engine, someone(engine, "maya"), someone(engine, "ravi"))
    assert found.select("name", "kind", "reason").rows() == [
        ("Gone one", "lost_to_competitor", "Lost to Rival 19 days ago: Price"),
        ("Late one", "slipped", "Was to close 10 days ago and is still open"),
    ]


def test_a_stalled_deal_says_how_long_and_what_is_usual(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("slow"), deal("won", status="won", closed="2026-02-01")])
    history = [
        {"deal": "won", "stage": "Discovery", "entered_at": "2026-01-10"},
        {"deal": "won", "stage": "Closed Won", "entered_at": "2026-02-01"},
        {"deal": "slow", "stage": "Discovery", "entered_at": "2026-10-01"},
    ]
    load(engine, "stage-history", history)
    found = looked_at(engine, someone(engine, "maya"), someone(engine, "ravi"))
    assert found["reason"].to_list() == ["50 days in Discovery; won deals usually spend 22"]


def test_the_same_deals_stand_still_whoever_looks(engine: sa.Engine) -> None:
    """How long is usual is the company's: Wim's won deals tell it to Ravi, Maya and Dana alike."""
    load(engine, "people", PEOPLE)
    won = [deal(f"won{n}", "wim", status="won", closed="2026-02-01") for n in range(2)]
    load(engine, "deals", [deal("slow"), *won])
    stages = [("slow", "Discovery", "2026-10-01")]
    stages += [
        (f"won{n}", stage, on) for n in range(2) for stage, on in (("Discovery", "2026-01-10"), ("Won", "2026-02-01"))
    ]
    load(engine, "stage-history", [{"deal": key, "stage": stage, "entered_at": on} for key, stage, on in stages])
    ravi = someone(engine, "ravi")
    found = [looked_at(engine, someone(engine, who), ravi).rows() for who in ("maya", "dana", "ravi")]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 1
    # The tile beside the list counts the same deals.
    for who in ("maya", "dana", "ravi"):
        counted = measure(engine, "stalled_count", "rep", viewer=someone(engine, who))
        assert dict(counted.select("id", "stalled_count").iter_rows())["ravi"] == 1


def test_silence_counts_only_where_activities_are_loaded(engine: sa.Engine) -> None:
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("quiet"), deal("other", "wim")])
    ravi = someone(engine, "ravi")
    assert looked_at(engine, ravi, ravi).is_empty()
    load(engine, "activities", [{"id": "a", "deal": "other", "owner": "wim", "at": "2026-11-01", "kind": "call"}])
    found = looked_at(engine, ravi, ravi)
    assert found["reason"].to_list() == ["Nothing done for 314 days and nothing planned"]


def test_nobody_looks_at_the_deals_of_another_team(engine: sa.Engine) -> None:
    company(engine)
    assert looked_at(engine, someone(engine, "omar"), someone(engine, "ravi")).is_empty()
    assert looked_at(engine, someone(engine, "eve"), someone(engine, "ravi")).is_empty()
    assert looked_at(engine, someone(engine, "ravi"), someone(engine, "ravi")).height == 2


def test_customers_who_went_to_a_competitor_or_fell_silent_are_named(engine: sa.Engine) -> None:
    company(engine)
    ravi = someone(engine, "ravi")
    assert ravi.person_id is not None
    with reading(engine) as connection:
        for viewer in (someone(engine, "maya"), ravi):
            found = accounts_lost(viewer, connection, rep_id=ravi.person_id, as_of=TODAY, today=TODAY)
            assert dict(found.select("account_name", "reason").iter_rows()) == {
                "Acme": "Latest deal lost to Rival 19 days ago",
                "Silent Ltd": "No win and no open deal for 292 days (limit 180)",
            }
        assert accounts_lost(
            someone(engine, "omar"), connection, rep_id=ravi.person_id, as_of=TODAY, today=TODAY
        ).is_empty()


def test_a_view_before_the_first_export_is_called_reconstructed(engine: sa.Engine) -> None:
    company(engine)
    maya = someone(engine, "maya")
    with reading(engine) as connection:
        assert is_rebuilt(maya, connection, D(2026, 5, 1))
        assert not is_rebuilt(maya, connection, TODAY)


def test_a_band_needs_five_peers_and_a_rep_in_scope(engine: sa.Engine) -> None:
    many = [{"id": f"r{n}", "name": f"Rep {n}", "role": "Rep", "manager": "maya", "team": "East"} for n in range(5)]
    load(engine, "people", [*PEOPLE, *many])
    rows = [deal(f"d{n}", f"r{n}", status="won", closed="2026-02-01", amount=10 * (n + 1)) for n in range(5)]
    load(engine, "deals", rows)
    ravi = someone(engine, "ravi")
    asked: dict[str, Any] = {
        "keys": ["won_amount"],
        "start": D(2026, 1, 1),
        "end": D(2026, 3, 31),
        "as_of": TODAY,
        "today": TODAY,
    }
    with reading(engine) as connection:
        band = peer_band(someone(engine, "maya"), connection, rep_id=ravi.person_id or 0, **asked)["won_amount"]
        hidden = peer_band(someone(engine, "omar"), connection, rep_id=ravi.person_id or 0, **asked)["won_amount"]
    # Eight peers: five sold 10 to 50, Rosa, Wim and Wanda nothing.
    assert band.select("median", "top_quartile", "n").rows() == [(15.0, 32.5, 8)]
    assert hidden.is_empty()
