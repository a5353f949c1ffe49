"""What the page is told: money only where everything it rests on is known, and no team of a handful."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from coaching.periods import add_months
from coaching.roi.findings import DATA, HOURS, Given, findings
from coaching.roi.guardrails import Guardrails
from coaching.roi.ladder import Step
from coaching.roi.loaded_cost import LoadedCost, loaded_cost
from coaching.roi.panel import Panel, winsorised
from coaching.roi.programme_cost import LINES, RATES, TIMES
from coaching.roi.rep_months import UNITS, RepMonths
from coaching.roi.simulation import LOTTERY, companies

FIRST = dt.date(2024, 9, 1)
LAST = dt.date(2026, 8, 31)
MONTHS = [add_months(FIRST, place) for place in range(24)]


def company(sizes: tuple[int, ...] = (100, 100), effect: float = 25.0) -> RepMonths:
    """A made-up company in teams of these sizes; outcomes in thousands."""
    stays = dataclasses.replace(LOTTERY, effect=effect, leave_chance=0.0, leave_chance_after_dip=0.0)
    made = companies(stays, 1, sum(sizes), 24, seed=5)[0].panel
    team = np.repeat(np.arange(len(sizes)), sizes)
    panel = Panel(made.outcome, made.start, team)
    smooth = winsorised(panel)
    rows = [(rep, rep + 1, int(team[rep]) + 1, "", FIRST, MONTHS[-1], None) for rep in range(panel.reps)]
    units = pl.DataFrame(rows, schema=UNITS, orient="row")
    return RepMonths(MONTHS, units, "bookings", smooth, panel, smooth, float(np.nanmax(smooth.outcome)), 1.0)


def cost(*lines: tuple[str, dt.date, dt.date, float]) -> LoadedCost:
    entered = pl.DataFrame(lines, schema=LINES, orient="row")
    return loaded_cost(pl.DataFrame(schema=TIMES), pl.DataFrame(schema=RATES), entered, FIRST, LAST)


KNOWN = cost(("tools", FIRST, LAST, 500_000.0), ("evaluation", FIRST, LAST, 100_000.0))


def told(panel: RepMonths, **more: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "cost": KNOWN,
        "currency": "USD",
        "scale": 100,
        "guardrails": Guardrails(),
        "hours": pl.DataFrame(schema=HOURS),
        "deals": pl.DataFrame(schema=DATA),
        "margin": 0.6,
        "learning_coverage": 1.0,
        "application_coverage": 1.0,
    }
    return findings(Given(panel, **{**usual, **more}))


def test_a_clear_effect_with_known_costs_and_margin_gives_a_return_whose_bridge_adds_up() -> None:
    found = told(company(), lower_levels=(Step(0, "Coached reps", "150", n=150),))
    assert found["verdict"] == "green"
    worth = found["money"]
    assert worth["shown"]
    assert worth["inputs"]["cost"] == pytest.approx(6_000)
    assert sum(step["amount"] for step in worth["bridge"]) == pytest.approx(worth["net"]["value"])
    assert worth["roi_percent"]["value"] == pytest.approx(100 * worth["net"]["value"] / 6_000)
    assert worth["benefit"]["value"] == pytest.approx(worth["inputs"]["effect"] * worth["inputs"]["rep_months"] * 0.6)
    assert sum(worth["roi_draws"]["counts"]) == 20_000
    assert next(bar["what"] for bar in worth["tornado"]) == "Effect"
    assert found["said"]["money_sentence"].startswith("Return on cost: +")
    assert found["ladder"][5]["steps"][0]["value"] == worth["roi_words"].split(" (")[0]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"margin": None}, "margin of what is sold is not known"),
        ({"cost": cost()}, "No cost is known yet"),
        ({"learning_coverage": 0.49}, "learning of"),
        ({"application_coverage": None}, "application of"),
        ({"guardrails": Guardrails(fewest_coached=10_000)}, "only where the effect"),
        ({"definition_changed": True}, "only where the effect"),
    ],
)
def test_without_a_part_there_is_no_return_but_the_reason(more: dict[str, Any], words: str) -> None:
    found = told(company(), **more)
    assert set(found["money"]) == {"shown", "why", "sentence"}
    assert words in found["money"]["why"]
    assert found["ladder"][5]["steps"] == []
    assert found["said"]["money_sentence"] == ""


def test_grey_tells_no_figure_in_words() -> None:
    found = told(company(), guardrails=Guardrails(fewest_coached=10_000))
    assert found["verdict"] == "grey"
    assert set(found["words"].values()) == {""}
    assert found["ladder"][4]["steps"] == []


def test_teams_of_a_handful_are_folded_and_a_rest_of_a_handful_hides_another_team() -> None:
    names = {1: "East", 2: "West", 3: "North"}
    folded = told(company((8, 7, 3)), team_names=names)["teams"]
    assert [(team["team"], team["reps"]) for team in folded] == [("East", 8), ("Other teams", 10)]
    alone = told(company((4,)), team_names=names)["teams"]
    assert alone == []
    shown = told(company((6, 6, 6)), team_names=names)["teams"]
    assert [team["team"] for team in shown] == ["East", "North", "West"]


def test_the_largest_deals_are_taken_out_of_the_coached_months_alone() -> None:
    panel = company()
    started = np.flatnonzero(np.isfinite(panel.panel.start))
    rep = int(started[0])
    on = MONTHS[int(panel.panel.start[rep])] + dt.timedelta(days=9)
    before = dt.date(2024, 9, 20)
    rows = [(rep + 1, on, 40.0), (rep + 1, before, 90.0)]
    found = told(panel, deals=pl.DataFrame(rows, schema=DATA, orient="row"))
    whole, without = (
        next(check["estimate"] for check in found["checks"] if check["key"] == key)
        for key in ("headline", "largest_deals")
    )
    # 40 fewer in one of the coached months, unless that month was above the cap.
    assert 0 < (whole["estimate"] - without["estimate"]) * whole["n"] <= 40 + 1e-6
