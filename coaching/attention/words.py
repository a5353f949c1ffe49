"""What the lists say: the verdict, a row, the sum behind a place on the list. The page and the digest use the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from coaching import numbers
from coaching.attention.order import Entry, Listing, Reason, Weights
from coaching.attention.rule import SEVERITY_SHARES
from coaching.attention.rules import BY_KEY
from coaching.metrics import METRICS

REASONS_IN_A_ROW = 2


def row_reasons(entry: Entry) -> list[str]:
    """The reasons of a row, the largest first, two at most."""
    return [reason.words for reason in entry.reasons[:REASONS_IN_A_ROW]]


def more_words(entry: Entry) -> str:
    """How many reasons a row leaves out: 2 more reasons; empty where none."""
    more = len(entry.reasons) - REASONS_IN_A_ROW
    return numbers.plural(more, "more reason") if more > 0 else ""


ORDER_WORDS = (
    "Ordered by the figure beside the name: what is at stake × how sure that is × how long ago somebody was last"
    " coached or observed."
)
"""What the list is ordered by, in a line above it."""


def place_words(entry: Entry, currency: str) -> str:
    """The figure that orders the list: $71 k; 0.21 where nothing has an amount."""
    return _figure(entry, entry.priority, currency)


def why_words(entry: Entry, currency: str) -> str:
    """How that figure is made, in a line: $50 k at stake × 67 % sure × 2.10 for neglect = $71 k."""
    worth = sum(_weighed(reason) for reason in entry.reasons if reason.is_counted)
    sure = _sure(entry.expected / worth if worth else 1.0)
    stake = _figure(entry, worth, currency)
    return f"{stake} at stake × {sure} sure × {entry.neglect:.2f} for neglect = {place_words(entry, currency)}"


def _sure(confidence: float) -> str:
    """67 %; from 99 % on with a decimal, so that the sum can be redone: 99.6 %."""
    return f"{confidence * 100:.1f}{numbers.SPACE}%" if 0.99 <= confidence < 0.9995 else numbers.share(confidence)


def _weighed(reason: Reason) -> float:
    """What a reason has at stake times its weight; a sum of these times the mean confidence is the entry's sum."""
    return reason.share / reason.confidence if reason.confidence else 0.0


def _figure(entry: Entry, value: float, currency: str) -> str:
    return numbers.money(value, currency) if has_amounts(entry) else f"{value:.2f}"


def has_amounts(entry: Entry) -> bool:
    """Whether the sum is money, not only how grave the reasons are."""
    return any(reason.value is not None for reason in entry.reasons)


def reason_sum_words(reason: Reason, currency: str) -> str:
    """How a reason's part is made: $20 k (the part of the gap that is new since) × 67 % sure = $13 k."""
    rule = BY_KEY[reason.rule]
    if not reason.is_counted:
        return f"counted with the other reason about {rule.topic}"
    weight = "" if reason.weight == 1 else f" × weight {_short(reason.weight)}"
    sure = "a fact" if reason.confidence >= 1 else f"{numbers.share(reason.confidence)} sure"
    if reason.value is None:
        return f"no amount known; weighs {reason.share:.2f}, {sure}{weight}"
    part = numbers.share(SEVERITY_SHARES[rule.severity])
    basis = rule.stake if reason.is_measured else f"{part} of what is won in a usual quarter"
    money = numbers.money(reason.value, currency)
    return f"{money} ({basis}) × {sure}{weight} = {numbers.money(reason.share, currency)}"


def n_words(reason: Reason) -> str:
    """What a reason rests on, with its n: rests on 12 open deals."""
    one, _, many = BY_KEY[reason.rule].rests_on.partition("|")
    told = many if many and reason.n != 1 else one
    return f"rests on {told.format(n=numbers.count(reason.n), time=_time(reason.n))}"


def _time(passed: float) -> str:
    """Days as a length of time: 3 weeks, 7 months, 3.6 years."""
    first = dt.date(2000, 1, 1)
    return numbers.tenure(first, first + dt.timedelta(days=min(int(passed), 36_500)))


def neglect_words(entry: Entry) -> str:
    """What the sum is multiplied by, and why."""
    if entry.unseen_days is None:
        return "× 1: no session or observation is recorded anywhere"
    seen = "today" if entry.unseen_days == 0 else f"{numbers.days(entry.unseen_days)} ago"
    due = numbers.days(entry.due_after_days)
    return f"× {entry.neglect:.2f} for neglect: last coached or observed {seen}, a session is due after {due}"


def sum_words(entry: Entry, currency: str) -> str:
    """The whole sum in a line: $34 k × 2.10 = $71 k."""
    expected = _figure(entry, entry.expected, currency)
    told = f"{expected} × {entry.neglect:.2f} = {place_words(entry, currency)}: what the list is ordered by."
    return told if has_amounts(entry) else f"No amount is known here, so the kind of the reasons decides: {told}"


def floor_words(floor_weeks: int) -> str:
    """Why somebody stands among the first although others have a larger figure."""
    every = "every week" if floor_weeks == 1 else f"every {numbers.plural(floor_weeks, 'week')}"
    return f"Stands here, whatever the figure, so that every rep is seen at least {every}"


def source_words(source_ids: Sequence[str], most: int = 6) -> str:
    """The rows a reason was taken from: deal 12, deal 14 and 3 more; numbers by the registry's name."""
    labels = {entry.key: entry.label for entry in METRICS}
    told = []
    for source in source_ids[:most]:
        table, _, key = source.partition(":")
        told.append(
            _lower(labels.get(key) or key.replace("_", " ").replace(":", ": "))
            if table == "metric"
            else f"{table.replace('_', ' ')} {key}"
        )
    more = len(source_ids) - most
    return ", ".join(told) + (f" and {numbers.count(more)} more" if more > 0 else "")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def put_off_sentence(listed: Listing) -> str:
    """2 put off"""
    return f"{numbers.count(len(listed.put_off))} put off"


def nothing_words(listed: Listing, is_known: bool) -> tuple[str, str]:
    """What stands in place of an empty list, and what would put somebody there."""
    if not listed.people_count:
        return "No reps in view.", ""
    if listed.put_off:
        return "Nobody else stands out.", "What you put off stands below."
    if not is_known:
        return "Nobody stands out.", "Neither quotas nor coaching sessions have been loaded, so little can stand out."
    return "Nobody stands out.", "Every rule was asked of everybody; the rules are explained in the documentation."


def is_anything_known(found: dict[str, pl.DataFrame]) -> bool:
    """Whether quotas or sessions have been loaded, so that somebody can stand out. ``found``: with a frame KNOWN."""
    return any(found["known"].row(0))


def verdict(found: dict[str, pl.DataFrame]) -> list[str]:
    """What the alerts say together, the need first and good news after it; empty without anybody in view.

    ``found``: frames "alerts" (ALERTS), "people" (PEOPLE) and "known" (KNOWN).
    """
    people_count = found["people"].height
    if not people_count:
        return []
    quotas_known, sessions_known = found["known"].row(0)
    by_rule: dict[str, int] = dict(found["alerts"].group_by("rule").agg(pl.col("rep_id").n_unique()).iter_rows())
    sentences = []
    if quotas_known:
        behind = by_rule.get("gap_widening", 0)
        sentences.append(
            f"{_of(behind, people_count)} falling further behind the quota to date."
            if behind
            else "Nobody is falling further behind the quota to date."
        )
    if sessions_known:
        due = by_rule.get("cadence_breach", 0)
        sentences.append(
            f"{_of(due, people_count)} past their next session." if due else "Nobody is past their next session."
        )
    news = [numbers.plural(by_rule[key], one, many) for key, one, many in _NEWS if by_rule.get(key)]
    if news:
        sentences.append(f"Good news: {listed(news)}.")
    return sentences


_NEWS = (
    ("objective_met", "objective met", "objectives met"),
    ("record_month", "record month", "record months"),
    ("quota_met", "quota met", "quotas met"),
    ("record_win", "record win", "record wins"),
    ("skill_reached", "skill reached", "skills reached"),
    ("back_on_pace", "rep back on pace", "reps back on pace"),
    ("praise_owed", "kept promise to praise", "kept promises to praise"),
)


def _of(part: int, whole: int) -> str:
    return f"{numbers.count(part)} of {numbers.plural(whole, 'rep')} {'is' if part == 1 else 'are'}"


def listed(words: Sequence[str]) -> str:
    """a, b and c"""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + f" and {words[-1]}" if words else ""


def flags(alerts: pl.DataFrame, weights: Weights) -> dict[int, str]:
    """Per rep what stands out in two words each, for a table: in the order of the rules, good news last."""
    found: dict[int, list[str]] = {}
    for row in alerts.sort("is_good", maintain_order=True).iter_rows(named=True):
        if weights.of(row["rule"]) > 0:
            found.setdefault(row["rep_id"], []).append(BY_KEY[row["rule"]].flag)
    return {rep_id: ", ".join(words) for rep_id, words in found.items()}


def with_flags(reps: pl.DataFrame, alerts: pl.DataFrame, weights: Weights) -> pl.DataFrame:
    """``reps`` (row_id) with ``flags``, empty where nothing stands out."""
    by_rep = flags(alerts, weights)
    return reps.with_columns(pl.Series("flags", [by_rep.get(key, "") for key in reps["row_id"]], dtype=pl.String))
