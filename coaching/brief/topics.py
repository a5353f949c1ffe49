"""What to talk about: at most three topics, in an order that is the same for everybody and stands beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from coaching import numbers
from coaching.agenda import LONGEST_TOPIC
from coaching.brief.facts import Fact, Section
from coaching.brief.material import Material
from coaching.brief.wording import deal_name, line, several, short
from coaching.metrics import metric
from coaching.objectives import headline
from coaching.sessions import LONGEST_LINE, MOST_TOPICS_THAT_MATTER

LONG_AGO_DAYS = 60
"""Promises due longer ago are open, and no longer what the next meeting is about: they are counted."""
DAYS_TO_DECIDE = 14
"""An objective due within so many days is to be talked about whatever its path."""
ORDER = (
    "Overdue promises of the coach come first, then what the rep brings, an objective off its path or to be decided,"
    " the focus, overdue promises of the rep, the deal to look at and the plan. Three at most: many topics decide"
    " little."
)


@dataclass(frozen=True)
class Topic:
    """A fact to talk about, and what the session takes over of it."""

    fact: Fact
    item_ids: tuple[int, ...] = ()
    """Agenda items that talking about it settles."""
    named: str = ""
    """In words that read the same for everybody, where the fact's own depend on who reads."""

    @property
    def words(self) -> str:
        """The topic as both sides read it later."""
        return self.named or self.fact.text


def section(topics: list[Topic]) -> Section:
    """At most three topics in order."""
    return Section(
        "topics",
        "Topics, in this order",
        tuple(topic.fact for topic in topics),
        "Nothing presses. Ask what would be most useful today.",
        about=ORDER,
    )


def chosen(material: Material, deal: dict[str, Any] | None) -> list[Topic]:
    """The first three of what could be talked about. ``deal``: the one deal to look at."""
    found: list[Topic] = []
    for topic in _in_order(material, deal):
        if len(found) == MOST_TOPICS_THAT_MATTER:
            break
        if not any(other.fact.text == topic.fact.text for other in found):
            found.append(topic)
    return found


def _in_order(material: Material, deal: dict[str, Any] | None) -> Iterator[Topic]:
    yield from _promises(material, "coach")
    yield from _brought(material, by_rep=True)
    yield from _objectives(material)
    yield from _brought(material, by_rep=False)
    yield from _focus(material)
    yield from _promises(material, "rep")
    yield from _deal(deal)
    yield from _plan(material)


def overdue(commitments: pl.DataFrame, side: str, as_of: dt.date) -> pl.DataFrame:
    """Open promises of one side past their day, the oldest first; the rep's only until they are left behind.

    A coach's own promise does not grow old by waiting: it is kept or taken back.
    """
    late = pl.col("due_on") < as_of
    if side == "rep":
        late &= pl.col("due_on") >= as_of - dt.timedelta(days=LONG_AGO_DAYS)
    return commitments.filter((pl.col("side") == side) & pl.col("done_on").is_null() & late).sort(
        "due_on", "commitment_id"
    )


def _promises(material: Material, side: str) -> Iterator[Topic]:
    rows = overdue(material.commitments, side, material.as_of)
    if rows.is_empty():
        return
    reader = material.reader
    people = sorted({short(row["by_name"]) for row in rows.iter_rows(named=True)})
    is_yours = set(rows["by_id"]) == {reader.viewer_id}
    words = several([f"“{line(text, 60)}”" for text in rows["promise"]])
    late = numbers.ago(rows["due_on"][0], material.as_of)
    what = "promise" if rows.height == 1 else f"{numbers.count(rows.height)} promises"
    named = f"{several(people)}’s {what}: {words}"
    yield Topic(
        Fact(
            f"Your {what}: {words}" if is_yours else named,
            tuple(f"commitment:{key}" for key in rows["commitment_id"]),
            why=f"was due {late}" if rows.height == 1 else f"the oldest was due {late}",
            key=f"promise_{side}",
        ),
        named=named,
    )


def _brought(material: Material, *, by_rep: bool) -> Iterator[Topic]:
    """What somebody put on the list: the agenda's topics, then those of a planned session."""
    reader = material.reader
    still = material.agenda.filter(pl.col("session_id").is_null() & (pl.col("kind") == "topic"))
    for row in still.iter_rows(named=True):
        if (row["added_by"] == reader.rep_id) == by_rep:
            yield _from(material, row["body"], row["added_by"], row["added_by_name"], f"agenda_item:{row['item_id']}")
    for row in material.session_topics.iter_rows(named=True):
        if (row["added_by"] == reader.rep_id) == by_rep:
            yield _from(
                material, row["topic"], row["added_by"] or 0, row["added_by_name"], f"session:{row['session_id']}"
            )


def _from(material: Material, words: str, by_id: int, name: str | None, source: str) -> Topic:
    reader = material.reader
    table, _, number = source.partition(":")
    who = reader.who(by_id, name)
    return Topic(
        Fact(
            line(words, LONGEST_TOPIC),
            (source,),
            why=f"{who} {'bring' if who == 'You' else 'brings'} it",
            key="brought",
        ),
        (int(number),) if table == "agenda_item" else (),
        named=line(words, LONGEST_LINE),
    )


def _objectives(material: Material) -> Iterator[Topic]:
    """Objectives to be decided first, then those off path, then those about to be due."""
    reader = material.reader
    waiting = [pair for pair in material.goals if pair[0]["status"] in {"proposed", "countered", "objected"}]
    agreed = [pair for pair in material.goals if pair[0]["status"] == "accepted"]
    off_path = [pair for pair in agreed if pair[1].verdict == "off_path"]
    soon = material.as_of + dt.timedelta(days=DAYS_TO_DECIDE)
    due = [
        pair
        for pair in agreed
        if pair not in off_path and pair[1].verdict != "met" and material.as_of <= pair[0]["due_on"] <= soon
    ]
    for why, pairs in (("to be decided", waiting), ("off its path", off_path), ("due soon", due)):
        for goal, found in pairs:
            words = named = headline(goal, found, reader.currency)
            if goal["status"] != "accepted":
                label = metric(goal["metric_key"]).label
                words = f"{label}: {_waiting_words(goal['status'], reader.rep, reader.is_rep)}"
                named = f"{label}: {_waiting_words(goal['status'], reader.rep, False)}"
            fact = Fact(words, (f"objective:{goal['objective_id']}",), why=why, key="objective")
            yield Topic(fact, named=named)


def _waiting_words(status: str, rep: str, is_own: bool) -> str:
    """What an objective waits for, said to the rep themselves or about them by name."""
    match status:
        case "objected":
            return "you object" if is_own else f"{rep} objects"
        case "countered":
            return "you propose another target" if is_own else f"{rep} proposes another target"
        case _:
            return f"waiting for {'your' if is_own else f'{rep}’s'} answer"


def _focus(material: Material) -> Iterator[Topic]:
    found = material.diagnosis
    if found is None or found.focus is None:
        return
    label = found.focus_label or found.focus.replace("_", " ")
    yield Topic(
        Fact(
            line(label[:1].upper() + label[1:]),
            found.source_ids,
            why="the focus",
            key="focus",
        )
    )


def _deal(deal: dict[str, Any] | None) -> Iterator[Topic]:
    if deal is not None:
        yield Topic(Fact(deal_name(deal), (f"deal:{deal['deal_id']}",), why="the deal to look at", key="deal"))


def _plan(material: Material) -> Iterator[Topic]:
    late = [
        row for row in material.actions if row["done_on"] is None and (row["due_on"] or dt.date.max) < material.as_of
    ]
    for row in sorted(late, key=lambda each: (each["due_on"], each["action_id"]))[:1]:
        yield Topic(
            Fact(
                line(row["action"]) or "The next action of the plan",
                (f"plan_action:{row['action_id']}",),
                why=f"was due {numbers.ago(row['due_on'], material.as_of)}",
                key="plan",
            )
        )
