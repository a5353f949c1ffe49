"""The rows behind the facts of a brief, each in a line: what "Where this comes from" lists. Words only in scope."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from coaching import numbers
from coaching.brief import Link, Row
from coaching.metrics import BY_KEY
from coaching.motivation import TRIGGER_NAMES, WEIGHT_NAMES
from coaching.observations import CHANNELS
from coaching.people import Viewer
from coaching.sessions import KINDS as SESSION_KINDS
from coaching.sessions import STATUSES
from data_access.knowledge import exists_for_readers, knowledge, version_on
from data_access.observation_scope import O, readable
from data_access.scope import reps_in_scope
from data_access.settings import minor_digits, settings
from data_access.tables import (
    account,
    agenda_item,
    commitment,
    deal,
    deal_version,
    knowledge_gap,
    motivation_preference,
    objective,
    observation,
    person,
    plan,
    plan_action,
    plan_revision,
    quota,
    session,
    trigger_use,
)

MOST_ROWS = 200
LONGEST = 2_000


@dataclass(frozen=True)
class _Ask:
    """Who asks, about which rep, and how the company writes days and money."""

    viewer: Viewer
    connection: sa.Connection
    rep_id: int
    as_of: dt.date
    today: dt.date
    currency: str
    digits: int
    zone: zoneinfo.ZoneInfo

    def inside(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        """Whether a row is about somebody in the viewer's scope."""
        return column.in_(reps_in_scope(self.viewer, self.today))

    def reads(self) -> sa.ColumnElement[bool]:
        """Whether the viewer reads words about people at all."""
        return sa.true() if self.viewer.reads_words else sa.false()

    def money(self, amount: int | None) -> str:
        return "" if amount is None else numbers.money(amount / 10**self.digits, self.currency)

    def day(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self.zone).date()

    def link(self, page: str, **names: int) -> Link:
        return (page, names or {"rep": self.rep_id})


Found = Iterable[tuple[int, str, str, dt.date | None, Link | None]]
"""Id, kind, words, day, link."""


def rows_behind(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    source_ids: Iterable[str],
    as_of: dt.date,
    today: dt.date,
) -> list[Row]:
    """A Row for each of these sources that the viewer may read, in their order; the first 200.

    ``rep_id``: whose brief it is, for the pages that show a row. What is out of scope, or no row, is not in the list.
    """
    values = settings(connection)
    currency = values["reporting_currency"] or ""
    zone = zoneinfo.ZoneInfo(str(values["time_zone"]))
    ask = _Ask(viewer, connection, rep_id, as_of, today, currency, minor_digits(currency or None), zone)
    wanted = list(dict.fromkeys(source_ids))[:MOST_ROWS]
    by_table: dict[str, list[int]] = defaultdict(list)
    for source in wanted:
        table, _, number = source.partition(":")
        if table in _READERS and number.isdecimal():
            by_table[table].append(int(number))
    rows = {
        f"{table}:{key}": Row(f"{table}:{key}", kind, numbers.plain_name(words, LONGEST), on, link)
        for table, ids in by_table.items()
        for key, kind, words, on, link in _READERS[table](ask, ids)
    }
    return [rows[source] for source in wanted if source in rows]


def _deals(ask: _Ask, ids: list[int]) -> Found:
    v = deal_version.c
    known = knowledge(ask.connection, "deals", ask.as_of).known_on
    statement = (
        sa.select(
            v.deal_id,
            sa.func.coalesce(v.name, deal.c.external_id).label("name"),
            account.c.name.label("account_name"),
            v.stage,
            v.status,
            v.reporting_amount,
            v.expected_close_on,
            v.closed_on,
            v.opened_on,
        )
        .select_from(deal_version)
        .join(deal, deal.c.id == v.deal_id)
        .outerjoin(account, account.c.id == v.account_id)
        .where(v.deal_id.in_(ids), version_on(deal_version, known), ask.inside(v.owner_id))
    )
    for row in ask.connection.execute(statement):
        is_closed = row.status in {"won", "lost"} and row.closed_on is not None and row.closed_on <= ask.as_of
        parts = [row.name, row.account_name, ask.money(row.reporting_amount)]
        if is_closed:
            parts.append(f"{row.status} on {numbers.day(row.closed_on)}")
        else:
            parts += [row.stage, f"to close {numbers.day(row.expected_close_on)}" if row.expected_close_on else None]
        words = " · ".join(part for part in parts if part)
        yield row.deal_id, "Deal", words, row.closed_on if is_closed else row.opened_on, ask.link("rep-progress")


def _promises(ask: _Ask, ids: list[int]) -> Found:
    c, by, to = commitment.c, person.alias("by_person"), person.alias("to_person")
    statement = (
        sa.select(c.id, c.promise, c.made_on, by.c.name.label("by_name"), to.c.name.label("to_name"))
        .join(by, by.c.id == c.by_id)
        .join(to, to.c.id == c.to_id)
        .where(c.id.in_(ids), ask.reads(), sa.or_(ask.inside(c.by_id), ask.inside(c.to_id)))
    )
    for row in ask.connection.execute(statement):
        words = f"{row.by_name} to {row.to_name}: {row.promise}"
        yield row.id, "Promise", words, row.made_on, ask.link("record-session")


def _observations(ask: _Ask, ids: list[int]) -> Found:
    observer = person.alias("observer")
    statement = (
        sa.select(O.id, O.channel, O.kind, O.observed_on, observer.c.name)
        .select_from(observation.join(observer, observer.c.id == O.observer_id))
        .where(O.id.in_(ids), readable(ask.viewer, ask.today))
    )
    for row in ask.connection.execute(statement):
        how = CHANNELS.get(row.channel or "", "Observed")
        words = f"{how}, own view" if row.kind == "self" else f"{how}, scored by {row.name}"
        yield row.id, "Observation", words, row.observed_on, ask.link("record-observation", observation=row.id)


def _sessions(ask: _Ask, ids: list[int]) -> Found:
    s = session.c
    statement = (
        sa.select(s.id, s.kind, s.status, s.held_on, s.planned_on, person.c.name)
        .join(person, person.c.id == s.coach_id)
        .where(s.id.in_(ids), ask.inside(s.rep_id), exists_for_readers(session))
    )
    for row in ask.connection.execute(statement):
        words = f"{SESSION_KINDS[row.kind]}, {STATUSES[row.status].lower()}, with {row.name}"
        yield row.id, "Session", words, row.held_on or row.planned_on, ask.link("record-session")


def _objectives(ask: _Ask, ids: list[int]) -> Found:
    statement = (
        sa.select(objective.c.id, objective.c.metric_key, objective.c.agreed_on, objective.c.due_on)
        .join(plan, plan.c.id == objective.c.plan_id)
        .where(objective.c.id.in_(ids), ask.inside(plan.c.rep_id), exists_for_readers(plan))
    )
    for row in ask.connection.execute(statement):
        entry = BY_KEY.get(row.metric_key)
        words = f"{entry.label if entry else row.metric_key}, due {numbers.day(row.due_on)}"
        yield row.id, "Objective", words, row.agreed_on, ask.link("record-plan")


def _plan_actions(ask: _Ask, ids: list[int]) -> Found:
    statement = (
        sa.select(plan_action.c.id, plan_action.c.action, plan_action.c.due_on)
        .join(plan_revision, plan_revision.c.id == plan_action.c.plan_revision_id)
        .join(plan, plan.c.id == plan_revision.c.plan_id)
        .where(plan_action.c.id.in_(ids), ask.inside(plan.c.rep_id), ask.reads(), exists_for_readers(plan))
    )
    for row in ask.connection.execute(statement):
        yield row.id, "Action of the plan", row.action, row.due_on, ask.link("record-plan")


def _gaps(ask: _Ask, ids: list[int]) -> Found:
    gap = knowledge_gap.c
    statement = sa.select(gap.id, gap.question, gap.answer, gap.noted_at).where(
        gap.id.in_(ids), ask.inside(gap.rep_id), ask.reads()
    )
    for row in ask.connection.execute(statement):
        words = f"{row.question} {row.answer}" if row.answer else row.question
        yield row.id, "Open question", words, ask.day(row.noted_at), ask.link("rep-progress")


def _agenda(ask: _Ask, ids: list[int]) -> Found:
    item = agenda_item.c
    statement = (
        sa.select(item.id, item.kind, item.body, item.recorded_at, person.c.name)
        .join(person, person.c.id == item.added_by)
        .where(item.id.in_(ids), ask.inside(item.rep_id), ask.reads())
    )
    for row in ask.connection.execute(statement):
        kind = "Topic" if row.kind == "topic" else "Answer"
        yield row.id, kind, f"{row.name}: {row.body}", ask.day(row.recorded_at), None


def _preferences(ask: _Ask, ids: list[int]) -> Found:
    said = motivation_preference.c
    statement = sa.select(said.id, said.trigger, said.weight, said.words, said.stated_at).where(
        said.id.in_(ids), ask.inside(said.person_id), ask.reads()
    )
    for row in ask.connection.execute(statement):
        words = f"{TRIGGER_NAMES[row.trigger]}: {WEIGHT_NAMES[row.weight]}{f', {row.words}' if row.words else ''}"
        yield row.id, "What moves them", words, ask.day(row.stated_at), ask.link("rep-motivation")


def _uses(ask: _Ask, ids: list[int]) -> Found:
    used = trigger_use.c
    statement = (
        sa.select(used.id, used.trigger, used.used_on, person.c.name)
        .join(person, person.c.id == used.coach_id)
        .where(used.id.in_(ids), ask.inside(used.rep_id), ask.reads())
    )
    for row in ask.connection.execute(statement):
        words = f"{TRIGGER_NAMES[row.trigger]}, by {row.name}"
        yield row.id, "Tried", words, row.used_on, ask.link("rep-motivation")


def _people(ask: _Ask, ids: list[int]) -> Found:
    statement = sa.select(person.c.id, person.c.name).where(person.c.id.in_(ids), ask.inside(person.c.id))
    for row in ask.connection.execute(statement):
        yield row.id, "Person", f"Everything that counts for {row.name}", None, ask.link("rep-progress", rep=row.id)


def _quotas(ask: _Ask, ids: list[int]) -> Found:
    q = quota.c
    statement = sa.select(q.id, q.reporting_amount, q.starts_on, q.ends_on).where(
        q.id.in_(ids), ask.inside(q.person_id), exists_for_readers(quota)
    )
    for row in ask.connection.execute(statement):
        words = f"{ask.money(row.reporting_amount)} for {numbers.span(row.starts_on, row.ends_on)}"
        yield row.id, "Quota", words, row.starts_on, ask.link("rep-progress")


_READERS: dict[str, Callable[[_Ask, list[int]], Found]] = {
    "deal": _deals,
    "commitment": _promises,
    "observation": _observations,
    "session": _sessions,
    "objective": _objectives,
    "plan_action": _plan_actions,
    "knowledge_gap": _gaps,
    "agenda_item": _agenda,
    "motivation_preference": _preferences,
    "trigger_use": _uses,
    "person": _people,
    "quota": _quotas,
}
"""Which rows can stand behind a fact, by table."""
