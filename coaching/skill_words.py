"""What the pages say about skills, and the frames their figures and tables are made of. Pure; no new numbers but
medians, quartiles and counts of what it is given."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import polars as pl

from coaching import numbers, skills
from coaching.attribution import team_closure
from coaching.numbers import DASH, SPACE
from coaching.sessions import METHODS

MOST_ROWS = 60
"""More reps than this are shown as teams first: nobody reads a heatmap of several screens."""
FEWEST_IN_A_SPREAD = 3
ARROWS = {"up": "↑", "down": "↓", "flat": "→"}
GROWTH_WORDS = {"up": "growing", "down": "falling", "flat": "steady", "unclear": "not clear yet"}
FEWEST_CALLS = 5
"""Agreement on fewer calls is told as a number and not called anything."""
LONGEST_WAY = 36
"""A longer way to mastery than these months is only called long."""

CELLS = {
    "row_id": pl.Int64,
    "name": pl.String,
    "skill_id": pl.Int64,
    "level": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "n": pl.Int64,
    "last_on": pl.Date,
    "version_count": pl.Int64,
    "growth": pl.Float64,
    "growth_low": pl.Float64,
    "growth_high": pl.Float64,
    "growth_n": pl.Int64,
}
"""One cell of a heatmap; level null = no score."""


def keys_of(skill_list: pl.DataFrame) -> list[str]:
    """The registry's keys of every skill: level and growth."""
    return [f"{name}:{slug}" for name in ("skill_level", "skill_growth") for slug in skill_list["slug"]]


def short_name(slug: str) -> str:
    """A skill's name where there is room for a word or two: Next steps."""
    words = numbers.plain_name(slug.replace("_", " "), 16)
    return words[:1].upper() + words[1:]


def members(people: pl.DataFrame, tree: pl.DataFrame, team_id: int | None) -> pl.DataFrame:
    """Of frames.PEOPLE those who sell and whose home team is ``team_id`` or below it (None = any team); by name."""
    inside = tree["team_id"].to_list()
    if team_id is not None:
        inside = team_closure(tree).filter(pl.col("row_id") == team_id)["team_id"].to_list()
    return people.filter(pl.col("sells") & pl.col("team_id").is_in(inside)).sort("name", "person_id")


def rep_cells(people: pl.DataFrame, skill_list: pl.DataFrame, standings: pl.DataFrame, adjusted: bool) -> pl.DataFrame:
    """CELLS of every person and skill, by name and position. ``adjusted``: levels less the raters' leniency.

    An adjusted level carries no interval: how sure its leniency is stands in the calibration.
    """
    rows = people.select(pl.col("person_id").alias("row_id"), "name").join(
        skill_list.select("skill_id", "position"), how="cross"
    )
    found = standings.rename({"person_id": "row_id", "level_n": "n", "level_low": "low", "level_high": "high"})
    if adjusted:
        nothing = pl.lit(None, pl.Float64)
        found = found.with_columns(pl.col("adjusted").alias("level"), nothing.alias("low"), nothing.alias("high"))
    joined = rows.join(found, on=["row_id", "skill_id"], how="left", maintain_order="left")
    return joined.sort("name", "row_id", "position").select(pl.col(name).cast(kind) for name, kind in CELLS.items())


def level_rows(people: pl.DataFrame, skill_list: pl.DataFrame, standings: pl.DataFrame) -> pl.DataFrame:
    """Where every person stands in every skill, in full precision: one row each, by name and position, to download.

    rep_id, rep, skill (its slug), skill_name, then frames.SKILL_STANDINGS; without a score everything else is null.
    ``adjusted`` is called level_less_leniency and ``growth`` growth_per_month.
    """
    found = standings.rename(
        {
            "person_id": "rep_id",
            "adjusted": "level_less_leniency",
            "growth": "growth_per_month",
            "last_on": "last_score_on",
        }
    )
    rows = people.select(pl.col("person_id").alias("rep_id"), pl.col("name").alias("rep")).join(
        skill_list.select("skill_id", pl.col("slug").alias("skill"), pl.col("name").alias("skill_name"), "position"),
        how="cross",
    )
    return (
        rows.join(found, on=["rep_id", "skill_id"], how="left", maintain_order="left")
        .sort("rep", "rep_id", "position")
        .drop("skill_id", "position")
    )


def teams_shown(values: pl.DataFrame, team_id: int | None, below: pl.DataFrame) -> pl.DataFrame:
    """Of metric values by team all teams below the one looked at; only those right below where all would be too many.

    ``below``: frames.TEAMS right below it.
    """
    inside = values if team_id is None else values.filter(pl.col("row_id") != team_id)
    return inside if inside.height <= MOST_ROWS else inside.filter(pl.col("row_id").is_in(below["team_id"].to_list()))


def team_cells(values: pl.DataFrame, skill_list: pl.DataFrame) -> pl.DataFrame:
    """CELLS of every team and skill from metric values by team; n = reps with a score, no age."""
    parts = [pl.DataFrame(schema=CELLS)]
    for skill_id, slug in skill_list.select("skill_id", "slug").iter_rows():
        named = {"level": f"skill_level:{slug}", "growth": f"skill_growth:{slug}"}
        parts.append(
            values.select(
                "row_id",
                "name",
                pl.lit(skill_id).alias("skill_id"),
                pl.col(named["level"]).alias("level"),
                *(pl.col(f"{named['level']}_{part}").alias(part) for part in ("low", "high", "n")),
                pl.lit(None, pl.Date).alias("last_on"),
                pl.lit(1).alias("version_count"),
                pl.col(named["growth"]).alias("growth"),
                *(pl.col(f"{named['growth']}_{part}").alias(f"growth_{part}") for part in ("low", "high", "n")),
            ).select(pl.col(name).cast(kind) for name, kind in CELLS.items())
        )
    order = skill_list.select("skill_id", "position")
    return pl.concat(parts).join(order, on="skill_id").sort("name", "row_id", "position").drop("position")


def total_cells(values: dict[str, Any], skill_list: pl.DataFrame) -> pl.DataFrame:
    """skill_id, slug, name, position, level, low, high, n, growth, growth_low, growth_high, growth_n of one team."""
    rows = []
    for row in skill_list.iter_rows(named=True):
        level, grown = f"skill_level:{row['slug']}", f"skill_growth:{row['slug']}"
        rows.append(
            {
                **row,
                "level": values.get(level),
                "growth": values.get(grown),
                **{part: values.get(f"{level}_{part}") for part in ("low", "high", "n")},
                **{f"growth_{part}": values.get(f"{grown}_{part}") for part in ("low", "high", "n")},
            }
        )
    figures = ("level", "low", "high", "n", "growth", "growth_low", "growth_high", "growth_n")
    return pl.DataFrame(rows, schema={**dict(skill_list.schema), **dict.fromkeys(figures, pl.Float64)})


def spreads(cells: pl.DataFrame, skill_list: pl.DataFrame) -> pl.DataFrame:
    """Per skill skill_id, slug, name, position, middle (median), low and high (quartiles), n (reps) of rep cells.

    Quartiles are null below three reps.
    """
    several = pl.col("n") >= FEWEST_IN_A_SPREAD
    found = (
        cells.filter(pl.col("level").is_not_null())
        .group_by("skill_id")
        .agg(
            pl.col("level").median().alias("middle"),
            pl.col("level").quantile(0.25, "linear").alias("low"),
            pl.col("level").quantile(0.75, "linear").alias("high"),
            pl.len().cast(pl.Int64).alias("n"),
        )
        .with_columns(pl.when(several).then(pl.col(name)).alias(name) for name in ("low", "high"))
    )
    return skill_list.join(found, on="skill_id", how="left", maintain_order="left").sort("position")


def means(totals: pl.DataFrame) -> pl.DataFrame:
    """The same shape from a team's totals: mean and its 95 % interval, where single reps may not be seen."""
    return totals.select(
        "skill_id",
        "slug",
        "name",
        "position",
        pl.col("level").alias("middle"),
        "low",
        "high",
        pl.col("n").cast(pl.Int64),
    )


# ---- Sentences -----------------------------------------------------------------------------------------------------


def verdict(totals: pl.DataFrame) -> list[str]:
    """What stands on top: the strongest skill, what has grown most, the widest gap. ``totals``: total_cells."""
    known = totals.filter(pl.col("level").is_not_null())
    if known.is_empty():
        return []
    best, worst = (
        known.sort("level", "position").row(-1, named=True),
        known.sort("level", "position").row(0, named=True),
    )
    people = numbers.plural(round(best["n"]), "rep")
    sentences = [f"{_word(best)} is the strongest skill (level {level(best['level'])} of 100, {people})."]
    sentences.append(_grown_most(known))
    if best["skill_id"] != worst["skill_id"]:
        sentences.append(_gap(worst, known))
    return sentences


def _word(row: dict[str, Any]) -> str:
    return numbers.plain_name(row["name"], 40)


def _grown_most(known: pl.DataFrame) -> str:
    up = known.filter(pl.col("growth_low") > 0).sort("growth", "position")
    if up.is_empty():
        return "No skill's growth is clear yet."
    row = up.row(-1, named=True)
    return f"{_word(row)} has grown most ({growth(row['growth'], row['growth_low'], row['growth_high'])})."


def _gap(worst: dict[str, Any], known: pl.DataFrame) -> str:
    others = known.filter(pl.col("skill_id") != worst["skill_id"])["level"].median()
    words = f"{_word(worst)} is the widest gap (level {level(worst['level'])}"
    if worst["high"] is None or not isinstance(others, float) or worst["high"] >= others:
        return f"{words}, not clearly below the others yet)."
    return f"{words}{'' if worst['level'] < skills.COMPETENT else ', and competent already'})."


def level(value: float | None) -> str:
    """A level without decimals."""
    return numbers.count(value)


def spread(low: float | None, high: float | None) -> str:
    """An interval of levels: 41–64. Empty where there is none or where all scores are the same."""
    if low is None or high is None or high - low < 0.5:
        return ""
    return f"{low:.0f}{DASH}{high:.0f}"


def growth(value: float | None, low: float | None, high: float | None) -> str:
    """+1.2 a month (0.4 to 2.0); empty without a slope."""
    if value is None or low is None or high is None:
        return ""
    return f"{numbers.per_month(value)}, {_signed(low)} to {_signed(high)}"


def _signed(value: float) -> str:
    text = f"{abs(value):.1f}"
    return text if text == "0.0" or value > 0 else f"{numbers.MINUS}{text}"


def heatmap_sentence(cells: pl.DataFrame, many: str) -> str:
    """The heatmap's title: how many of the cells hold a level, and how many of those are competent."""
    known = cells.filter(pl.col("level").is_not_null())
    if known.is_empty():
        return "No score has been released yet"
    competent = known.filter(pl.col("level") >= skills.COMPETENT).height
    without = cells.height - known.height
    return (
        f"{numbers.count(competent)} of {numbers.plural(known.height, 'level')} of {many} are competent or better"
        + (f" ({numbers.count(without)} without a score)" if without else "")
    )


def spread_sentence(rows: pl.DataFrame, of_reps: bool) -> str:
    """In how many skills the middle is competent. ``rows``: spreads (``of_reps``) or means."""
    known = rows.filter(pl.col("middle").is_not_null())
    if known.is_empty():
        return "No level yet"
    competent = known.filter(pl.col("middle") >= skills.COMPETENT).height
    who = "Half or more are" if of_reps else "The mean is"
    return f"{who} competent in {numbers.count(competent)} of {numbers.plural(known.height, 'skill')}"


def growth_sentence(totals: pl.DataFrame) -> str:
    """How many skills clearly grow."""
    known = totals.filter(pl.col("growth").is_not_null())
    if known.is_empty():
        return "Growth needs four scores over two months"
    up, down = known.filter(pl.col("growth_low") > 0).height, known.filter(pl.col("growth_high") < 0).height
    falling = f", {numbers.count(down)} clearly falls" if down == 1 else f", {numbers.count(down)} clearly fall"
    return f"{numbers.count(up)} of {numbers.plural(known.height, 'skill')} clearly grow{falling if down else ''}"


def leniency_sentence(raters: pl.DataFrame) -> str:
    """How many raters clearly score otherwise than the others. ``raters``: frames.RATERS with name."""
    known = raters.filter(pl.col("leniency").is_not_null())
    if known.is_empty():
        return "Nobody else has scored the same reps yet"
    if known.height == 1:
        row = known.row(0, named=True)
        name, size = numbers.plain_name(row["name"], 30), round(abs(row["leniency"]))
        if row["leniency_low"] <= 0 <= row["leniency_high"]:
            return f"{name} scores the same reps as others do, as far as can be told"
        side = "more" if row["leniency"] > 0 else "less"
        return f"{name} gives {numbers.plural(size, 'point')} {side} than others do on the same reps"
    apart = known.filter((pl.col("leniency_low") > 0) | (pl.col("leniency_high") < 0)).height
    if not apart:
        return "No rater clearly scores the same reps otherwise than the others"
    verb = "scores" if apart == 1 else "score"
    return f"{numbers.count(apart)} of {numbers.plural(known.height, 'rater')} clearly {verb} otherwise than the others"


def agreement_words(found: dict[str, Any]) -> str:
    """Weighted kappa in words, with its pairs. ``found``: the fields of calibration.Agreement."""
    pairs = (
        f"{numbers.plural(found['pair_count'], 'score')} given twice on {numbers.plural(found['call_count'], 'call')}"
    )
    if found["kappa"] is None:
        return (
            f"Agreement of two raters of one call: not enough yet ({pairs}; it needs 5)."
            " Ask another coach to score a call blind."
        )
    interval = "" if found["low"] is None else f", 95 % interval {found['low']:.2f} to {found['high']:.2f}"
    few = found["call_count"] < FEWEST_CALLS
    return (
        f"Two raters of one call {'agree or not: too few calls to say' if few else _agreement_word(found['kappa'])};"
        f" weighted kappa {found['kappa']:.2f}{interval}, {pairs}."
        " 1 would be always the same level, 0 no better than chance."
    ).replace("-", numbers.MINUS)


def _agreement_word(kappa: float) -> str:
    for least, word in (
        (0.8, "agree very well"),
        (0.6, "agree well"),
        (0.4, "agree moderately"),
        (0.2, "agree a little"),
    ):
        if kappa >= least:
            return word
    return "hardly agree"


def version_words(versions: pl.DataFrame) -> str:
    """Which new versions of a scorecard came into use; empty where none did."""
    parts = [
        f"{numbers.plain_name(row['scorecard'], 40)} version {row['number']} since {numbers.day(row['starts_on'])}"
        for row in versions.iter_rows(named=True)
    ]
    if not parts:
        return ""
    return f"New anchors: {'; '.join(parts)}. Levels from before and after were given on other words."


# ---- Table of the heatmap ------------------------------------------------------------------------------------------


def table_rows(cells: pl.DataFrame, skill_list: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """The heatmap as text: name and a column per skill (its slug): 62 ↑ (n 3, 12 Mar 2026)."""
    rows: dict[int, dict[str, str | None]] = {}
    slugs = dict(skill_list.select("skill_id", "slug").iter_rows())
    for row in cells.iter_rows(named=True):
        line = rows.setdefault(row["row_id"], {"name": numbers.plain_name(row["name"])})
        line[slugs[row["skill_id"]]] = cell_words(row)
    return pl.DataFrame(list(rows.values()), schema={"name": pl.String, **dict.fromkeys(slugs.values(), pl.String)})


def cell_words(row: dict[str, Any]) -> str | None:
    """62 ↑ (n 3, 12 Mar 2026); None without a score."""
    if row["level"] is None:
        return None
    arrow = ARROWS.get(skills.direction(row["growth_low"], row["growth_high"]), "")
    behind = [f"n{SPACE}{numbers.count(row['n'])}"]
    if row["last_on"] is not None:
        behind.append(numbers.day(row["last_on"]))
    return f"{level(row['level'])}{SPACE + arrow if arrow else ''} ({', '.join(behind)})"


# ---- One rep -------------------------------------------------------------------------------------------------------


def path_points(history: pl.DataFrame, running: pl.DataFrame) -> pl.DataFrame:
    """A dot per score by others in ``history``, with the level after it from ``running``; in time order."""
    after = running.select("observation_id", "skill_id", pl.col("level").alias("level_after"), "level_n", "state")
    return skills.by_others(history).join(after, on=["observation_id", "skill_id"], how="left", maintain_order="left")


def path_sentence(standing: dict[str, Any]) -> str:
    """A small figure's title: Holding the price: competent, 62."""
    return f"{numbers.plain_name(standing['name'], 34)}: {standing['state']}, {level(standing['level'])}"


def most_telling(standings: pl.DataFrame) -> pl.DataFrame:
    """Skills whose growth is clearly up or down first, then those with the most scores; else by position.

    ``standings``: SKILL_STANDINGS with position.
    """
    is_clear = ((pl.col("growth_low") > 0) | (pl.col("growth_high") < 0)).fill_null(False)
    return standings.sort(is_clear, "score_count", "position", descending=[True, True, False], nulls_last=True)


def states_sentence(standings: pl.DataFrame) -> str:
    """The section's heading: strengths first."""
    parts = [
        f"{numbers.count(found)} at {state}" if state == "mastery" else f"{numbers.count(found)} {state}"
        for state in reversed(skills.STATES)
        if (found := standings.filter(pl.col("state") == state).height)
    ]
    return f"Skills: {', '.join(parts)}"


def too_few_words(standings: pl.DataFrame) -> str:
    """Skills that have fewer than three scores, as a sentence; empty where there are none."""
    parts = [
        f"{numbers.plain_name(row['name'], 40)} ({row['score_count'] or 0} of {skills.SCORES_IN_A_LEVEL})"
        for row in standings.filter(pl.col("score_count").fill_null(0) < skills.SCORES_IN_A_LEVEL).iter_rows(named=True)
    ]
    return f"Not enough observations yet: {', '.join(parts)}." if parts else ""


def own_coach_words(points: pl.DataFrame) -> str:
    """How many scores come from somebody who had coached the rep on that skill before; empty where none do."""
    count = points.filter(pl.col("after_own_coaching")).height
    if not count:
        return ""
    scores = numbers.plural(points.height, "score")
    return (
        f"Hollow dots: {numbers.count(count)} of {scores} come from a coach after their own session on that skill."
        " Coaches rate their own success, so look at the other dots as well."
    )


def state_rows(
    standings: pl.DataFrame,
    gaps: pl.DataFrame,
    earlier: pl.DataFrame,
    deviations: pl.DataFrame,
    reliability: float,
) -> pl.DataFrame:
    """The table of states: skill, level, state, gap, repetitions, change, growth, mastery; strengths first.

    ``standings``: SKILL_STANDINGS with name and position; ``gaps``: perception_gaps; ``earlier``: the levels (RUNNING)
    the change is taken from; ``deviations``: skill_id, score_deviation.
    """
    gap_of = {row["skill_id"]: row for row in gaps.iter_rows(named=True)}
    before_of = {row["skill_id"]: row for row in earlier.iter_rows(named=True)}
    deviation_of = dict(deviations.select("skill_id", "score_deviation").iter_rows())
    rows = [
        {
            "skill": numbers.plain_name(row["name"], 40),
            "level": _level_words(row),
            "state": row["state"],
            "repetitions": f"{numbers.plural(row['repetition_count'], 'time')} since"
            f" {numbers.day(row['state_since_on'])}",
            "change": _change_words(
                before_of.get(row["skill_id"]), row, deviation_of.get(row["skill_id"]), reliability
            ),
            "growth": growth(row["growth"], row["growth_low"], row["growth_high"]) or None,
            "mastery": mastery_words(row),
            "gap": gap_words(gap_of.get(row["skill_id"])),
        }
        for row in standings.sort("level", "position", descending=[True, False]).iter_rows(named=True)
    ]
    columns = ("skill", "level", "state", "gap", "repetitions", "change", "growth", "mastery")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))


def _level_words(row: dict[str, Any]) -> str:
    interval = spread(row["level_low"], row["level_high"])
    behind = [part for part in (interval, f"n{SPACE}{row['level_n']}") if part]
    return f"{level(row['level'])} ({', '.join(behind)})"


def _change_words(
    before: dict[str, Any] | None, now: dict[str, Any], deviation: float | None, reliability: float
) -> str | None:
    if before is None or deviation is None or before["observation_id"] == now.get("observation_id"):
        return None
    change = now["level"] - before["level"]
    needed = skills.reliable_difference(deviation, reliability, before["level_n"], now["level_n"])
    size = f"{'+' if change > 0 else numbers.MINUS if change < 0 else ''}{abs(change):.0f}"
    return f"{size}, more than chance" if abs(change) > needed else f"{size}, within chance"


def mastery_words(row: dict[str, Any]) -> str:
    """When mastery may be reached at the present growth, as a span of months, or that it is too early to say."""
    if row["level"] is not None and row["level"] >= skills.MASTERY:
        return "reached"
    found = skills.months_to_mastery(row)
    if found is None:
        return "too early"
    _, low, high = found
    if low > LONGEST_WAY:
        return f"over {LONGEST_WAY // 12} years"
    first = max(round(low), 1)
    if math.isinf(high) or high > LONGEST_WAY:
        return f"{numbers.plural(first, 'month')} or more"
    last = max(round(high), first + 1)
    return f"{first}{DASH}{last}{SPACE}months"


def gap_words(gap: dict[str, Any] | None) -> str | None:
    """Self less observer: +12 (2 calls); None where no call was scored by both."""
    if gap is None:
        return None
    size = round(gap["gap"])
    sign = "+" if size > 0 else numbers.MINUS if size < 0 else ""
    return f"{sign}{abs(size)} ({numbers.plural(gap['n'], 'call')})"


def work_rows(worked: pl.DataFrame, skill_list: pl.DataFrame) -> pl.DataFrame:
    """What was tried per skill: skill, sessions, methods, angles, last_on; in the order of the scorecard."""
    rows = []
    for row in skill_list.sort("position").iter_rows(named=True):
        mine = worked.filter(pl.col("skill_id") == row["skill_id"])
        if mine.height:
            rows.append(
                {
                    "skill": numbers.plain_name(row["name"], 40),
                    "sessions": mine.height,
                    "methods": _counted(mine["method"]),
                    "angles": _counted(mine["angle"]),
                    "last_on": mine["held_on"].max(),
                }
            )
    schema = {"skill": pl.String, "sessions": pl.Int64, "methods": pl.String, "angles": pl.String, "last_on": pl.Date}
    return pl.DataFrame(rows, schema=schema)


def _counted(words: pl.Series) -> str | None:
    """Role-play 3, test 1: what was used how often, the most frequent first."""
    counts: dict[str, int] = {}
    for word in words.drop_nulls():
        text = METHODS[word].lower() if word in METHODS else numbers.plain_name(word, 40)
        counts[text] = counts.get(text, 0) + 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    text = ", ".join(f"{word}{SPACE}{times}" if times > 1 else word for word, times in ordered)
    return text[:1].upper() + text[1:] if text else None


def score_rows(history: pl.DataFrame, skill_list: pl.DataFrame) -> pl.DataFrame:
    """Every score as text, the latest first: observed_on, skill, level, by, channel, marked."""
    names = skill_list.select("skill_id", pl.col("name").alias("skill"))
    rows = history.join(names, on="skill_id", how="inner").sort(
        "observed_on", "observation_id", "skill_id", descending=[True, True, False]
    )
    whose = pl.when(pl.col("kind") == "self").then(pl.lit("the rep's own view"))
    return rows.select(
        "observed_on",
        pl.col("skill").map_elements(lambda text: numbers.plain_name(text, 40), return_dtype=pl.String),
        pl.col("level"),
        pl.col("scaled").round(0).cast(pl.Int64),
        whose.otherwise(pl.col("observer_name").map_elements(numbers.plain_name, return_dtype=pl.String)).alias("by"),
        pl.col("channel").str.replace_all("_", " "),
        pl.when(pl.col("after_own_coaching")).then(pl.lit("after own coaching")).alias("marked"),
    )


# ---- The other figures as text -------------------------------------------------------------------------------------


def rater_rows(raters: pl.DataFrame) -> pl.DataFrame:
    """Leniency as text: name, leniency, interval, score_count, shared_count; by name."""
    rows = [
        {
            "name": numbers.plain_name(row["name"]),
            "leniency": None if row["leniency"] is None else _points(row["leniency"]),
            "interval": None
            if row["leniency"] is None
            else f"{_points(row['leniency_low'])} to {_points(row['leniency_high'])}",
            "score_count": row["score_count"],
            "shared_count": row["shared_count"],
        }
        for row in raters.iter_rows(named=True)
    ]
    texts = dict.fromkeys(("name", "leniency", "interval"), pl.String)
    return pl.DataFrame(rows, schema={**texts, "score_count": pl.Int64, "shared_count": pl.Int64})


def _points(value: float) -> str:
    whole = round(value)
    return f"{'+' if whole > 0 else numbers.MINUS if whole < 0 else ''}{abs(whole)}"


def skill_rows(middles: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Strengths, gaps, growth as text: skill, middle, between, n, growth, growth_n; in the order of the scorecard."""
    grown = {row["skill_id"]: row for row in totals.iter_rows(named=True)}
    rows = []
    for row in middles.sort("position").iter_rows(named=True):
        total = grown[row["skill_id"]]
        rows.append(
            {
                "skill": numbers.plain_name(row["name"], 40),
                "middle": None if row["middle"] is None else level(row["middle"]),
                "between": spread(row["low"], row["high"]) or None,
                "n": None if row["n"] is None else numbers.count(row["n"]),
                "growth": growth(total["growth"], total["growth_low"], total["growth_high"]) or None,
                "growth_n": None if total["growth_n"] is None else numbers.count(total["growth_n"]),
            }
        )
    columns = ("skill", "middle", "between", "n", "growth", "growth_n")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String))
