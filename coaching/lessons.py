"""What a rep concludes from a lost deal, and what they could not answer yet. Rules and words; no database."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from polars._typing import SchemaDict

from coaching import numbers

LONGEST = 2_000
MONTHS_BACK = 12

LOST_DEALS: SchemaDict = {
    "deal_id": pl.Int64,
    "name": pl.String,
    "account_name": pl.String,
    "closed_on": pl.Date,
    "amount": pl.Int64,
    "lost_reason": pl.String,
    "competitor": pl.String,
    "lesson_id": pl.Int64,
    "conclusion": pl.String,
    "coach_question": pl.String,
    "version": pl.Int64,
}
"""Lost deals of a rep with the lesson written about each; the lesson's columns are null where there is none yet."""

GAPS: SchemaDict = {
    "gap_id": pl.Int64,
    "deal_id": pl.Int64,
    "deal_name": pl.String,
    "question": pl.String,
    "where_to_look": pl.String,
    "noted_at": pl.Datetime("us", "UTC"),
    "noted_by": pl.String,
    "answer": pl.String,
    "closed_at": pl.Datetime("us", "UTC"),
}


@dataclass(frozen=True)
class GapDraft:
    """A question that could not be answered yet."""

    question: str
    where_to_look: str = ""
    deal_id: int | None = None
    """The deal that it is about."""

    def problems(self) -> list[str]:
        """Sentences that say how to mend it; empty = fine."""
        found = [] if self.question.strip() else ["Write down the question that could not be answered yet."]
        return found + too_long("The question", self.question) + too_long("Where to look", self.where_to_look)


def too_long(what: str, text: str) -> list[str]:
    """A sentence where ``text`` is longer than is kept."""
    return [f"{what} takes up to {numbers.count(LONGEST)} characters; shorten it."] if len(text) > LONGEST else []


def conclusion_problems(text: str) -> list[str]:
    """Why a rep's conclusion cannot stand as it is."""
    return ([] if text.strip() else ["Write down what you conclude, in a sentence."]) + too_long("It", text)


def question_problems(text: str) -> list[str]:
    """Why a coach's question about a lesson cannot stand: the coach asks, the rep concludes."""
    if not text.strip():
        return ["Write your question."]
    if not text.strip().endswith("?"):
        return ["Ask a question, ending with a question mark: what follows from the deal is for the rep to say."]
    return too_long("The question", text)


def answer_problems(text: str) -> list[str]:
    """Why a gap cannot be closed with this answer."""
    return ([] if text.strip() else ["Write down what you found; a gap is closed by its answer."]) + too_long(
        "It", text
    )


def lessons_sentence(deals: pl.DataFrame) -> str:
    """Heading of the lost deals: how many have a lesson."""
    written = deals["conclusion"].drop_nulls().len()
    return f"{numbers.plural(written, 'lesson')} written about {numbers.plural(deals.height, 'lost deal')}"


def gaps_sentence(gaps: pl.DataFrame) -> str:
    """Heading of the knowledge gaps: how many are open and how many were closed."""
    still_open = gaps["closed_at"].null_count()
    closed = gaps.height - still_open
    if not gaps.height:
        return "No open question is noted"
    found = f"{numbers.plural(still_open, 'open question')}" if still_open else "No open question"
    return f"{found}, {numbers.count(closed)} answered" if closed else found


def lost_words(row: dict[str, object]) -> str:
    """One lost deal in a line: name, account, day, reason."""
    parts = [numbers.plain_name(str(row["name"] or "A deal without a name"), 60)]
    if row["account_name"]:
        parts.append(numbers.plain_name(str(row["account_name"]), 40))
    said = f"lost on {numbers.day(row['closed_on'])}"  # type: ignore[arg-type]
    if row["competitor"]:
        said += f" to {numbers.plain_name(str(row['competitor']), 40)}"
    if row["lost_reason"]:
        said += f": {numbers.plain_name(str(row['lost_reason']), 80)}"
    return f"{', '.join(parts)}, {said}"
