"""The metric registry: one entry per number shown anywhere. Tiles, help texts, the definitions page, the command line
and tests read it; no number appears without an entry. Holds definitions, no computation (see measures.py)."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace


class Unit(enum.StrEnum):
    """What a value is counted in; decides how it is written."""

    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    DAYS = "days"
    MONTHS = "months"
    TIMES = "times"
    MONEY_PER_DAY = "money per day"
    MINUTES = "minutes"
    LEVEL = "level"
    """0 = lowest, 100 = highest level of a scorecard."""
    LEVEL_PER_MONTH = "level per month"
    DATE = "date"


class Direction(enum.StrEnum):
    """Which way is good news."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True)
class Metric:
    """A number that explains itself."""

    key: str
    label: str
    unit: Unit
    formula: str
    numerator: str
    denominator: str
    date_basis: str
    direction: Direction = Direction.UP
    smallest_n: int = 1
    no_data: str = "No data"
    counted_share: bool = False
    """A share of counted things: comes with n and a Wilson 95 % interval."""
    with_interval: bool = False
    """Comes with an interval and an n that are no Wilson interval of counts; ``also`` names the method."""
    source: str = "crm"
    """Which part of the product computes it: crm, cadence or skills."""
    is_stock: bool = False
    """Holds at a moment (the period's end or the as-of date), not over a span."""
    also: str = ""
    """Where the field disagrees or what to mind."""


_CLOSE = "close date"
_OPEN = "open date"
_MOMENT = "the period's end or the as-of date, whichever is earlier"

METRICS: tuple[Metric, ...] = (
    Metric(
        "won_count",
        "Deals won",
        Unit.COUNT,
        "Deals won in the period",
        "won deals",
        "",
        _CLOSE,
        no_data="No deals have been loaded",
    ),
    Metric(
        "lost_count",
        "Deals lost",
        Unit.COUNT,
        "Deals lost in the period",
        "lost deals",
        "",
        _CLOSE,
        Direction.DOWN,
        no_data="No deals have been loaded",
    ),
    Metric(
        "open_count",
        "Open deals",
        Unit.COUNT,
        "Deals opened by then and neither won nor lost; deals without an open date count from their first export",
        "open deals",
        "",
        _MOMENT,
        Direction.NONE,
        is_stock=True,
        no_data="No deals have been loaded",
    ),
    Metric(
        "won_amount",
        "Won amount",
        Unit.MONEY,
        "Sum of the amounts of deals won",
        "amount of won deals",
        "",
        _CLOSE,
        no_data="The won deals carry no amount",
        also="Deals without an amount are left out, never counted as zero.",
    ),
    Metric(
        "lost_amount",
        "Lost amount",
        Unit.MONEY,
        "Sum of the amounts of deals lost",
        "amount of lost deals",
        "",
        _CLOSE,
        Direction.DOWN,
        no_data="The lost deals carry no amount",
        also="A lost deal with the amount 0 has no amount: CRM systems often clear it.",
    ),
    Metric(
        "win_rate_count",
        "Win rate",
        Unit.SHARE,
        "Deals won out of all deals won or lost",
        "won deals",
        "won and lost deals",
        _CLOSE,
        smallest_n=5,
        counted_share=True,
        no_data="No deal was won or lost",
        also="Open deals are outside. Wilson 95 % interval.",
    ),
    Metric(
        "win_rate_value",
        "Win rate by value",
        Unit.SHARE,
        "Amount won out of the amount won or lost",
        "won amount",
        "won and lost amount",
        _CLOSE,
        smallest_n=5,
        no_data="The lost deals carry no amount",
        also="Undefined where lost deals carry no amount.",
    ),
    Metric(
        "average_deal_size",
        "Average deal",
        Unit.MONEY,
        "Won amount per deal won",
        "won amount",
        "won deals with an amount",
        _CLOSE,
        smallest_n=3,
        no_data="No won deal with an amount",
        also="On few deals look at the median beside it.",
    ),
    Metric(
        "median_deal_size",
        "Median deal",
        Unit.MONEY,
        "The amount that half of the won deals reach",
        "amount of won deals",
        "",
        _CLOSE,
        smallest_n=3,
        no_data="No won deal with an amount",
    ),
    Metric(
        "sales_cycle_days",
        "Sales cycle",
        Unit.DAYS,
        "Median days from opening to close of won deals",
        "days from open date to close date",
        "",
        _CLOSE,
        Direction.DOWN,
        smallest_n=3,
        no_data="No won deal with an open and a close date",
        also="Deals that close before they open are data errors: reported by the import and left out.",
    ),
    Metric(
        "open_pipeline",
        "Open pipeline",
        Unit.MONEY,
        "Sum of the amounts of open deals",
        "amount of open deals",
        "",
        _MOMENT,
        is_stock=True,
        no_data="The open deals carry no amount",
        also="Deals without an amount are counted apart, never as zero.",
    ),
    Metric(
        "open_without_amount_count",
        "Open deals without an amount",
        Unit.COUNT,
        "Open deals that carry no amount",
        "open deals without an amount",
        "",
        _MOMENT,
        Direction.DOWN,
        is_stock=True,
        no_data="No deals have been loaded",
    ),
    Metric(
        "opened_count",
        "Deals opened",
        Unit.COUNT,
        "Deals opened in the period, by the owner at opening",
        "deals opened",
        "",
        _OPEN,
        no_data="The deals carry no open date",
    ),
    Metric(
        "pipeline_generated",
        "Pipeline generated",
        Unit.MONEY,
        "Sum of the amounts of deals opened in the period, by the owner at opening",
        "amount of deals opened",
        "",
        _OPEN,
        no_data="No deal opened in the period carries an amount",
    ),
    Metric(
        "quota",
        "Quota",
        Unit.MONEY,
        "Quota for the days of the period; a joiner's or leaver's by working days",
        "quota",
        "",
        "days of the period",
        Direction.NONE,
        no_data="No quota has been loaded for these days",
    ),
    Metric(
        "quota_attainment",
        "Quota attainment",
        Unit.SHARE,
        "Won amount out of the quota for the whole period",
        "won amount",
        "quota",
        _CLOSE,
        no_data="No quota has been loaded for these days",
        also="A team's attainment is the team's won amount over the team's quota; see also share of reps at quota.",
    ),
    Metric(
        "at_quota_share",
        "Reps at quota",
        Unit.SHARE,
        "Reps whose won amount reaches their quota out of reps with a quota",
        "reps at or above quota",
        "reps with a quota",
        _CLOSE,
        smallest_n=5,
        counted_share=True,
        no_data="No quota has been loaded for these days",
    ),
    Metric(
        "gap_to_quota",
        "Gap to quota",
        Unit.MONEY,
        "Quota less won amount; negative = above quota",
        "quota less won amount",
        "",
        _CLOSE,
        Direction.DOWN,
        no_data="No quota has been loaded for these days",
    ),
    Metric(
        "gap_to_date",
        "Gap to quota to date",
        Unit.MONEY,
        "Quota prorated to the as-of date less won amount",
        "prorated quota less won amount",
        "",
        _CLOSE,
        Direction.DOWN,
        no_data="No quota has been loaded for these days",
    ),
    Metric(
        "pipeline_coverage",
        "Pipeline coverage",
        Unit.TIMES,
        "Open pipeline expected to close in the period over what is left of the quota",
        "amount of open deals expected to close in the period",
        "quota less won amount",
        _MOMENT,
        is_stock=True,
        no_data="No quota left to cover, or no open deal with an amount and an expected close date",
        also="Compare with the coverage that is needed, 1 over the win rate by value: never with a rule of thumb.",
    ),
    Metric(
        "needed_coverage",
        "Needed coverage",
        Unit.TIMES,
        "1 over the win rate by value of the last four quarters",
        "1",
        "win rate by value",
        _CLOSE,
        Direction.NONE,
        smallest_n=5,
        no_data="The lost deals carry no amount",
    ),
    Metric(
        "margin",
        "Margin",
        Unit.SHARE,
        "Amount less cost out of the amount, won deals",
        "amount less cost",
        "amount",
        _CLOSE,
        smallest_n=3,
        no_data="The won deals carry no cost",
        also="Changes are in points.",
    ),
    Metric(
        "discount",
        "Discount",
        Unit.SHARE,
        "What is missing from the list price, won deals",
        "list amount less amount",
        "list amount",
        _CLOSE,
        Direction.DOWN,
        smallest_n=3,
        no_data="The won deals carry no list amount",
    ),
    Metric(
        "sales_velocity",
        "Sales velocity",
        Unit.MONEY_PER_DAY,
        "Open deals with an amount × win rate × average deal over the cycle",
        "open deals with an amount × win rate × average deal",
        "sales cycle",
        _MOMENT,
        smallest_n=5,
        is_stock=True,
        no_data="One of its four parts has no data",
    ),
    Metric(
        "slipped_share",
        "Slipped deals",
        Unit.SHARE,
        "Deals that were to close in the period and did not, out of all that were to",
        "forecast deals not closed in the period",
        "deals expected at the period's start to close in it, and due by now",
        "expected close date as known at the period's start",
        Direction.DOWN,
        smallest_n=5,
        counted_share=True,
        no_data="No export from before the period's start",
    ),
    Metric(
        "stalled_count",
        "Stalled deals",
        Unit.COUNT,
        "Open deals in a stage for over 1.5 × the median of won deals, or idle for 30 days with nothing planned",
        "stalled deals",
        "",
        _MOMENT,
        Direction.DOWN,
        is_stock=True,
        no_data="Neither stage history nor activities have been loaded",
    ),
    Metric(
        "competitor_loss_share",
        "Losses to a competitor",
        Unit.SHARE,
        "Lost deals that name a competitor out of lost deals with a reason",
        "lost deals with a competitor",
        "lost deals with a reason or a competitor",
        _CLOSE,
        Direction.DOWN,
        smallest_n=5,
        counted_share=True,
        no_data="No lost deal carries a reason",
    ),
    Metric(
        "crm_hygiene",
        "CRM hygiene",
        Unit.SHARE,
        "Open deals with an amount, a close date that is not past and a next step",
        "open deals with all three",
        "open deals",
        _MOMENT,
        smallest_n=5,
        counted_share=True,
        is_stock=True,
        no_data="No open deal, the exports hold no such columns, or the period is over",
    ),
    Metric(
        "accounts_lost",
        "Customers defecting",
        Unit.COUNT,
        "Accounts with an earlier win, since lost to a competitor, or with no win and no open deal for 180 days",
        "accounts",
        "",
        _MOMENT,
        Direction.DOWN,
        is_stock=True,
        no_data="The deals name no accounts",
    ),
    Metric(
        "ramp_months",
        "Ramp time",
        Unit.MONTHS,
        "Months from the start to the first of two months in a row at 80 % of full quota or more",
        "months",
        "",
        "months since the start date",
        Direction.DOWN,
        no_data="No start date, no monthly quota, or not there yet",
        also="For a team the median of those who are there. The first month at 100 % would be luck-prone.",
    ),
    Metric(
        "days_since_last_session",
        "Days since last session",
        Unit.DAYS,
        "Days since a coaching session was last held",
        "days",
        "",
        _MOMENT,
        Direction.DOWN,
        is_stock=True,
        no_data="No session has been recorded",
    ),
    Metric(
        "days_since_last_observation",
        "Days since last observation",
        Unit.DAYS,
        "Days since somebody else observed and scored the rep",
        "days",
        "",
        _MOMENT,
        Direction.DOWN,
        is_stock=True,
        no_data="No observation has been recorded",
    ),
    Metric(
        "session_count",
        "Sessions held",
        Unit.COUNT,
        "Coaching sessions held in the period",
        "held sessions",
        "",
        "date held",
        no_data="No session has been recorded",
    ),
    Metric(
        "observation_count",
        "Observations",
        Unit.COUNT,
        "Observations by somebody else in the period",
        "observations",
        "",
        "date observed",
        no_data="No observation has been recorded",
    ),
    Metric(
        "expected_slots",
        "Expected sessions",
        Unit.COUNT,
        "Slots of the cadence policy that ended in the period, without those of which the rep was away for half",
        "slots",
        "",
        "last day of the slot",
        Direction.NONE,
        source="cadence",
        no_data="No rep has a start date, or no session has been recorded",
        also="Counted from the policy, from the rep's first day on, not from what was scheduled.",
    ),
    Metric(
        "met_slots",
        "Expected sessions held",
        Unit.COUNT,
        "Expected slots with a one-on-one held between their first day and 3 days (policy) after their last",
        "slots met",
        "",
        "last day of the slot",
        source="cadence",
        no_data="No rep has a start date, or no session has been recorded",
        also="A session meets at most one slot. Group and peer sessions are counted apart.",
    ),
    Metric(
        "cadence_adherence",
        "Cadence adherence",
        Unit.SHARE,
        "Expected slots that were met out of expected slots",
        "slots met",
        "expected slots",
        "last day of the slot",
        smallest_n=5,
        counted_share=True,
        source="cadence",
        no_data="No slot was expected, or no session has been recorded",
    ),
    Metric(
        "coaching_coverage",
        "Coaching coverage",
        Unit.SHARE,
        "Reps with a one-on-one held in the period out of reps who were there",
        "reps with a session",
        "reps there in the period",
        "date held",
        smallest_n=5,
        counted_share=True,
        source="cadence",
        no_data="No session has been recorded",
        also="By the own manager or another coach; group and peer sessions are counted apart. A rep counts once, for"
        " the team of their last day in the period.",
    ),
    Metric(
        "own_manager_coverage",
        "Coverage by the own manager",
        Unit.SHARE,
        "Reps with a one-on-one held by their own manager in the period out of reps who were there",
        "reps with a session of their manager",
        "reps there in the period",
        "date held",
        smallest_n=5,
        counted_share=True,
        source="cadence",
        no_data="No session has been recorded",
    ),
    Metric(
        "longest_gap_days",
        "Longest gap",
        Unit.DAYS,
        "Most days in a row without a one-on-one, within the period and the time in the company; a team's longest",
        "days",
        "",
        "date held",
        Direction.DOWN,
        source="cadence",
        no_data="No session has been recorded",
    ),
    Metric(
        "next_due_on",
        "Next session due",
        Unit.DATE,
        "Last day of the first slot that has not ended, is not met and not excused; a team's earliest",
        "date",
        "",
        _MOMENT,
        Direction.NONE,
        source="cadence",
        is_stock=True,
        no_data="The rep has no start date, or no session has been recorded",
    ),
    Metric(
        "coaching_minutes",
        "Coaching time",
        Unit.MINUTES,
        "Minutes of sessions held in the period; preparation apart",
        "minutes",
        "",
        "date held",
        Direction.NONE,
        source="cadence",
        no_data="No session with its minutes has been recorded",
        also="Of every kind of session, each once: for the rep it was recorded with.",
    ),
    Metric(
        "ask_share",
        "Ask share",
        Unit.SHARE,
        "Questions asked by the coach out of questions and instructions, sessions held in the period",
        "questions",
        "questions and instructions",
        "date held",
        source="cadence",
        no_data="No session with counted questions and instructions",
        also="As logged, or from a transcript where one was read.",
    ),
    Metric(
        "commitments_kept",
        "Commitments kept",
        Unit.SHARE,
        "The rep's promises that were done by their due date out of those due in the period",
        "promises done in time",
        "promises due",
        "due date",
        smallest_n=5,
        counted_share=True,
        source="cadence",
        no_data="No promise of the rep was due",
    ),
    Metric(
        "coach_commitments_kept",
        "Coach's commitments kept",
        Unit.SHARE,
        "Promises made to the rep that were done by their due date out of those due in the period",
        "promises done in time",
        "promises due",
        "due date",
        smallest_n=5,
        counted_share=True,
        source="cadence",
        no_data="No promise to the rep was due",
    ),
)

_SKILL_LEVEL = Metric(
    "skill_level",
    "Skill level",
    Unit.LEVEL,
    "Mean of the last 3 released scores by others, each on a scale of 0 (lowest level) to 100 (highest)",
    "scaled scores",
    "scores",
    "date observed",
    is_stock=True,
    source="skills",
    with_interval=True,
    no_data="No released score by somebody else",
    also="Competent from 50, mastery from 87.5. n = scores behind it; t interval of their mean from 2 scores on."
    " A team's value is the mean of the levels of the reps in it on that day; n = reps with a score.",
)
_SKILL_GROWTH = Metric(
    "skill_growth",
    "Skill growth",
    Unit.LEVEL_PER_MONTH,
    "Slope of the scaled scores over time, pulled towards all reps' where a rep has few",
    "level",
    "months",
    "date observed",
    is_stock=True,
    smallest_n=4,
    source="skills",
    with_interval=True,
    no_data="Fewer than 4 released scores over 60 days",
    also="Scores less the rater's leniency; partial pooling of the slopes of the company's reps, 95 % interval. A"
    " team's value is the mean of the slopes of the reps in it on that day; n = reps with a slope.",
)

TEMPLATES: dict[str, Metric] = {entry.key: entry for entry in (_SKILL_LEVEL, _SKILL_GROWTH)}
"""Numbers that exist once per skill: their keys go on with a colon and the skill's short name."""
DEFINED: tuple[Metric, ...] = (*METRICS, *TEMPLATES.values())
"""Every definition there is, for documents and searches."""

BY_KEY: dict[str, Metric] = {metric.key: metric for metric in METRICS}


def metric(key: str) -> Metric:
    """The registry entry of ``key``. Raises KeyError with a sentence that names the known keys.

    ``skill_level:discovery`` is the entry of ``skill_level`` under its own key; whether the skill exists is for the
    data to say.
    """
    template, _, slug = key.partition(":")
    if slug and template in TEMPLATES:
        return replace(TEMPLATES[template], key=key, label=f"{TEMPLATES[template].label}: {slug.replace('_', ' ')}")
    try:
        return BY_KEY[key]
    except KeyError:
        known = [*sorted(BY_KEY), *(f"{name}:<skill>" for name in TEMPLATES)]
        raise KeyError(f"There is no metric '{key}'. Known: {', '.join(known)}") from None


def output_columns(keys: list[str]) -> list[str]:
    """The columns a list of metrics prints as: an interval and an n come as columns of their own."""
    columns: list[str] = []
    for key in keys:
        columns.append(key)
        if metric(key).counted_share or metric(key).with_interval:
            columns += [f"{key}_low", f"{key}_high", f"{key}_n"]
    return columns
