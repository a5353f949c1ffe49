"""What somebody brings to the next one-on-one: topics, and the rep's answers to the questions. Rules; no database."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from coaching import numbers
from coaching.numbers import plain_name
from coaching.sessions import ONE_ON_ONE
from coaching.typed_words import line, paragraphs, same_words

KINDS = ("topic", "answer")
LONGEST_TOPIC = 200
LONGEST_ANSWER = 2_000
MOST_TOPICS = 10
_ROW = re.compile(r"[a-z_]{1,40}:[0-9]{1,18}")


@dataclass(frozen=True)
class AgendaDraft:
    """A topic, or an answer to a question that will be asked."""

    kind: str
    body: str
    question_key: str | None = None
    about: str | None = None
    """The row that led to the question, as in "deal:12": the same question about another deal is another one."""

    @property
    def answers(self) -> str | None:
        """Question and row in one word, as an item keeps it; None for a topic."""
        return answered_key(self.question_key, self.about) if self.kind == "answer" and self.question_key else None

    def tidy(self) -> AgendaDraft:
        """The same without what nobody sees and blanks around; a topic is one line."""
        body = line(self.body) if self.kind == "topic" else paragraphs(self.body)
        return (
            replace(self, body=body)
            if self.kind == "answer"
            else replace(self, body=body, question_key=None, about=None)
        )

    def problems(self, standing: tuple[str, ...] = ()) -> list[str]:
        """Sentences that say how to mend it; empty = fine. ``standing``: the open topics that are there already."""
        if self.kind not in KINDS:
            return [f"'{plain_name(self.kind, 40)}' is no kind of item. Use topic or answer."]
        if not paragraphs(self.body):
            return [
                "The topic has no words. Say what you want to talk about."
                if self.kind == "topic"
                else "The answer has no words. A few are enough."
            ]
        longest = LONGEST_TOPIC if self.kind == "topic" else LONGEST_ANSWER
        found = []
        if len(self.body) > longest:
            found.append(
                f"The {self.kind} has {len(self.body):,} characters. Shorten it to {numbers.count(longest)} or fewer."
            )
        if self.kind == "answer" and not self.question_key:
            found.append("Say which question it answers.")
        if self.about is not None and not _ROW.fullmatch(self.about):
            found.append("Say what the question is about as a row, such as deal:12.")
        if self.kind == "topic" and any(same_words(self.body, other) for other in standing):
            found.append("This topic is on the list already.")
        if self.kind == "topic" and len(standing) >= MOST_TOPICS:
            found.append(f"{MOST_TOPICS} topics are on the list. Three are plenty: take one off first.")
        return found


def answered_key(question_key: str, about: str | None) -> str:
    """Question and row in one word: "stalled.waits@deal:12"."""
    return f"{question_key}@{about}" if about else question_key


def answered_parts(kept: str) -> tuple[str, str | None]:
    """``answered_key`` taken apart."""
    key, _, about = kept.partition("@")
    return key, about or None


# ---- In words ------------------------------------------------------------------------------------------------------


def still_to_come(items: pl.DataFrame) -> pl.DataFrame:
    """Of frames.AGENDA what no session has taken up yet."""
    return items.filter(pl.col("session_id").is_null())


def next_meeting(sessions: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
    """The planned one-on-ones of the next day on which there is one: what is on their lists is brought to the next
    meeting. Without one ahead those of the last day gone by since a one-on-one was held: they wait to be written up.

    ``sessions``: frames.SESSION_RECORDS of one rep, or planned_on, held_on, status and kind of them.
    """
    ours = sessions.filter(pl.col("kind").is_in(ONE_ON_ONE))
    planned = ours.filter(pl.col("status") == "planned")
    ahead = planned.filter(pl.col("planned_on") >= as_of)
    if ahead.height:
        return ahead.filter(pl.col("planned_on") == pl.col("planned_on").min())
    last = ours.filter((pl.col("status") == "held") & (pl.col("held_on") <= as_of))["held_on"].max()
    waiting = planned if last is None else planned.filter(pl.col("planned_on") > last)
    return waiting.filter(pl.col("planned_on") == pl.col("planned_on").max())


def preparation_sentence(items: pl.DataFrame, on_list: int = 0) -> str:
    """How far the rep's own preparation is; ``items``: frames.AGENDA, ``on_list``: topics that they have put on the
    list of the next planned one-on-one."""
    ahead = still_to_come(items).filter(pl.col("added_by") == pl.col("rep_id"))
    counts = [(kind, ahead.filter(pl.col("kind") == kind).height + on_list * (kind == "topic")) for kind in KINDS]
    parts = [numbers.plural(count, kind) for kind, count in counts if count]
    if not parts:
        return "Nothing is prepared yet: a topic, or a few words to a question, is enough"
    return f"Ready for the next one-on-one: {' and '.join(parts)}"


def who_sentence(prepared: pl.DataFrame) -> str:
    """How many have prepared; ``prepared``: frames.PREPARED."""
    ready = prepared.filter((pl.col("topic_count") > 0) | (pl.col("answer_count") > 0)).height
    if not prepared.height:
        return "You coach nobody today"
    if not ready:
        return "Nobody has prepared since their last one-on-one"
    whole = "Everybody has" if ready == prepared.height else f"{ready} of {numbers.plural(prepared.height, 'rep')} have"
    return f"{whole} prepared since their last one-on-one"


def who_rows(prepared: pl.DataFrame, today: dt.date) -> pl.DataFrame:
    """The table of who has prepared: rep_id, name, next, brought; in the order that comes in, which is by name."""
    return pl.DataFrame(
        {
            "rep_id": prepared["rep_id"],
            "name": prepared["name"],
            "next": [
                f"{numbers.day(on)} ({numbers.ago(on, today)})" if on else "not planned" for on in prepared["next_on"]
            ],
            "brought": [_brought(row) for row in prepared.iter_rows(named=True)],
        },
        schema={"rep_id": pl.Int64, "name": pl.String, "next": pl.String, "brought": pl.String},
    )


def _brought(row: dict[str, Any]) -> str | None:
    """ "2 topics, 1 answer"; None where nothing was brought."""
    parts = [numbers.plural(row[f"{kind}_count"], kind) for kind in KINDS if row[f"{kind}_count"]]
    return ", ".join(parts) or None
