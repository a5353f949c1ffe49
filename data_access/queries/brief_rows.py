"""The rows behind the facts of a brief, each in a line: what "Where this comes from" lists. Words only in scope."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa

from coaching import numbers
from coaching.brief import Link, Row
from coaching.metrics import BY_KEY
from coaching.motivation import TRIGGER_NAMES, WEIGHT_NAMES
from coaching.observations import CHANNELS
from coaching.people import Viewer
from coaching.sessions import KINDS as SESSION_KINDS
from coaching.sessions import METHODS, STATUSES
from data_access.knowledge import exists_for_readers, knowledge, version_on
from data_access.observation_scope import O, readable
from data_access.queries.deal_review import deals_to_look_at
from data_access.scope import reps_in_scope
from data_access.settings import minor_digits, settings
from data_access.tables import (
    account,
    agenda_item,
    commitment,
    deal,
    deal_version,
    import_run,
    knowledge_gap,
    motivation_preference,
    objective,
    observation,
    person,
    plan,
    plan_action,
    plan_revision,
    quota,
    score,
    scorecard_item,
    session,
    skill,
    trigger_use,
)

MOST_ROWS = 200
LONGEST = 2_000
LONGEST_ORIGIN = 60
ORIGIN = (import_run.c.file_name, import_run.c.as_of.label("file_as_of"))
"""Where a row came from; null where it was written down in the product."""


@dataclass(frozen=True)
class _Ask:
    """Who asks, about which rep, and how the company writes days and money."""

    viewer: Viewer
    connection: sa.Connection
    rep_id: int
    as_of: dt.date
    since: dt.date | None
    today: dt.date
    currency: str
    digits: int
    zone: zoneinfo.ZoneInfo
    to_look_at: pl.DataFrame | None = None

    def stalls(self) -> dict[int, str]:
        """Of the rep's stalled deals how long they stand and what is usual, in words."""
        found = self.to_look_at
        if found is None:
            found = deals_to_look_at(
                self.viewer, self.connection, rep_id=self.rep_id, as_of=self.as_of, today=self.today
            )
        stalled = found.filter(pl.col("kind") == "stalled")
        return dict(stalled.select("deal_id", "reason").iter_rows())

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

    def link(self, page: str, **names: int | None) -> Link:
        """A page about the rep, with the ids of what it is to open; those that are not known are left out."""
        return (page, {"rep": self.rep_id, **{name: number for name, number in names.items() if number is not None}})


Found = Iterable[tuple[int, Row]]
"""The rows of some ids; a deal that an earlier day knew otherwise comes twice, the later first."""


def rows_behind(
    viewer: Viewer,
    connection: sa.Connection,
    *,
    rep_id: int,
    source_ids: Iterable[str],
    as_of: dt.date,
    today: dt.date,
    since: dt.date | None = None,
    to_look_at: pl.DataFrame | None = None,
) -> list[Row]:
    """A Row for each of these sources that the viewer may read, in their order; the first 200.

    ``rep_id``: whose brief it is, for the pages that show a row. ``since``: the day of the meeting before: a deal of
    of which something else was known then comes a second time, as it was. ``to_look_at``: what ``deals_to_look_at``
    gives, for whoever has it already: of a stalled deal the row says how long it stands and how long is usual. What is
    out of scope, or no row, is not in the list.
    """
    values = settings(connection)
    currency = values["reporting_currency"] or ""
    zone = zoneinfo.ZoneInfo(str(values["time_zone"]))
    digits = minor_digits(currency or None)
    ask = _Ask(viewer, connection, rep_id, as_of, since, today, currency, digits, zone, to_look_at)
    wanted = list(dict.fromkeys(source_ids))[:MOST_ROWS]
    by_table: dict[str, list[int]] = defaultdict(list)
    for source in wanted:
        table, _, number = source.partition(":")
        if table in _READERS and number.isdecimal():
            by_table[table].append(int(number))
    rows: dict[str, list[Row]] = defaultdict(list)
    for table, ids in by_table.items():
        for key, row in _READERS[table](ask, ids):
            rows[f"{table}:{key}"].append(row)
    return [row for source in wanted for row in rows.get(source, [])]


def _row(
    source_id: str,
    kind: str,
    name: str | None,
    details: Iterable[str | None],
    on: dt.date | None,
    link: Link | None,
    known_on: dt.date | None,
    origin: str | None = None,
) -> Row:
    """A row in words, each part one clean line; of ``details`` those that say something."""
    said = " · ".join(numbers.plain_name(part, LONGEST) for part in details if part)
    return Row(
        source_id,
        kind,
        numbers.plain_name(name, LONGEST),
        numbers.plain_name(said, LONGEST),
        on,
        link,
        known_on,
        numbers.plain_name(origin, LONGEST_ORIGIN),
    )


def _deals(ask: _Ask, ids: list[int]) -> Found:
    known = knowledge(ask.connection, "deals", ask.as_of).known_on
    now = {row.deal_id: row for row in ask.connection.execute(_deal_versions(ask, ids, known))}
    stalls = ask.stalls() if now else {}
    for row in now.values():
        yield row.deal_id, _deal(ask, row, "Deal", ask.as_of, stalls.get(row.deal_id))
    if ask.since is None:
        return
    before = knowledge(ask.connection, "deals", ask.since)
    if before.is_rebuilt:
        # Before the first export nothing was known; what is told of that day is told by that export.
        return
    for row in ask.connection.execute(_deal_versions(ask, list(now), before.known_on)):
        if row.version_id != now[row.deal_id].version_id:
            yield row.deal_id, _deal(ask, row, f"Deal as known on {numbers.day(ask.since)}", ask.since)


def _deal_versions(ask: _Ask, ids: list[int], known_on: dt.date) -> sa.Select[Any]:
    """The versions of deals that hold on a day, of owners in scope."""
    v = deal_version.c
    return (
        sa.select(
            v.id.label("version_id"),
            v.deal_id,
            sa.func.coalesce(v.name, deal.c.external_id).label("name"),
            account.c.name.label("account_name"),
            v.stage,
            v.status,
            v.reporting_amount,
            v.opened_on,
            v.expected_close_on,
            v.closed_on,
            v.next_step,
            v.competitor,
            v.lost_reason,
            v.known_from,
            import_run.c.file_name,
        )
        .select_from(deal_version)
        .join(deal, deal.c.id == v.deal_id)
        .join(import_run, import_run.c.id == v.import_id)
        .outerjoin(account, account.c.id == v.account_id)
        .where(v.deal_id.in_(ids), version_on(deal_version, known_on), ask.inside(v.owner_id))
        .order_by(v.deal_id, v.id)
    )


def _deal(ask: _Ask, row: Any, kind: str, at: dt.date, stalls: str | None = None) -> Row:
    is_closed = row.status in {"won", "lost"} and row.closed_on is not None and row.closed_on <= at
    if is_closed:
        ends = [f"{row.status} on {numbers.day(row.closed_on)}", f"to {row.competitor}" if row.competitor else None]
        ends.append(row.lost_reason if row.status == "lost" else None)
    else:
        ends = [
            f"to close {numbers.day(row.expected_close_on)}" if row.expected_close_on else "no day to close",
            f"next: {row.next_step}" if row.next_step else None,
        ]
    opened = f"opened {numbers.day(row.opened_on)}" if row.opened_on else None
    name = " · ".join(part for part in (row.name, row.account_name) if part)
    details = [None if is_closed else row.stage, ask.money(row.reporting_amount) or "no amount", opened, *ends, stalls]
    on = row.closed_on if is_closed else row.opened_on
    return _row(f"deal:{row.deal_id}", kind, name, details, on, ask.link("rep-progress"), row.known_from, row.file_name)


def _promises(ask: _Ask, ids: list[int]) -> Found:
    c, by, to, held = commitment.c, person.alias("by_person"), person.alias("to_person"), session.alias("made_in")
    statement = (
        sa.select(
            c.id, c.promise, c.made_on, c.due_on, c.done_on, by.c.name.label("by_name"), to.c.name.label("to_name"),
            held.c.id.label("session_id"), import_run.c.file_name,
        )
        .select_from(commitment)
        .join(by, by.c.id == c.by_id)
        .join(to, to.c.id == c.to_id)
        .outerjoin(
            held, sa.and_(held.c.id == c.session_id, ask.inside(held.c.rep_id), exists_for_readers(held))
        )
        .outerjoin(import_run, import_run.c.id == held.c.import_id)
        .where(c.id.in_(ids), ask.reads(), sa.or_(ask.inside(c.by_id), ask.inside(c.to_id)))
    )  # fmt: skip
    for row in ask.connection.execute(statement):
        done = row.done_on is not None and row.done_on <= ask.as_of
        when = [f"due {numbers.day(row.due_on)}" if row.due_on else None]
        when.append(f"kept {numbers.day(row.done_on)}" if done else "open")
        link = ask.link("record-session", session=row.session_id)
        name = f"{row.by_name} to {row.to_name}"
        details = [row.promise, *when]
        yield (
            row.id,
            _row(f"commitment:{row.id}", "Promise", name, details, row.made_on, link, row.made_on, row.file_name),
        )


def _observations(ask: _Ask, ids: list[int]) -> Found:
    observer = person.alias("observer")
    statement = (
        sa.select(O.id, O.channel, O.kind, O.observed_on, O.recorded_at, observer.c.name, *ORIGIN)
        .select_from(observation.join(observer, observer.c.id == O.observer_id))
        .outerjoin(import_run, import_run.c.id == O.import_id)
        .where(O.id.in_(ids), readable(ask.viewer, ask.today))
    )
    found = ask.connection.execute(statement).all()
    levels = _levels(ask, [row.id for row in found])
    for row in found:
        how = CHANNELS.get(row.channel or "", "Observed")
        name = f"{how}, own view" if row.kind == "self" else f"{how}, scored by {row.name}"
        known_on = row.file_as_of or ask.day(row.recorded_at)
        link = ask.link("record-observation", observation=row.id)
        source = f"observation:{row.id}"
        details = levels.get(row.id, ["nothing scored"])
        yield row.id, _row(source, "Observation", name, details, row.observed_on, link, known_on, row.file_name)


def _levels(ask: _Ask, ids: list[int]) -> dict[int, list[str]]:
    """The skills that were scored, with level and scale, in the order of the form."""
    statement = (
        sa.select(score.c.observation_id, skill.c.name, score.c.level, scorecard_item.c.highest)
        .join(scorecard_item, scorecard_item.c.id == score.c.scorecard_item_id)
        .join(skill, skill.c.id == scorecard_item.c.skill_id)
        .where(score.c.observation_id.in_(ids))
        .order_by(score.c.observation_id, scorecard_item.c.position, score.c.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in ask.connection.execute(statement):
        found[row.observation_id].append(f"{row.name} {row.level} of {row.highest}")
    return found


def _sessions(ask: _Ask, ids: list[int]) -> Found:
    s = session.c
    statement = (
        sa.select(s.id, s.kind, s.status, s.held_on, s.planned_on, s.recorded_at, person.c.name, *ORIGIN)
        .select_from(session)
        .join(person, person.c.id == s.coach_id)
        .outerjoin(import_run, import_run.c.id == s.import_id)
        .where(s.id.in_(ids), ask.inside(s.rep_id), exists_for_readers(session))
    )
    for row in ask.connection.execute(statement):
        name, details = f"{SESSION_KINDS[row.kind]} with {row.name}", [STATUSES[row.status].lower()]
        on, known_on = row.held_on or row.planned_on, row.file_as_of or ask.day(row.recorded_at)
        link = ask.link("record-session", session=row.id)
        yield row.id, _row(f"session:{row.id}", "Session", name, details, on, link, known_on, row.file_name)


def _objectives(ask: _Ask, ids: list[int]) -> Found:
    goal = objective.c
    statement = (
        sa.select(goal.id, goal.metric_key, goal.agreed_on, goal.due_on, *ORIGIN)
        .select_from(objective)
        .join(plan, plan.c.id == goal.plan_id)
        .outerjoin(import_run, import_run.c.id == goal.import_id)
        .where(goal.id.in_(ids), ask.inside(plan.c.rep_id), exists_for_readers(plan))
    )
    for row in ask.connection.execute(statement):
        entry = BY_KEY.get(row.metric_key)
        name, details = entry.label if entry else row.metric_key, [f"due {numbers.day(row.due_on)}"]
        link, source = ask.link("record-plan"), f"objective:{row.id}"
        yield row.id, _row(source, "Objective", name, details, row.agreed_on, link, row.agreed_on, row.file_name)


def _plan_actions(ask: _Ask, ids: list[int]) -> Found:
    action = plan_action.c
    statement = (
        sa.select(
            action.id, action.action, action.due_on, action.done_on, action.method, skill.c.name.label("skill_name"),
            plan_revision.c.number, plan_revision.c.recorded_at, *ORIGIN,
        )
        .select_from(plan_action)
        .join(plan_revision, plan_revision.c.id == action.plan_revision_id)
        .join(plan, plan.c.id == plan_revision.c.plan_id)
        .outerjoin(skill, skill.c.id == action.skill_id)
        .outerjoin(import_run, import_run.c.id == plan.c.import_id)
        .where(action.id.in_(ids), ask.inside(plan.c.rep_id), ask.reads(), exists_for_readers(plan))
    )  # fmt: skip
    for row in ask.connection.execute(statement):
        details = [
            row.skill_name,
            METHODS[row.method].lower() if row.method in METHODS else None,
            f"due {numbers.day(row.due_on)}" if row.due_on else None,
            f"version {row.number} of the plan",
        ]
        known_on = row.file_as_of or ask.day(row.recorded_at)
        link, source = ask.link("record-plan"), f"plan_action:{row.id}"
        yield row.id, _row(source, "Action of the plan", row.action, details, row.due_on, link, known_on, row.file_name)


def _gaps(ask: _Ask, ids: list[int]) -> Found:
    gap = knowledge_gap.c
    statement = sa.select(gap.id, gap.question, gap.where_to_look, gap.answer, gap.noted_at).where(
        gap.id.in_(ids), ask.inside(gap.rep_id), ask.reads()
    )
    for row in ask.connection.execute(statement):
        details = [f"look at: {row.where_to_look}" if row.where_to_look else None, row.answer]
        on, source = ask.day(row.noted_at), f"knowledge_gap:{row.id}"
        yield row.id, _row(source, "Open question", row.question, details, on, ask.link("rep-progress"), on)


def _agenda(ask: _Ask, ids: list[int]) -> Found:
    item = agenda_item.c
    statement = (
        sa.select(item.id, item.kind, item.body, item.recorded_at, person.c.name)
        .join(person, person.c.id == item.added_by)
        .where(item.id.in_(ids), ask.inside(item.rep_id), ask.reads())
    )
    # Where it was added: by the rep on their own page, and shown to coaches beside the session's form.
    link: Link = ("me-my-coaching", {}) if ask.viewer.person_id == ask.rep_id else ask.link("record-session")
    for row in ask.connection.execute(statement):
        kind = "Topic" if row.kind == "topic" else "Answer"
        on = ask.day(row.recorded_at)
        yield row.id, _row(f"agenda_item:{row.id}", kind, f"from {row.name}", [row.body], on, link, on)


def _preferences(ask: _Ask, ids: list[int]) -> Found:
    said = motivation_preference.c
    statement = sa.select(said.id, said.trigger, said.weight, said.words, said.stated_at).where(
        said.id.in_(ids), ask.inside(said.person_id), ask.reads()
    )
    for row in ask.connection.execute(statement):
        on, source = ask.day(row.stated_at), f"motivation_preference:{row.id}"
        details = [WEIGHT_NAMES[row.weight], row.words]
        link = ask.link("rep-motivation")
        kind = "What moves you" if ask.viewer.person_id == ask.rep_id else "What moves them"
        yield row.id, _row(source, kind, TRIGGER_NAMES[row.trigger], details, on, link, on)


def _uses(ask: _Ask, ids: list[int]) -> Found:
    used = trigger_use.c
    statement = (
        sa.select(used.id, used.trigger, used.used_on, used.followed, person.c.name)
        .join(person, person.c.id == used.coach_id)
        .where(used.id.in_(ids), ask.inside(used.rep_id), ask.reads())
    )
    for row in ask.connection.execute(statement):
        details = [f"by {row.name}", {True: "something followed", False: "nothing followed"}.get(row.followed)]
        link, source = ask.link("rep-motivation"), f"trigger_use:{row.id}"
        yield row.id, _row(source, "Tried", TRIGGER_NAMES[row.trigger], details, row.used_on, link, row.used_on)


def _people(ask: _Ask, ids: list[int]) -> Found:
    statement = sa.select(person.c.id, person.c.name).where(person.c.id.in_(ids), ask.inside(person.c.id))
    for row in ask.connection.execute(statement):
        link, details = ask.link("rep-progress", rep=row.id), ["every figure of the diagnosis, on the progress page"]
        yield row.id, _row(f"person:{row.id}", "Person", row.name, details, None, link, None)


def _quotas(ask: _Ask, ids: list[int]) -> Found:
    q = quota.c
    statement = (
        sa.select(q.id, q.reporting_amount, q.starts_on, q.ends_on, q.known_from, import_run.c.file_name)
        .join(import_run, import_run.c.id == q.import_id)
        .where(q.id.in_(ids), ask.inside(q.person_id), exists_for_readers(quota))
    )
    for row in ask.connection.execute(statement):
        name, details = ask.money(row.reporting_amount), [f"for {numbers.span(row.starts_on, row.ends_on)}"]
        link, source = ask.link("rep-progress"), f"quota:{row.id}"
        yield row.id, _row(source, "Quota", name, details, row.starts_on, link, row.known_from, row.file_name)


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
