"""What the CRM says: quota, pipeline, deals and customers. One function per rule; thresholds stand beside it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from coaching import numbers
from coaching.attention.cases import LOSS_DAYS, Around, Case
from coaching.attention.rule import Found, level_of, named, trust
from coaching.intervals import wilson

BEHIND_PACE_SHARE = 0.15
"""How far below the quota to date counts as behind: less is noise of single deals."""
WIDENED_SHARE = 0.10
"""By how much of the quarter's quota the gap has to grow."""
STALLED_AT_LEAST, STALLED_SHARE = 3, 1 / 2
SLIPPED_AT_LEAST, SLIPPED_SHARE, SLIPPED_DAYS = 2, 1 / 4, 7
LOOKED_AT = 3
"""So many deals a coach and a rep can look at: what is at stake are the largest, not the whole book."""
LOST_AT_LEAST, LOST_SHARE = 3, 1 / 3
WINS_OF_A_CUSTOMER = 2
"""An account with fewer wins was a customer once; that it is quiet says little."""
LONGEST_NAME = 40


def behind_pace(rep: dict[str, Any]) -> bool:
    """More than 15 % below the quota prorated to the as-of date."""
    return _is_behind(rep.get("gap_to_date"), rep.get("won_amount"))


def was_behind_pace(rep: dict[str, Any]) -> bool:
    """The same on the earlier day of the quarter."""
    return _is_behind(rep.get("earlier_gap"), rep.get("earlier_won"))


def _is_behind(gap: float | None, won: float | None) -> bool:
    return gap is not None and gap > 0 and gap > BEHIND_PACE_SHARE * (gap + (won or 0.0))


def on_pace(rep: dict[str, Any]) -> bool:
    """At or above the quota prorated to the as-of date."""
    gap = rep.get("gap_to_date")
    return gap is not None and gap <= 0


def gap_widening(case: Case, around: Around) -> Found | None:
    """Behind pace, and further behind than some weeks ago: the change counts, not the level alone."""
    rep = case.rep
    gap, before, on = rep["gap_to_date"], rep["earlier_gap"], rep["earlier_on"]
    if not behind_pace(rep) or before is None or on is None or not rep["quota"]:
        return None
    widened = gap - before
    if widened <= WIDENED_SHARE * rep["quota"]:
        return None
    then = f"{_money(widened, around)} more than on {numbers.day_and_month(on)}"
    if before < 0:
        then = f"ahead of it on {numbers.day_and_month(on)}"
    days = (around.as_of - on).days
    return Found(
        f"{_money(gap, around)} behind pace, {then}",
        +1,
        days,
        level_of(gap / rep["quota"], 0.25, 0.5),
        min(widened, gap),
        trust(days, 14),
        ("metric:gap_to_date",),
    )


def thin_pipeline(case: Case, around: Around) -> Found | None:
    """The pipeline that closes in the quarter is less than the own win rate (else the team's) asks for."""
    rep = case.rep
    own = rep["needed_coverage"]
    needed = around.needed_coverage if own is None else own
    coverage, gap = rep["pipeline_coverage"], rep["gap_to_quota"]
    if coverage is None or not needed or not gap or gap <= 0 or coverage >= needed:
        return None
    closed = around.closed_count if own is None else rep["year_closed_count"] or 0
    missing = 1 - coverage / needed
    return Found(
        f"Coverage {numbers.times(coverage)}, needs {numbers.times(needed)} for the {_money(gap, around)} still to win",
        -1,
        closed,
        level_of(missing, 1 / 3, 2 / 3),
        gap * missing,
        trust(closed, 5),
        ("metric:pipeline_coverage", "metric:needed_coverage"),
    )


def stalled_deals(case: Case, around: Around) -> Found | None:
    """Three or more open deals stalled, and half of all of them."""
    deals, standing = case.each("deals", kind="stalled"), case.rep["open_count"] or 0
    if len(deals) < STALLED_AT_LEAST or len(deals) < STALLED_SHARE * standing:
        return None
    words = f"{numbers.count(len(deals))} of {numbers.count(standing)} open deals stalled{_largest(deals, around)}"
    return _of_deals(case, around, deals, words, standing, level_of(len(deals) / standing, 2 / 3, 5 / 6))


def slipped_deals(case: Case, around: Around) -> Found | None:
    """Two or more deals a week and more past the day they were to close on, and a quarter of those with such a day."""
    dated = case.rep["dated_count"] or 0
    deals = [deal for deal in case.each("deals", kind="slipped") if deal["since_days"] >= SLIPPED_DAYS]
    if len(deals) < SLIPPED_AT_LEAST or len(deals) < SLIPPED_SHARE * dated:
        return None
    words = f"{numbers.plural(len(deals), 'deal')} past the expected close and still open{_largest(deals, around)}"
    return _of_deals(case, around, deals, words, dated, level_of(len(deals) / dated, 1 / 2, 3 / 4))


def competitor_losses(case: Case, around: Around) -> Found | None:
    """Three or more deals of the last 90 days lost to one competitor, more than the rest of the company loses to it.

    More = the low end of the own share (Wilson, 95 %) lies above the others' share. Where there are no others, a third
    of the own losses to competitors.
    """
    lost, closed = case.each("deals", kind="lost_to_competitor"), case.rep["recent_count"] or 0
    counted = Counter(deal["competitor"] for deal in lost)
    if not counted:
        return None
    rival, times = min(counted.items(), key=lambda item: (-item[1], item[0]))
    others = (around.recent_count or 0) - closed
    elsewhere = (around.rival_losses.get(rival, times) - times) / others if others > 0 else None
    bounds = wilson(times, max(closed, times))
    is_more = bounds is not None and elsewhere is not None and bounds[0] > elsewhere
    if times < LOST_AT_LEAST or not (is_more if elsewhere is not None else times >= LOST_SHARE * len(lost)):
        return None
    to_rival = [deal for deal in lost if deal["competitor"] == rival]
    compared = f" ({numbers.share(elsewhere)} elsewhere)" if elsewhere is not None else ""
    words = (
        f"{numbers.count(times)} of {numbers.count(closed)} deals closed in {numbers.days(LOSS_DAYS)} lost to"
        f" {numbers.plain_name(rival, LONGEST_NAME)}{compared}{_largest(to_rival, around)}"
    )
    return _of_deals(case, around, to_rival, words, closed, level_of(times, 5, 8))


def customer_defecting(case: Case, around: Around) -> Found | None:
    """A customer with two wins and more went to a competitor or fell silent within the last 90 days."""
    gone = [row for row in case.rows.get("accounts", []) if (around.as_of - row["gone_on"]).days < LOSS_DAYS]
    if not gone:
        return None
    # The best known customer of those that rest on enough leads; one with a single win is not told at all.
    known = [row for row in gone if row["won_count"] >= WINS_OF_A_CUSTOMER] or gone
    first = max(known, key=lambda row: (row["last_won_amount"] or 0.0, -row["account_id"]))
    name = numbers.plain_name(first["account_name"], LONGEST_NAME) or "a customer"
    why = (
        f"went to {numbers.plain_name(first['competitor'], LONGEST_NAME)}"
        if first["competitor"]
        else "has neither bought nor had an open deal for half a year"
    )
    more = f", and {numbers.plural(len(known) - 1, 'more customer')} gone" if len(known) > 1 else ""
    amounts = sorted((row["last_won_amount"] for row in known if row["last_won_amount"] is not None), reverse=True)
    return Found(
        f"{name} {why}{more}",
        +1,
        first["won_count"],
        level_of(len(known), 3, 6),
        sum(amounts[:LOOKED_AT]) * _win_rate(case, around) if amounts else None,
        trust(_closed_count(case, around), 5),
        named("account", [row["account_id"] for row in known]),
    )


def back_on_pace(case: Case, around: Around) -> Found | None:
    """Behind pace some weeks ago in this quarter, on or ahead of it now."""
    rep = case.rep
    if not (was_behind_pace(rep) and on_pace(rep)) or rep["earlier_on"] is None:
        return None
    was = f"{_money(rep['earlier_gap'], around)} behind it on {numbers.day_and_month(rep['earlier_on'])}"
    ahead = -rep["gap_to_date"]
    now = f"{_money(ahead, around)} ahead of it" if ahead >= 1 else "on it"
    days = (around.as_of - rep["earlier_on"]).days
    return Found(f"Back on pace: {now} now, {was}", -1, days, sources=("metric:gap_to_date",))


def quota_met(case: Case, around: Around) -> Found | None:
    """The whole quarter's quota is won before the quarter is over."""
    rep = case.rep
    attained = rep["quota_attainment"]
    if attained is None or attained < 1 or not rep["won_amount"]:
        return None
    left = (around.quarter.end - around.as_of).days
    ahead = f", {numbers.days(left)} before the quarter ends" if left > 0 else ""
    quota = _money(rep["quota"], around)
    return Found(
        f"{numbers.share(attained)} of the quota of {quota} won{ahead}", +1, 1, sources=("metric:quota_attainment",)
    )


MONTHS_COMPARED = 6
RECORD_DAYS = 31
"""A record month is news until the next month is over."""


def record_month(case: Case, around: Around) -> Found | None:
    """The last whole month is the best of all that are known, six at least."""
    months = [row for row in case.rows.get("months", []) if row["won_amount"] is not None]
    if not months:
        return None
    last, before = months[-1], months[:-1]
    best = max((row["won_amount"] for row in before), default=0.0)
    is_last = (around.as_of - last["month"]).days <= 31 + RECORD_DAYS
    if not is_last or last["won_amount"] <= best or last["won_amount"] <= 0:
        return None
    words = (
        f"{numbers.month(last['month'])} was the best of the last {numbers.plural(len(months), 'month')}:"
        f" {_money(last['won_amount'], around)} won"
    )
    return Found(words, +1, len(months), sources=("metric:won_amount",))


def _of_deals(case: Case, around: Around, deals: list[dict[str, Any]], words: str, n: float, level: int) -> Found:
    """What is at stake: the amounts of the three largest times the chance that such deals are won."""
    amounts = sorted((deal["amount"] for deal in deals if deal["amount"] is not None), reverse=True)[:LOOKED_AT]
    at_stake = sum(amounts) * _win_rate(case, around) if amounts else None
    sources = named("deal", [deal["deal_id"] for deal in deals])
    return Found(words, +1, n, level, at_stake, trust(_closed_count(case, around), 5), sources)


def _has_own_rate(case: Case) -> bool:
    return (case.rep["year_closed_count"] or 0) >= 5 and case.rep["year_win_rate"] is not None


def _win_rate(case: Case, around: Around) -> float:
    """The rep's own over a year from five closed deals on, else everybody's; a half where nothing is known."""
    rate = case.rep["year_win_rate"] if _has_own_rate(case) else around.win_rate
    return 0.5 if rate is None else float(rate)


def _closed_count(case: Case, around: Around) -> float:
    return float(case.rep["year_closed_count"] if _has_own_rate(case) else around.closed_count)


def _largest(deals: list[dict[str, Any]], around: Around) -> str:
    """The one deal to look at first, in brackets of words; nothing where no deal has a name."""
    titled = [deal for deal in deals if deal["name"] or deal["account_name"]]
    if not titled:
        return ""
    first = max(titled, key=lambda deal: (deal["amount"] or 0.0, -deal["deal_id"]))
    name = numbers.plain_name(first["name"] or first["account_name"], LONGEST_NAME)
    amount = f" ({_money(first['amount'], around)})" if first["amount"] is not None else ""
    return f", the largest {name}{amount}"


def _money(amount: float, around: Around) -> str:
    return numbers.money(amount, around.currency)


def earlier_day(as_of: dt.date, quarter_start: dt.date, weeks: int) -> dt.date:
    """The day that a gap is compared with: some weeks ago, but never before the quarter began."""
    return max(as_of - dt.timedelta(weeks=weeks), quarter_start)
