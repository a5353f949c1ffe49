"""From cases to one figure per person: how far each is from what the same cases brought others, and how sure that is.

Pure. Cases are compared within the same quarter, segment and outcome, so that season, the market and a running quarter
touch everybody alike. Rows come sorted: sums of fractions depend on their order, and two viewers get one number.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from coaching.diagnosis.evidence import BLOCK_DAYS
from coaching.diagnosis.standing import Measured, Numbers, Places
from coaching.periods import Period, add_months
from coaching.pooling import sums

CASES = {
    "case_id": pl.Int64,
    "person_id": pl.Int64,
    "on": pl.Date,
    "stratum": pl.String,
    "value": pl.Float64,
}
"""One case each; stratum = what is only compared with its own kind. Sorted by person, day and id."""
FEWEST_CASES = 10
"""Somebody with fewer is not compared and is nobody's peer."""
FEWEST_IN_A_CELL = 8
"""Of a quarter with fewer cases the whole window's mean is taken."""
FEWEST_IN_A_BLOCK = 3
FENCES = 1.5
"""Times the distance between the quartiles: values further out count as that far out."""
STEADY = 1.5
"""Quarters more of these standard deviations off count less: a colleague's deals taken over are no habit."""
WORTH_A_LOOK = 2.5


def sorted_cases(cases: pl.DataFrame) -> pl.DataFrame:
    """CASES in the one order in which they are added up, without those that have no value."""
    return cases.filter(pl.col("value").is_not_null()).select(list(CASES)).sort("person_id", "on", "case_id", "stratum")


def measured_values(cases: pl.DataFrame, people: pl.DataFrame, window: Period, kind: str) -> Measured:
    """Shares and means ("share", "mean": deviation over the segment's mean) or sizes ("log": the difference of logs).

    ``cases``: CASES, of a "log" the logarithms. ``people``: person_id, segment, is_reference, sorted.
    """
    rows = sorted_cases(cases).join(
        people.select("person_id", "segment", "is_reference"), on="person_id", how="inner", maintain_order="left"
    )
    if rows.is_empty():
        return _nobody()
    person_ids, person = np.unique(rows["person_id"].to_numpy(), return_inverse=True)
    is_peer = rows["is_reference"].to_numpy()
    block = rows.select((pl.lit(window.end) - pl.col("on")).dt.total_days() // BLOCK_DAYS).to_series().to_numpy()
    segment, segments = _codes(rows["segment"])
    stratum, strata = _codes(rows["stratum"])
    kindred = segment * strata + stratum
    value = rows["value"].to_numpy().astype(np.float64)
    if kind != "share":
        value = _fenced(value, kindred, segments * strata, is_peer)
    usual = _usual(value, kindred, segments * strata, block, is_peer)
    off = value - usual
    known = ~np.isnan(off)
    off, person, segment, block, is_peer = off[known], person[known], segment[known], block[known], is_peer[known]
    value = value[known]
    count = _counts(person, len(person_ids))
    mean = _ratio(sums(person, off, len(person_ids)), count)
    variance = _ratio(
        sums(segment[is_peer], off[is_peer] ** 2, segments),
        _counts(segment[is_peer], segments),
    )
    level = _ratio(
        sums(segment[is_peer], value[is_peer], segments),
        _counts(segment[is_peer], segments),
    )
    home = np.zeros(len(person_ids), dtype=np.int64)
    home[person] = segment
    noise = _dispersion(off[is_peer], person[is_peer], block[is_peer], mean, variance[home], len(person_ids))
    with np.errstate(divide="ignore", invalid="ignore"):
        squared = noise * variance[home] / count
        if kind != "log":
            mean, squared = mean / level[home], squared / level[home] ** 2
    kept = (count >= FEWEST_CASES) & np.isfinite(mean) & np.isfinite(squared)
    return Measured(person_ids[kept].astype(np.int64), count[kept].astype(np.int64), mean[kept], squared[kept])


def _nobody() -> Measured:
    none = np.zeros(0, dtype=np.int64)
    return Measured(none, none, np.zeros(0), np.zeros(0))


def _codes(names: pl.Series) -> tuple[Places, int]:
    filled = names.fill_null("")
    # The codes only have to tell names apart; a dense rank does so without making objects of a hundred thousand texts.
    code = filled.rank("dense").cast(pl.Int64).to_numpy() - 1
    return code, filled.n_unique()


def _counts(place: Places, count: int) -> Numbers:
    return sums(place, np.ones(len(place)), count)


def _ratio(top: Numbers, bottom: Numbers) -> Numbers:
    return np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)


def _fenced(value: Numbers, kindred: Places, kinds: int, is_peer: np.ndarray) -> Numbers:
    """Values beyond the fences of their own kind's quartiles moved to the fence."""
    found = value.copy()
    for kind in range(kinds):
        theirs = value[(kindred == kind) & is_peer]
        if len(theirs) < FEWEST_IN_A_CELL:
            continue
        low, high = np.quantile(theirs, [0.25, 0.75])
        reach = FENCES * (high - low)
        mine = kindred == kind
        found[mine] = np.clip(value[mine], low - reach, high + reach)
    return found


def _usual(value: Numbers, kindred: Places, kinds: int, block: Places, is_peer: np.ndarray) -> Numbers:
    """What the peers' cases of the same kind and quarter came to on average; nan where they have too few of a kind."""
    blocks = int(block.max()) + 1
    cell = kindred * blocks + block
    count = _counts(cell[is_peer], kinds * blocks)
    mean = _ratio(sums(cell[is_peer], value[is_peer], kinds * blocks), count)
    whole_count = _counts(kindred[is_peer], kinds)
    whole = _ratio(sums(kindred[is_peer], value[is_peer], kinds), whole_count)
    whole = np.where(whole_count >= FEWEST_IN_A_CELL, whole, np.nan)
    return np.where(count[cell] >= FEWEST_IN_A_CELL, mean[cell], whole[kindred])


def _dispersion(off: Numbers, person: Places, block: Places, mean: Numbers, variance: Numbers, people: int) -> float:
    """How much more quarters of one person differ than single cases would make them; 1 where they do not.

    Good and bad spells last for months: without this, a long spell would look like a habit.
    """
    blocks = int(block.max()) + 1 if len(block) else 1
    cell = person * blocks + block
    count = _counts(cell, people * blocks)
    total = sums(cell, off, people * blocks)
    who = np.arange(people * blocks) // blocks
    used = (count >= FEWEST_IN_A_BLOCK) & (variance[who] > 0)
    if not used.any():
        return 1.0
    square = (total[used] - count[used] * mean[who[used]]) ** 2 / (count[used] * variance[who[used]])
    freedom = int(used.sum()) - len(np.unique(who[used]))
    return max(float(square.sum()) / freedom, 1.0) if freedom > 0 else 1.0


# ---- Counts against days -------------------------------------------------------------------------------------------


def measured_counts(opened: pl.DataFrame, people: pl.DataFrame, window: Period) -> Measured:
    """How many deals people open against what others of their segment open in the same months and working days.

    ``opened``: OPENED that count. ``people``: person_id, segment, left_on, measured_from, is_reference, sorted. The
    figure is steady over quarters: one in which a colleague's open deals were taken over hardly moves it.
    """
    months = _months(window)
    days = _working_days(people, window, months)
    ids = people["person_id"].to_numpy().astype(np.int64)
    if opened.is_empty() or not len(ids):
        return _nobody()
    person = np.searchsorted(ids, opened["person_id"].to_numpy())
    month = _month_index(opened["opened_on"], months)
    count = _counts(person * len(months) + month, len(ids) * len(months)).reshape(len(ids), len(months))
    segment, segments = _codes(people["segment"])
    is_peer = people["is_reference"].to_numpy()
    pace = np.zeros((segments, len(months)))
    for code in range(segments):
        theirs = (segment == code) & is_peer
        worked = days[theirs].sum(axis=0)
        pace[code] = np.divide(count[theirs].sum(axis=0), worked, out=np.zeros(len(months)), where=worked > 0)
    expected = days * pace[segment]
    # Three calendar months together, counted back from the end.
    block = (len(months) - 1 - np.arange(len(months))) // 3
    many, due = (np.stack([table[:, block == b].sum(axis=1) for b in range(block.max() + 1)], axis=1)
                 for table in (count, expected))  # fmt: skip
    found = [_steady(*pair) for pair in zip(many, due, strict=True)]
    square = sum(float(part) for row, (_, part, _) in enumerate(found) if is_peer[row])
    freedom = sum(part for row, (_, _, part) in enumerate(found) if is_peer[row])
    noise = max(square / freedom, 1.0) if freedom > 0 else 1.0
    total = due.sum(axis=1)
    # Who has not a single deal is not measured: that looks the same as deals that nobody loaded.
    kept = (total >= FEWEST_CASES) & (many.sum(axis=1) > 0)
    ratio = np.array([one for one, _, _ in found])
    with np.errstate(divide="ignore"):
        squared = noise / total
    return Measured(ids[kept], many.sum(axis=1)[kept].astype(np.int64), ratio[kept] - 1, squared[kept])


def _months(window: Period) -> list[dt.date]:
    first, found = window.start.replace(day=1), []
    while first <= window.end:
        found.append(first)
        first = add_months(first, 1)
    return found


def _month_index(days: pl.Series, months: list[dt.date]) -> Places:
    first = months[0].year * 12 + months[0].month
    index = days.dt.year().cast(pl.Int64) * 12 + days.dt.month().cast(pl.Int64) - first
    return index.to_numpy()


def _working_days(people: pl.DataFrame, window: Period, months: list[dt.date]) -> Numbers:
    """Person x month: working days (Monday to Friday) on which the person was there and counted."""
    starts = np.array([max(month, window.start) for month in months], dtype="datetime64[D]")
    ends = np.array([min(add_months(month, 1), window.end + dt.timedelta(days=1)) for month in months])
    ends = ends.astype("datetime64[D]")
    first = people["measured_from"].to_numpy().astype("datetime64[D]")[:, None]
    last = [left or window.end for left in people["left_on"]]
    end = (np.array(last, dtype="datetime64[D]") + 1)[:, None] if last else np.zeros((0, 1), "datetime64[D]")
    begin, stop = np.maximum(starts[None, :], first), np.minimum(ends[None, :], end)
    return np.maximum(np.busday_count(begin, np.maximum(stop, begin)), 0).astype(np.float64)


def _steady(many: Numbers, due: Numbers) -> tuple[float, float, int]:
    """The ratio of ``many`` to ``due`` that most blocks agree on, their squared misfit and its degrees of freedom."""
    used = due >= FEWEST_IN_A_BLOCK
    many, due = many[used], due[used]
    if not len(due):
        return 1.0, 0.0, 0
    ratio = float(np.median(many / due))
    for _ in range(15):
        off = np.abs(many - due * ratio) / np.sqrt(due * max(ratio, 0.05))
        weight = np.minimum(1.0, STEADY / np.maximum(off, 1e-9))
        ratio = float((weight * many).sum() / (weight * due).sum())
    off = np.abs(many - due * ratio) / np.sqrt(due * max(ratio, 0.05))
    return ratio, float((np.minimum(off, WORTH_A_LOOK) ** 2).sum()), len(due) - 1
