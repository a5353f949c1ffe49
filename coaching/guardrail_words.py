"""Every threshold of the verdict in plain words: what it is called, in what it is counted, and what it does."""

from __future__ import annotations

from dataclasses import dataclass, fields

from coaching import numbers
from coaching.roi.guardrails import DEFAULTS

GREY, AMBER, MAKING = "Too little to show (grey)", "Moves together, cause unknown (amber)", "How the figures are made"
SHARE, COUNT, ERRORS = "share", "count", "errors"


@dataclass(frozen=True)
class Words:
    """A threshold's name on the page, its group, the unit of its value, and what it does."""

    group: str
    title: str
    unit: str
    explanation: str


WORDS = {
    "skip": Words(
        MAKING,
        "Months before the start left out",
        COUNT,
        "Reps are often picked after bad months, which then recover by themselves. So many months right before the"
        " start count for nothing: at least 3, and as many as managers look back on.",
    ),
    "skip_when_drawn": Words(
        MAKING, "The same where the start was drawn", COUNT, "A lot picks nobody after bad months, so none is left out."
    ),
    "fewest_clean_months": Words(
        MAKING,
        "Months that give a rep a level",
        COUNT,
        "A rep with fewer months before the start is compared with nobody.",
    ),
    "jackknife_below": Words(
        MAKING,
        "Teams below which errors leave one out",
        COUNT,
        "With few teams that start together, the interval comes from leaving out one team at a time.",
    ),
    "same_start_share": Words(
        MAKING,
        "Teams that start together",
        SHARE,
        "From this share of teams on whose coached reps share a month, starts count as given to teams, not to reps.",
    ),
    "visible_tier": Words(
        MAKING,
        "Smallest effect shown for a tier",
        SHARE,
        "A tier that could show only larger effects is not shown alone.",
    ),
    "fewest_coached": Words(GREY, "Coached reps", COUNT, "With fewer coached reps nothing is shown."),
    "months_after": Words(
        GREY, "Months after the start", COUNT, "A rep counts as coached here once so many months have passed."
    ),
    "fewest_comparison": Words(
        GREY, "Reps to compare with", COUNT, "Not coached yet in the month in the middle of all starts."
    ),
    "share_with_history": Words(
        GREY,
        "Coached reps with a history",
        SHARE,
        "So many of the coached need months before their start to compare with.",
    ),
    "months_before": Words(GREY, "Months of that history", COUNT, "How many months before the start make a history."),
    "fewest_started_teams": Words(
        GREY, "Teams that started", COUNT, "Where whole teams start together, so many must have started."
    ),
    "fewest_unstarted_teams": Words(
        GREY, "Teams that have not", COUNT, "Where whole teams start together, so many must have nobody coached."
    ),
    "thin_month_reps": Words(
        GREY, "Reps that keep a month from being thin", COUNT, "A month with fewer reps not coached yet says little."
    ),
    "thin_share": Words(
        GREY, "Coached months in thin months", SHARE, "With more of them than this there is too little to compare with."
    ),
    "visible_grey": Words(
        GREY,
        "Smallest visible effect",
        SHARE,
        "Where only effects above this share of average results could be seen, no estimate is shown at all.",
    ),
    "missing_share": Words(
        GREY, "Missing results", SHARE, "With more months without a result than this nothing is shown."
    ),
    "visible_amber": Words(
        AMBER,
        "Smallest visible effect",
        SHARE,
        "Where only effects above this share of average results could be seen, the interval is shown and no money.",
    ),
    "placebo_p": Words(
        AMBER,
        "Chance of a false alarm before the start",
        SHARE,
        "How unlikely a difference four to six months before the start has to be to count as one.",
    ),
    "placebo_share": Words(
        AMBER,
        "How large that difference has to be",
        SHARE,
        "As a share of the effect: a smaller difference before the start does not matter.",
    ),
    "agreement_errors": Words(
        AMBER, "How far two methods may be apart", ERRORS, "In standard errors of their difference."
    ),
    "leaving_p": Words(
        AMBER,
        "Chance of a false alarm about leaving",
        SHARE,
        "How unlikely a difference in leaving has to be to count.",
    ),
    "largest_deals": Words(
        AMBER, "Largest deals looked at", COUNT, "How many of the largest deals are taken out as a test."
    ),
    "largest_deals_share": Words(
        AMBER,
        "Effect that may hang on them",
        SHARE,
        "Where more of the effect comes from them, its cause is not known.",
    ),
    "spill_over_errors": Words(
        AMBER,
        "How far colleagues may move it",
        ERRORS,
        "In standard errors: how much the effect may change without the colleagues of coached reps.",
    ),
    "fewest_clean_teams": Words(
        AMBER, "Teams that this check needs", COUNT, "Without so many teams with nobody coached it is not made."
    ),
}
"""By name in ``coaching.roi.guardrails``; a test holds the two together."""
WARNING = (
    "Another threshold or setting changes what the figures mean. The next result says so and is amber, without money,"
    " until it has been frozen once under the new definition."
)


def is_whole(name: str) -> bool:
    """Whether a threshold takes whole numbers only."""
    return next(field.type for field in fields(DEFAULTS) if field.name == name) == "int"


def said(name: str, value: float) -> str:
    """A value in its unit: 25 %, 3, 2× (the standard error)."""
    unit = WORDS[name].unit
    if unit == SHARE:
        return f"{value * 100:g}{numbers.SPACE}%"
    return f"{value:g}×" if unit == ERRORS else f"{value:g}"
