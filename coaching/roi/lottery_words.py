"""The start-order lottery in words: why it is fair, what it will be able to show, what became of it. No estimates here.

Shares are 0..1 of average results; None = not known.
"""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Mapping
from typing import Any

import polars as pl

from coaching import numbers
from coaching.roi import lottery_draw
from coaching.roi.guardrails import DEFAULTS, Guardrails
from coaching.roi.lottery_draw import LotteryDraft
from coaching.roi.verdict import NOT_ENOUGH, TESTED

FAIR = (
    "Everybody gets coached; there are not enough hours for everybody at once, so somebody has to be first. Drawing the"
    " order gives each rep the same chance, and because nobody was picked, what changes afterwards can be put down to"
    " coaching."
)
ALGORITHM = (
    "Each id is put behind the seed and a colon, the SHA-256 of that text is written in hexadecimal, and the ids are"
    " sorted by it, lowest first. The first wave takes the first of the order, the second the next."
)
LOCKED = "It cannot be changed or drawn again: everybody drawn is enrolled with their first day."
IDS_FILE = "ids.txt"
RARE = 0.05
ANY_BETTER = 0.005
"""A difference worth a sentence."""


def command(seed: str) -> str:
    """One line for a shell that prints the order again from a file with an id a line."""
    program = (
        "import hashlib, sys; print(*sorted(open(sys.argv[2], encoding='utf-8').read().splitlines(),"
        " key=lambda one: hashlib.sha256(f'{sys.argv[1]}:{one}'.encode()).hexdigest()), sep='\\n')"
    )
    return f'python3 -c "{program}" {shlex.quote(seed)} {IDS_FILE}'


# ---- Before the draw -----------------------------------------------------------------------------------------------


def visible_sentence(reps: int, waves: int, months: int, share: float | None) -> str:
    """The smallest effect that could be seen, to stand before anything is drawn."""
    who = f"{numbers.plural(reps, 'rep')} in {numbers.plural(waves, 'wave')}"
    if share is None:
        return (
            f"How small an effect {who} could show is not known yet: too few results are loaded to tell how they vary."
        )
    if share < 0.01:
        return f"{who} can show even an effect of 1{numbers.SPACE}% of average results."
    within = f"within {numbers.plural(months, 'month')} of the first start"
    return f"{who}: {within}, effects of about {numbers.share(share)} of average results and larger can be seen."


def visible_means(share: float | None, limits: Guardrails = DEFAULTS) -> str:
    """What that share means for the verdict; empty where it is not known."""
    if share is None:
        return ""
    if share > limits.visible_grey:
        return (
            "So a draw this small answers only very large effects; a smaller one may be real and would stay unseen."
            " What comes out will be compared with orders drawn again at random, which says how often chance alone does"
            " as well. Draw anyway if a fair order is what you want."
        )
    if share > limits.visible_amber:
        return (
            "A smaller effect may be real and would stay unseen. The effect can be shown with its interval; money only"
            f" below {numbers.share(limits.visible_amber)}."
        )
    return "That is fine enough for an effect of the size that coaching is usually said to have, and for a return."


def better_sentence(share: float | None, apart: tuple[int, float | None] | None, twice: float | None) -> str:
    """What would make smaller effects visible. ``apart``: more months between the waves, and the share with them;
    ``twice``: the share with twice the reps."""
    if share is None:
        return "Load a year of closed deals first, then look again."
    ways = []
    if apart is not None and apart[1] is not None and apart[1] < share - ANY_BETTER:
        between = numbers.plural(apart[0], "month")
        ways.append(f"{between} from wave to wave would bring it to {numbers.share(apart[1])}")
    if twice is not None and twice < share - ANY_BETTER:
        ways.append(f"twice as many reps would bring it to {numbers.share(twice)}")
    why = (
        "A wave can be compared only while a later one waits, so the time from the first wave to the last is what"
        " counts; looking on for longer after it adds little."
    )
    return f"What makes it better: {'; '.join(ways)}. {why}" if ways else why


def plan_sentence(reps: int, draft: LotteryDraft) -> str:
    """How many start at a time and how often; empty where the hours do not reach for one."""
    size, count = draft.reps_per_wave, draft.waves_needed(reps)
    if not count or reps < 2:
        return ""
    last = reps - size * (count - 1)
    tail = f", {last} in the last" if count > 1 and last != size else ""
    return f"{numbers.plural(reps, 'rep')}, {size} at a time: {numbers.plural(count, 'wave')}{tail}."


def waiting_sentence(reps: int, draws: int) -> str:
    """The page's first sentence while there is something to draw."""
    if reps < 2:
        return "Nobody waits for a start: everybody who sells is enrolled, or nobody has been loaded."
    also = "also " if draws else ""
    return f"{numbers.plural(reps, 'rep')} could {also}start coaching; the order among them has not been drawn."


# ---- After the draw ------------------------------------------------------------------------------------------------


def with_state(waves: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """``waves`` (lottery_id, wave, starts_on, reps, begun, left) and of each wave's reps: waiting (their day has come
    and no session was held since), to_come, in whole reps."""
    is_due = pl.col("starts_on") <= today
    still = pl.col("reps") - pl.col("begun") - pl.col("left")
    return waves.with_columns(
        pl.when(is_due).then(still.clip(lower_bound=0)).otherwise(0).alias("waiting"),
        pl.when(is_due).then(0).otherwise(pl.col("reps") - pl.col("left")).alias("to_come"),
        pl.when(is_due).then("begun").otherwise(0).alias("begun"),
    )


def progress_sentence(waves: pl.DataFrame, today: dt.date) -> str:
    """How many have begun of those whose day has come, as the page's first sentence about a drawn order."""
    rows = with_state(waves, today)
    reps, count = int(rows["reps"].sum()), rows.height
    due = rows.filter(pl.col("starts_on") <= today)
    drawn = f"{numbers.plural(reps, 'rep')} in {numbers.plural(count, 'wave')}"
    if due.is_empty():
        return f"{drawn}; the first starts on {numbers.day(rows['starts_on'].min())}"  # type: ignore[arg-type]
    begun, left = int(due["begun"].sum()), int(due["left"].sum())
    of = int(due["reps"].sum()) - left
    all_of = f"all {of}" if begun == of and of > 1 else f"{begun} of {of}"
    nxt = rows.filter(pl.col("starts_on") > today)
    ahead = f"; the next wave starts on {numbers.day(nxt['starts_on'].min())}" if nxt.height else ""  # type: ignore[arg-type]
    return f"{drawn}: {all_of} whose day has come have begun{ahead}"


def waves_sentence(waves: pl.DataFrame, today: dt.date) -> str:
    """How many waves have started, as the title of their picture."""
    started = waves.filter(pl.col("starts_on") <= today).height
    to_come = int(with_state(waves, today)["to_come"].sum())
    if not started:
        return f"No wave has started yet; {numbers.plural(to_come, 'rep')} have their day before them"
    if not to_come:
        return f"All {numbers.plural(waves.height, 'wave')} have started"
    return f"{started} of {numbers.plural(waves.height, 'wave')} have started; {numbers.plural(to_come, 'rep')} to come"


def result_words(found: Mapping[str, Any] | None) -> tuple[str, str]:
    """Badge and sentence about the result of one drawn order, out of a frozen result; the badge may be empty.

    ``found``: the entry of the lottery in the frozen result, None where none speaks of it. Grey hides every figure.
    """
    if found is None:
        return "", "No result that has been frozen speaks of this draw yet."
    if found["badge"] is None or found["badge"] == NOT_ENOUGH:
        why = f" {found['why_not']}" if found["why_not"] else " There are too few reps or months for an answer."
        return NOT_ENOUGH, f"It is too early to say.{why}"
    if found["badge"] == TESTED:
        return TESTED, f"{found['words']} {_chance(found['p'])}"
    return str(found["badge"]), f"The order was drawn, and one of the checks does not hold. {found['words']}"


def _chance(p: float | None) -> str:
    if p is None:
        return ""
    return "Chance alone hardly does that." if p < RARE else "Chance alone does that too, so no effect is shown yet."


def repeat_rows(seed: str, terms: Mapping[str, Any]) -> pl.DataFrame:
    """place, id, wave, starts_on, sha256: the order drawn again from what was fixed before it."""
    size, days = terms["reps_per_wave"], terms["first_days"]
    rows = [
        (place + 1, key, place // size + 1, days[place // size], lottery_draw.digest(seed, key))
        for place, key in enumerate(lottery_draw.drawn_order(terms["eligible"], seed))
    ]
    schema = {"place": pl.Int64, "id": pl.String, "wave": pl.Int64, "starts_on": pl.String, "sha256": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
