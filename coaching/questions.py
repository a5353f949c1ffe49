"""Open questions for a one-on-one, chosen by what the data shows. Asks, never tells; no database, no screen.

A question belongs to a situation (a deal that stands still, a skill with room, a promise past its day) and is shown
only together with the rows that brought the situation about: ``source_ids`` such as "deal:12" or "objective:4".
"""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import numbers, open_questions
from coaching.open_questions import BLANK, plain

MOST = 3
"""Questions for one meeting: more are not asked, they are read out."""
TIME_TO_UNDO = dt.timedelta(hours=24)
"""How long a change of the bank can be taken back with a click."""
REST_SESSIONS = 6
"""One-on-ones that have to go by before somebody hears a question again; the setting question_rest_sessions."""
STEP_BACK = (0.6, 0.8)
"""What is left of a situation's weight where one of its questions was asked in the last one-on-one, or the one before:
the others get their turn."""
INFORMATION = "information"
"""The situation of questions about the facts behind a decision: asked wherever an open deal is involved."""
INFORMATION_LOST, INFORMATION_WON = "information_lost", "information_won"
"""The same about a deal that is over: where it stands is no question any more."""
INFORMATIONS = (INFORMATION, INFORMATION_LOST, INFORMATION_WON)
_INFORMATION_OF = {"lost_to_competitor": INFORMATION_LOST, "discount_creep": INFORMATION_WON}
"""By situation, where its deals are not open."""
_ASKS_ITSELF = frozenset({"knowledge_gap"})
"""An open question is one for information already: nothing is asked about its deal on top of it."""
BANK = Path(__file__).with_name("questions.toml")


@dataclass(frozen=True)
class Kind:
    """One kind of situation."""

    title: str
    when: str
    """What the data has to show, in a sentence."""
    blanks: tuple[str, ...] = ()
    """The words that every case of it fills in."""


_FOCUS = "The diagnosis points to it as the lever with the highest reliable value"
SITUATIONS: dict[str, Kind] = {
    "stalled": Kind(
        "A deal stands still in its stage",
        "An open deal is in its stage for over 1.5 × the median of won deals, or idle for 30 days with nothing planned",
        ("deal", "stage", "days"),
    ),
    "slipped": Kind(
        "A deal is past its expected close date", "An open deal's expected close date has passed", ("deal", "days")
    ),
    "no_next_step": Kind(
        "A deal without a next step",
        "An open deal has neither a next step in the CRM nor a planned activity, where exports hold either",
        ("deal",),
    ),
    "single_contact": Kind(
        "One contact in a deal",
        "An observation of the last 90 days about an open deal was given a level on the decision whose anchor speaks"
        " of one contact",
        ("deal",),
    ),
    "lost_to_competitor": Kind(
        "A deal lost to a competitor",
        "A deal was lost in the last 90 days and names a competitor, and nobody has asked about the loss, drawn a"
        " conclusion or noted an open question about it",
        ("deal", "competitor", "days"),
    ),
    "discount_creep": Kind(
        "Discounts are growing",
        "The mean discount of deals won in the last 90 days (5 or more) lies above that of the 270 days before (8 or"
        " more) by more than noise (Welch's t test, 95 %)",
        ("deal", "share", "before"),
    ),
    INFORMATION: Kind(
        "The information behind a deal", "Another question of the same meeting is about an open deal", ("deal",)
    ),
    INFORMATION_LOST: Kind(
        "The information behind a lost deal",
        "Another question of the same meeting is about a deal that was lost",
        ("deal", "competitor", "days"),
    ),
    INFORMATION_WON: Kind(
        "The information behind a discount",
        "Another question of the same meeting is about the discount on a deal that was won",
        ("deal", "share", "before"),
    ),
    "skill_gap": Kind(
        "A skill with room to grow",
        "A level below competent (50 of 100) on two scores or more, the last not older than 180 days; or the diagnosis"
        " points to the skill",
        ("skill",),
    ),
    "self_above": Kind(
        "The own view of a skill is above the coach's",
        "On two or more calls that both scored, the own view lies above the coach's by half a level or more",
        ("skill",),
    ),
    "self_below": Kind(
        "The own view of a skill is below the coach's",
        "On two or more calls that both scored, the own view lies below the coach's by half a level or more",
        ("skill",),
    ),
    "knowledge_gap": Kind(
        "An open question that was noted", "A question that could not be answered yet is still open", ("days",)
    ),
    "top_performer": Kind(
        "Among the strongest of their peers",
        "At quota or above in the last full quarter, and in the top quarter of five or more like-for-like peers",
        ("share",),
    ),
    "resistant_objective": Kind(
        "An objective that the rep does not share",
        "The rep objected to an objective, or answered with another target, and it stands so",
        ("objective",),
    ),
    "missed_commitment": Kind(
        "A promise past its day", "A promise of the rep was due in the last 60 days and is still open", ("days",)
    ),
    "focus_pipeline": Kind("Most to gain: opening deals", _FOCUS),
    "focus_qualified_share": Kind("Most to gain: qualifying deals", _FOCUS),
    "focus_win_rate": Kind("Most to gain: winning deals", _FOCUS),
    "focus_deal_size": Kind("Most to gain: the size of deals", _FOCUS),
    "focus_cycle": Kind("Most to gain: the time deals take", _FOCUS),
    "focus_no_next_step": Kind("Most to gain: next steps", _FOCUS),
    "focus_competitor_losses": Kind("Most to gain: fewer losses to competitors", _FOCUS),
    "focus_discounting": Kind("Most to gain: smaller discounts", _FOCUS),
    "steady": Kind("Nothing stands out", "Fewer than three of the other situations hold"),
}
"""Every kind of situation, by its key in the bank."""

GENERIC: Mapping[str, str] = {
    "deal": "the deal",
    "stage": "its stage",
    "days": "some",
    "competitor": "the competitor",
    "share": "more",
    "before": "less",
    "skill": "the skill",
    "objective": "the objective",
}
"""What stands in a question once the case that filled it in is gone."""

ASKED: SchemaDict = {"question_key": pl.String, "sessions_ago": pl.Int64}
"""Which questions a rep has heard; sessions_ago = one-on-ones held since the one in which it was asked, 0 = none."""

EDITS: SchemaDict = {
    "edit_id": pl.Int64,
    "question_key": pl.String,
    "situation": pl.String,
    "about_skill": pl.String,
    "body": pl.String,
    "is_active": pl.Boolean,
    "edited_by": pl.Int64,
    "edited_by_name": pl.String,
    "recorded_at": pl.Datetime("us", "UTC"),
}
"""What admins changed in the bank, in the order in which they did; the latest row of a key holds."""


@dataclass(frozen=True)
class Question:
    """One question of the bank."""

    key: str
    situation: str
    text: str
    """With blanks such as {deal} that a situation fills in."""
    about_skill: str | None = None
    """Slug of the skill that it is about; None = any."""
    is_information: bool = False
    """Asks for the facts behind a decision: how do we know, where could we check, does it change the picture."""
    is_active: bool = True
    edit_id: int | None = None
    """The latest edit of it; None = nobody has touched it."""
    is_edited: bool = False
    """Whether it is another than the one delivered, or not delivered at all."""


@dataclass(frozen=True)
class Situation:
    """What the data shows about a rep, with the rows that show it."""

    key: str
    source_ids: tuple[str, ...]
    """Rows, "table:id", the most telling one first."""
    says: str
    """What they show, a sentence without a full stop. Holds text from the database: escape it where it is shown."""
    weight: float
    fills: Mapping[str, str] = field(default_factory=dict)
    skill: str | None = None
    """Slug of the skill it is about."""
    deal_id: int | None = None
    """The deal it is about."""


@dataclass(frozen=True)
class Chosen:
    """A question to ask, and why this one."""

    question: Question
    situation: Situation
    text: str
    """With its blanks filled in. Holds text from the database: escape it where it is shown."""
    why: str
    """A sentence that says what the data shows, in which row, and when the question was last asked."""
    source_ids: tuple[str, ...]


# ---- The bank ------------------------------------------------------------------------------------------------------


@functools.cache
def bank() -> tuple[Question, ...]:
    """The questions as delivered, in the order of the file; read once."""
    found: list[Question] = []
    for situation, entries in tomllib.loads(BANK.read_text(encoding="utf-8")).items():
        for name, entry in entries.items():
            if isinstance(entry, dict):
                found += (_delivered(situation, f"{name}.{key}", text, name) for key, text in entry.items())
            else:
                found.append(_delivered(situation, name, entry, None))
    return tuple(found)


def _delivered(situation: str, name: str, text: str, skill: str | None) -> Question:
    return Question(f"{situation}.{name}", situation, text, skill, situation in INFORMATIONS)


def merged(edits: pl.DataFrame) -> tuple[Question, ...]:
    """The bank with what admins changed (EDITS): delivered questions first, then their own, retired ones included.

    The latest edit of a key holds, whatever the order of the rows.
    """
    latest = {
        row["question_key"]: row
        for row in edits.sort("recorded_at", "edit_id").iter_rows(named=True)
        if row["situation"] in SITUATIONS
    }
    delivered = {each.key: each for each in bank()}
    kept = [_edited(latest[key], each) if key in latest else each for key, each in delivered.items()]
    return (*kept, *(_edited(latest[key], None) for key in sorted(latest) if key not in delivered))


def _edited(row: Mapping[str, Any], before: Question | None) -> Question:
    situation, skill = row["situation"], row["about_skill"] or None
    now = Question(row["question_key"], situation, row["body"], skill, situation in INFORMATIONS, row["is_active"])
    return replace(now, edit_id=row["edit_id"], is_edited=now != before)


@dataclass(frozen=True)
class Edit:
    """A change of the bank that can still be taken back."""

    edit_id: int
    now: Question
    before: Question | None
    """What it said before; None = it was added."""


def to_undo(edits: pl.DataFrame, by: int | None, now: dt.datetime) -> Edit | None:
    """The last change by one admin (None = by one without a name), within 24 hours and while nobody has changed the
    same question since; None where there is none. ``edits``: EDITS.
    """
    mine = edits.filter(pl.col("edited_by").eq_missing(by), pl.col("recorded_at") > now - TIME_TO_UNDO)
    if mine.is_empty():
        return None
    number = int(mine["edit_id"].max())  # type: ignore[arg-type]
    standing = next((each for each in merged(edits) if each.edit_id == number), None)
    if standing is None:
        return None
    earlier = merged(edits.filter(pl.col("edit_id") < number))
    return Edit(number, standing, next((each for each in earlier if each.key == standing.key), None))


def own_key(situation: str, text: str) -> str:
    """The key of a question that an admin adds: the same words in the same situation are the same question."""
    return f"{situation}.own_{zlib.crc32(plain(text).encode()):08x}"


def problems(text: str, situation: str, others: Iterable[str] = ()) -> list[str]:
    """Why a question cannot stand in the bank, each a sentence that says how to mend it; empty = fine.

    ``others``: the active questions beside it. See ``open_questions.problems``.
    """
    if situation not in SITUATIONS:
        return ["Choose the situation in which it is asked."]
    return open_questions.problems(text, SITUATIONS[situation].blanks, others)


def bank_sentence(bank: Sequence[Question]) -> str:
    """How many questions may be asked, and how many of them an admin made or took out."""
    active = [each for each in bank if each.is_active]
    edited = sum(each.is_edited for each in active)
    retired = len(bank) - len(active)
    parts = [f"{numbers.plural(len(active), 'open question')} for {numbers.plural(len(SITUATIONS), 'situation')}"]
    if edited:
        parts.append(f"{numbers.count(edited)} of them edited here")
    if retired:
        parts.append(f"{numbers.count(retired)} retired")
    return f"{', '.join(parts)}."


def matching(bank: Sequence[Question], words: str, situation: str | None = None) -> list[Question]:
    """The questions that hold every word searched, case aside; of one situation or of all."""
    wanted = words.casefold().split()
    return [
        each
        for each in bank
        if situation in {None, each.situation} and all(word in each.text.casefold() for word in wanted)
    ]


# ---- Filling in ----------------------------------------------------------------------------------------------------


def filled(text: str, fills: Mapping[str, str]) -> str:
    """``text`` with its blanks filled in; what ``fills`` does not hold reads in general words ("the deal")."""
    return BLANK.sub(lambda found: fills.get(found[1]) or GENERIC.get(found[1], "it"), text)


def row_words(source_id: str) -> str:
    """A row's name in a sentence: "deal:12" is "deal 12", "knowledge_gap:3" is "knowledge gap 3"."""
    table, _, number = source_id.partition(":")
    return f"{table.replace('_', ' ')} {number}"


# ---- The choice ----------------------------------------------------------------------------------------------------


Pick = tuple[Question, Situation]


def chosen(
    bank: Sequence[Question],
    situations: Sequence[Situation],
    asked: pl.DataFrame,
    *,
    most: int = MOST,
    rest_sessions: int = REST_SESSIONS,
    answered: Collection[tuple[str, str]] = (),
) -> list[Chosen]:
    """At most ``most`` questions, the weightiest situation first; the same for any order of what is handed in.

    ``asked``: ASKED. A question rests until ``rest_sessions`` one-on-ones have been held since it was asked, and a
    situation that was asked about in one of the last two steps back (STEP_BACK). Different situations come before a
    second question about one. Where a chosen question is about a deal, one of the questions asks for the information
    behind it. ``answered``: key and first row of what the rep has prepared an answer to: it stays on the list, in place
    of what came to weigh more since. Empty without a situation, and where everything rests.
    """
    heard = _heard(asked)
    lately = _situations_heard(bank, heard)
    ordered = sorted(
        situations,
        key=lambda each: (
            -each.weight * lately.get(each.key, 1.0), each.key, each.source_ids, each.skill or "", each.says,
        ),
    )  # fmt: skip
    awake = [each for each in bank if each.is_active and heard.get(each.key, rest_sessions) >= rest_sessions]
    picks: list[Pick] = []
    for rounds_of in (_first_of_each(ordered), ordered, ordered):
        for situation in rounds_of:
            if len(picks) < most:
                picks += _best(awake, situation, picks, heard)
    picks = _with_information(awake, picks, heard, most)
    picks = _with_answered(awake, ordered, picks, answered)
    return [_explained(question, situation, heard.get(question.key)) for question, situation in picks]


def _heard(asked: pl.DataFrame) -> dict[str, int]:
    """Per question the one-on-ones held since it was last asked."""
    found: dict[str, int] = {}
    for key, sessions_ago in asked.select("question_key", "sessions_ago").iter_rows():
        found[key] = min(sessions_ago, found.get(key, sessions_ago))
    return found


def _situations_heard(bank: Sequence[Question], heard: Mapping[str, int]) -> dict[str, float]:
    """What is left of the weight of situations that were asked about lately."""
    situation_of = {each.key: each.situation for each in bank}
    found: dict[str, float] = {}
    for key, sessions_ago in heard.items():
        if key in situation_of and sessions_ago < len(STEP_BACK):
            situation = situation_of[key]
            found[situation] = min(STEP_BACK[sessions_ago], found.get(situation, 1.0))
    return found


def _first_of_each(ordered: Sequence[Situation]) -> list[Situation]:
    found: dict[str, Situation] = {}
    for situation in ordered:
        found.setdefault(situation.key, situation)
    return list(found.values())


def _best(
    awake: Sequence[Question],
    situation: Situation,
    picks: Sequence[Pick],
    heard: Mapping[str, int],
    *,
    information: bool = False,
) -> list[Pick]:
    """The question of a situation that is to be asked next, as a list of one; empty where none is left."""
    taken = {question.key for question, _ in picks}
    fitting = [
        each
        for each in awake
        if each.key not in taken and _fits(each, situation, information) and _can_be_filled(each, situation)
    ]
    turn = f"{situation.key}{situation.source_ids[:1]}{situation.skill}"
    fitting.sort(
        key=lambda each: (
            # A question about this very skill says more than one about any.
            each.about_skill is None,
            -heard.get(each.key, 1_000_000),
            # Which of several fresh ones: another for each case, and the same whenever somebody looks.
            zlib.crc32(f"{turn}{each.key}".encode()),
            each.key,
        )
    )
    return [(fitting[0], situation)] if fitting else []


def _fits(question: Question, situation: Situation, information: bool) -> bool:
    if information:
        return question.situation == _INFORMATION_OF.get(situation.key, INFORMATION)
    return question.situation == situation.key and question.about_skill in {None, situation.skill}


def _can_be_filled(question: Question, situation: Situation) -> bool:
    return all(situation.fills.get(name) for name in BLANK.findall(question.text))


def _with_information(awake: Sequence[Question], picks: list[Pick], heard: Mapping[str, int], most: int) -> list[Pick]:
    """``picks`` with a question for the information behind one of the deals in it, the weightiest where possible.

    It takes a free place, else that of the last question about the same deal.
    """
    if any(question.is_information for question, _ in picks):
        return picks
    about_deals = [
        place
        for place, (_, situation) in enumerate(picks)
        if situation.deal_id is not None and situation.key not in _ASKS_ITSELF
    ]
    for place in about_deals:
        found = _best(awake, picks[place][1], picks, heard, information=True)
        if found and len(picks) < most:
            return [*picks[: place + 1], *found, *picks[place + 1 :]]
        if found:
            last = max(at for at in about_deals if picks[at][1] == picks[place][1])
            return [*picks[:last], *found, *picks[last + 1 :]]
    return picks


def _with_answered(
    awake: Sequence[Question], ordered: Sequence[Situation], picks: list[Pick], answered: Collection[tuple[str, str]]
) -> list[Pick]:
    """``picks`` with what has an answer ready, in place of the last ones that have none."""

    def named(pick: Pick) -> tuple[str, str]:
        return pick[0].key, pick[1].source_ids[0]

    ready = [
        (question, situation)
        for situation in ordered
        for question in sorted(awake, key=lambda each: each.key)
        if named((question, situation)) in answered
        and _fits(question, situation, question.is_information and situation.deal_id is not None)
        and _can_be_filled(question, situation)
    ]
    kept = list(picks)
    for pick in ready:
        if named(pick) in map(named, kept):
            continue
        # The same question about another row gives way first, the one for the information behind a deal last.
        free = sorted(
            (place for place, other in enumerate(kept) if named(other) not in answered),
            key=lambda place: (kept[place][0] != pick[0], kept[place][0].is_information, -place),
        )
        taken = {question.key for place, (question, _) in enumerate(kept) if place not in free[:1]}
        if free and pick[0].key not in taken:
            kept[free[0]] = pick
    return kept


def _explained(question: Question, situation: Situation, sessions_ago: int | None) -> Chosen:
    where = f" ({row_words(situation.source_ids[0])})" if situation.source_ids else ""
    before = (
        "not asked before" if sessions_ago is None else f"last asked {numbers.plural(sessions_ago, 'one-on-one')} ago"
    )
    return Chosen(
        question,
        situation,
        filled(question.text, situation.fills),
        f"{situation.says}{where}; {before}.",
        situation.source_ids,
    )
