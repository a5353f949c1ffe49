"""What the pages say about peer pairs, and the rows of their tables. No new numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import polars as pl

from coaching import numbers, skills
from coaching.pairing import BETWEEN, GAINS, STRONG, UNKNOWN, change_of

STATUSES = {"accepted": "under way", "proposed": "proposed", "closed": "closed"}
PARTS = {STRONG: "could help", GAINS: "would gain", BETWEEN: "in between", UNKNOWN: "too few scores"}
MOST_NAMED = 12
NOT_IN_VIEW = "not in your view"


def level_words(level: float | None, low: float | None, high: float | None, n: int | None) -> str:
    """41 (30–52, n 3); no data yet."""
    if level is None:
        return "no data yet"
    behind = (
        [f"{low:.0f}{numbers.DASH}{high:.0f}"] if low is not None and high is not None and high - low >= 0.5 else []
    )
    return f"{numbers.count(level)} ({', '.join([*behind, f'n{numbers.SPACE}{n}'])})"


def change_words(row: dict[str, Any]) -> str:
    """+14, more than chance; no data yet. Of a row of RESULTS."""
    change = change_of(row)
    if change is None:
        return "no data yet"
    difference = row["after"] - row["before"]
    sign = "+" if difference > 0 else numbers.MINUS if difference < 0 else ""
    return f"{sign}{abs(difference):.0f}, {'within chance' if change == 'within chance' else 'more than chance'}"


def phase_words(row: dict[str, Any], phase: str) -> str:
    """The level before or after a pair began, in words. ``phase``: before or after."""
    return level_words(row[phase], row[f"{phase}_low"], row[f"{phase}_high"], row[f"{phase}_n"])


def own_words(row: dict[str, Any], skill: str) -> str:
    """One's own level before and since, as a sentence. ``row``: of RESULTS."""
    name = numbers.plain_name(skill, 60)
    if row["before"] is None and row["after"] is None:
        return f"Your level in {name}: no data yet."
    words = f"Your level in {name}: {phase_words(row, 'before')} before, {phase_words(row, 'after')} since."
    return words if change_of(row) is None else f"{words} {change_words(row)}."


def heading(pairs: pl.DataFrame) -> str:
    """How many pairs there are. ``pairs``: PAIRS."""
    counts = {status: pairs.filter(pl.col("status") == status).height for status in STATUSES}
    parts = [f"{numbers.count(counts[status])} {word}" for status, word in STATUSES.items() if counts[status]]
    return f"Peer pairs: {', '.join(parts)}" if parts else "Peer pairs: who could help whom?"


def compared_sentence(rows: pl.DataFrame, skill: str) -> str:
    """How many are strong in a skill and how many would gain. ``rows``: COMPARED."""
    name, known = numbers.plain_name(skill, 40), rows.filter(pl.col("part") != UNKNOWN)
    if known.is_empty():
        return f"{name}: too few scores to tell who could help whom"
    strong, gains = (rows.filter(pl.col("part") == part).height for part in (STRONG, GAINS))
    is_strong = "is" if strong == 1 else "are"
    helpers = f"{numbers.count(strong)} of {numbers.plural(known.height, 'rep')} {is_strong} clearly strong"
    return f"{name}: {helpers if strong else 'nobody is clearly strong yet'}, {numbers.count(gains)} would gain"


def unknown_words(rows: pl.DataFrame) -> str:
    """Who has too few scores to be compared, as a sentence; empty where nobody has. ``rows``: COMPARED."""
    parts = [
        f"{numbers.plain_name(row['name'], 40)} ({row['score_count'] or 0})"
        for row in rows.filter(pl.col("part") == UNKNOWN).iter_rows(named=True)
    ]
    if not parts:
        return ""
    needs = numbers.plural(skills.SCORES_IN_A_LEVEL, "released score")
    more = f" and {numbers.count(len(parts) - MOST_NAMED)} more" if len(parts) > MOST_NAMED else ""
    return f"Not compared, which needs {needs}: {', '.join(parts[:MOST_NAMED])}{more}."


def compared_words(row: dict[str, Any]) -> str:
    """Level, number of scores and likely range of a row of COMPARED."""
    if row["level"] is None:
        return "no score yet"
    n = min(row["score_count"], skills.SCORES_IN_A_LEVEL)
    words = f"level {numbers.count(row['level'])}, n{numbers.SPACE}{n}"
    if row["likely"] is None:
        return words
    return f"{words}, likely {row['likely_low']:.0f}{numbers.DASH}{row['likely_high']:.0f}"


def compared_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """COMPARED as text for a table, by name: name, team, part, level, n, likely, pairs."""
    table = [
        {
            "name": numbers.plain_name(row["name"]),
            "team": numbers.plain_name(row["team_name"] or "", 40),
            "part": PARTS[row["part"]],
            "level": None if row["level"] is None else numbers.count(row["level"]),
            "n": row["score_count"],
            "likely": None if row["likely"] is None else compared_words(row).rpartition(" ")[2],
            "pairs": f"{row['load_count']} of {row['pairs_at_most']}",
        }
        for row in rows.iter_rows(named=True)
    ]
    texts = dict.fromkeys(("name", "team", "part", "level"), pl.String)
    return pl.DataFrame(table, schema={**texts, "n": pl.Int64, "likely": pl.String, "pairs": pl.String})


def results_sentence(found: pl.DataFrame) -> str:
    """What followed for both sides, by more than chance. ``found``: RESULTS."""
    parts = []
    for side, who in (("learner", "who worked on a skill"), ("strong", "who helped")):
        changes = [change_of(row) for row in found.filter(pl.col("side") == side).iter_rows(named=True)]
        known = [change for change in changes if change is not None]
        if known:
            fallen = f" (and fallen for {numbers.count(known.count('down'))})" if "down" in known else ""
            parts.append(f"for {_of(known.count('up'), len(known))} {who}{fallen}")
    if not parts:
        return "Too early to say what followed: a pair needs scores from before its start and since"
    return f"Since their pairs began, the level has risen by more than chance {' and '.join(parts)}"


def _of(some: int, many: int) -> str:
    return f"{numbers.count(some) if some else 'none'} of {numbers.plural(many, 'person', 'people')}"


def result_rows(pairs: pl.DataFrame, found: pl.DataFrame, visible: Collection[int]) -> pl.DataFrame:
    """RESULTS as text, by name and start: name, part, skill, since, before, after, change.

    ``visible``: whose levels the viewer may see.
    """
    pair_of = {pair["pair_id"]: pair for pair in pairs.iter_rows(named=True)}
    rows = []
    for row in found.iter_rows(named=True):
        pair, is_seen = pair_of[row["pair_id"]], row["person_id"] in visible
        is_learner = row["side"] == "learner"
        other = numbers.plain_name(pair["strong_name" if is_learner else "learner_name"], 40)
        rows.append(
            {
                "name": numbers.plain_name(pair[f"{row['side']}_name"]),
                "part": f"worked on it with {other}" if is_learner else f"helped {other}",
                "skill": numbers.plain_name(pair["skill_name"], 40),
                "since": pair["starts_on"],
                "before": phase_words(row, "before") if is_seen else NOT_IN_VIEW,
                "after": phase_words(row, "after") if is_seen else NOT_IN_VIEW,
                "change": change_words(row) if is_seen else None,
            }
        )
    columns = ("name", "part", "skill", "since", "before", "after", "change")
    schema = {name: pl.Date if name == "since" else pl.String for name in columns}
    return pl.DataFrame(rows, schema=schema).sort("name", "since", "part", maintain_order=True)


def pair_words(pair: dict[str, Any], today: dt.date) -> str:
    """Since when, how often they met: since 3 Sep 2026, 4 meetings, last 9 days ago. ``pair``: a row of PAIRS."""
    began = f"since {numbers.day(pair['starts_on'])}"
    if pair["status"] == "closed":
        began = f"{numbers.day(pair['starts_on'])} to {numbers.day(pair['ends_on'])}"
    if pair["status"] == "proposed":
        return f"proposed on {numbers.day(pair['starts_on'])}" + (
            f" by {numbers.plain_name(pair['proposed_by_name'], 40)}" if pair["proposed_by_name"] else ""
        )
    if not pair["meeting_count"]:
        return f"{began}, no meeting written down yet"
    met = f"{numbers.plural(pair['meeting_count'], 'meeting')} written down"
    return f"{began}, {met}, the last {numbers.ago(pair['last_met_on'], today)}"


def own_heading(pairs: pl.DataFrame) -> str:
    """Heading of one's own pairs. ``pairs``: PAIRS."""
    running = pairs.filter(pl.col("status") == "accepted").height
    if running:
        return "My peer pair" if running == 1 else f"My {numbers.count(running)} peer pairs"
    return "My peer pairs" if pairs.height else "No peer pair at the moment"


def capitalised(words: str) -> str:
    """The same with a capital first letter."""
    return words[:1].upper() + words[1:]
