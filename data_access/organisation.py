"""Who belonged to which team when: derived from what people files said, anew after every people import.

A people file names a manager, a team label or both. A label led by one manager is a team; a label with several
managers is a team with one team per manager below it; people without a label form their manager's team. The derivation
looks only at the published records in order of their dates, so the order in which files were loaded does not matter.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

import polars as pl
import sqlalchemy as sa

from coaching.attribution import SINCE_EVER
from data_access.bulk import insert_frame
from data_access.importers.names import normalised
from data_access.knowledge import exists_for_readers
from data_access.tables import membership, person, person_record, team, team_placement

TeamKey = tuple[str, int | None]
"""A label (normalised) and, below a label with several managers, the manager; ("", manager) without a label."""


@dataclass(frozen=True)
class Record:
    """What the latest people file up to a date says about a person."""

    person_id: int
    manager_id: int | None
    label: str | None
    started_on: dt.date | None
    left_on: dt.date | None


@dataclass
class Chart:
    """The org chart on one date."""

    home: dict[int, TeamKey] = field(default_factory=dict)
    leader: dict[TeamKey, int | None] = field(default_factory=dict)
    parent: dict[TeamKey, TeamKey | None] = field(default_factory=dict)
    labels: dict[TeamKey, str] = field(default_factory=dict)


def label_key(label: str | None) -> str:
    """The text by which a team label is recognised; "" without one."""
    return normalised(label) or ""


def org_chart(records: dict[int, Record]) -> Chart:
    """Teams, leaders, parents and home teams from one date's records."""
    chart = Chart()
    reports: dict[int, set[int]] = {record.person_id: set() for record in records.values()}
    by_label: dict[str, list[Record]] = defaultdict(list)
    for record in records.values():
        if record.manager_id is not None and record.manager_id != record.person_id:
            reports.setdefault(record.manager_id, set()).add(record.person_id)
        if record.label:
            by_label[label_key(record.label)].append(record)
    alone = {label for label, members in by_label.items() if len(members) == 1 and reports[members[0].person_id]}
    for label, members in sorted(by_label.items(), key=lambda item: (item[0] in alone, item[0])):
        _place_label(chart, label, members, reports)
    _place_unlabelled(chart, records, reports)
    _place_leaders(chart, records)
    _hang_up(chart, records)
    return chart


def _place_label(chart: Chart, label: str, members: list[Record], reports: dict[int, set[int]]) -> None:
    """The team of a label, and one below it per manager where it has several."""
    own = {record.person_id for record in members}
    base: TeamKey = (label, None)
    chart.labels[base] = next(record.label or "" for record in members)
    followers = [record for record in members if not reports[record.person_id] & own]
    # Somebody alone in a label leads it, unless a team of theirs has a label of its own: then they belong to this one.
    alone = len(members) == 1 and bool(reports[members[0].person_id])
    if alone and members[0].person_id not in chart.leader.values():
        chart.leader[base] = members[0].person_id
        return
    managers = sorted({r.manager_id for r in followers if r.manager_id is not None and r.manager_id != r.person_id})
    if len(managers) <= 1:
        chart.leader[base] = managers[0] if managers else None
        for record in followers:
            chart.home[record.person_id] = base
        return
    chart.leader[base] = _common_leader(managers, members)
    for manager in managers:
        below: TeamKey = (label, manager)
        chart.leader[below] = manager
        chart.parent[below] = base
    for record in followers:
        placed = record.manager_id is not None and record.manager_id != record.person_id
        chart.home[record.person_id] = (label, record.manager_id) if placed else base


def _common_leader(managers: list[int], members: list[Record]) -> int | None:
    """Whoever in the label all its managers report to."""
    by_id = {record.person_id: record for record in members}
    above = {by_id[m].manager_id for m in managers if m in by_id}
    only = above.pop() if len(above) == 1 else None
    return only if only in by_id else None


def _place_unlabelled(chart: Chart, records: dict[int, Record], reports: dict[int, set[int]]) -> None:
    """People without a label go to their manager's team, which may be a labelled one."""
    for record in sorted(records.values(), key=lambda r: r.person_id):
        if record.label or record.manager_id is None or record.manager_id == record.person_id:
            continue
        if reports[record.person_id]:
            continue
        led = sorted(key for key, leader in chart.leader.items() if leader == record.manager_id)
        key = led[0] if len(led) == 1 else ("", record.manager_id)
        chart.leader.setdefault(key, record.manager_id)
        chart.home[record.person_id] = key
    for manager, below in sorted(reports.items()):
        if below and manager not in chart.leader.values():
            chart.leader[("", manager)] = manager


def _place_leaders(chart: Chart, records: dict[int, Record]) -> None:
    """A leader's own sales count for the team they lead; the highest one where they lead several."""
    led: dict[int, list[TeamKey]] = defaultdict(list)
    for key, leader in chart.leader.items():
        if leader is not None:
            led[leader].append(key)
    for leader, keys in led.items():
        own = label_key(records[leader].label) if leader in records else ""
        keys.sort(key=lambda key: (key[0] != own, key[1] is not None, key))
        chart.home[leader] = keys[0]


def _hang_up(chart: Chart, records: dict[int, Record]) -> None:
    """Each team under the team its leader belongs to; never in a circle."""
    for key in sorted(chart.leader, key=str):
        if key in chart.parent:
            continue
        chart.parent[key] = _team_above(chart, key, records)
    for key in chart.parent:
        seen = {key}
        current = chart.parent[key]
        while current is not None:
            if current in seen:
                chart.parent[key] = None
                break
            seen.add(current)
            current = chart.parent.get(current)


def _team_above(chart: Chart, key: TeamKey, records: dict[int, Record]) -> TeamKey | None:
    leader = chart.leader[key]
    if leader is None:
        return _above_the_managers(chart, key, records)
    record = records.get(leader)
    if record is None:
        return None
    manager = record.manager_id
    if record.label:
        split: TeamKey = (label_key(record.label), manager)
        own: TeamKey = split if split in chart.leader else (label_key(record.label), None)
        if own in chart.leader and own != key and chart.leader[own] != leader and chart.parent.get(own) != key:
            return own
    if manager is None or manager == leader:
        return None
    return chart.home.get(manager)


def _above_the_managers(chart: Chart, key: TeamKey, records: dict[int, Record]) -> TeamKey | None:
    """A label without a leader of its own stands under whomever all its managers report to."""
    managers = [leader for below, leader in chart.leader.items() if chart.parent.get(below) == key and leader]
    above = {records[m].manager_id for m in managers if m in records}
    only = above.pop() if len(above) == 1 else None
    home = chart.home.get(only) if only is not None else None
    return home if home != key else None


@dataclass(frozen=True)
class Organisation:
    """The derived rows: frames for team, membership and team_placement."""

    teams: pl.DataFrame
    memberships: pl.DataFrame
    placements: pl.DataFrame


def derived_organisation(connection: sa.Connection, including: int | None = None) -> Organisation:
    """Teams, placements and memberships from all published people records (and those of import ``including``)."""
    names = dict(connection.execute(sa.select(person.c.id, person.c.name)).all())
    outside = dict(connection.execute(sa.select(person.c.id, person.c.external_id)).all())
    snapshots = _snapshots(connection, including)
    spans = _Spans()
    state: dict[int, Record] = {}
    labels: dict[TeamKey, str] = {}
    leaders: dict[TeamKey, int | None] = {}
    split_leaders: dict[int, set[TeamKey]] = defaultdict(set)
    for index, (known_from, records) in enumerate(snapshots):
        state.update({record.person_id: record for record in records})
        chart = org_chart(state)
        labels.update(chart.labels)
        leaders.update(chart.leader)
        for key, leader in chart.leader.items():
            if leader is not None and key[1] is not None:
                split_leaders[leader].add(key)
        spans.record(None if index == 0 else known_from, known_from, chart, state)
    keys = sorted(set(leaders) | set(spans.team_keys()), key=str)
    teams = [_team_row(key, labels, leaders, names, outside, split_leaders) for key in keys]
    return Organisation(_teams_frame(teams), spans.memberships(state), spans.placements())


def _snapshots(connection: sa.Connection, including: int | None) -> list[tuple[dt.date, list[Record]]]:
    rows = connection.execute(
        sa.select(
            person_record.c.known_from,
            person_record.c.person_id,
            person_record.c.manager_id,
            person_record.c.team,
            person_record.c.started_on,
            person_record.c.left_on,
            person_record.c.active,
        )
        .where(exists_for_readers(person_record, including))
        .order_by(person_record.c.known_from, person_record.c.import_id, person_record.c.id)
    )
    grouped: dict[dt.date, list[Record]] = defaultdict(list)
    for known_from, person_id, manager_id, label, started_on, left_on, active in rows:
        # Marked inactive without a date: gone by that file's date, and before it still in the team.
        gone = left_on if active or left_on else known_from - dt.timedelta(days=1)
        grouped[known_from].append(Record(person_id, manager_id, label, started_on, gone))
    return sorted(grouped.items())


def _team_row(
    key: TeamKey,
    labels: dict[TeamKey, str],
    leaders: dict[TeamKey, int | None],
    names: dict[int, str],
    outside: dict[int, str | None],
    split_leaders: dict[int, set[TeamKey]],
) -> tuple[str, str, str, int | None]:
    label, manager = key
    leader = leaders.get(key)
    if manager is None:
        text = labels.get(key, label)
        return f"label:{label}", text, text, leader
    external = outside.get(manager) or names[manager]
    if len(split_leaders[manager]) > 1 and label:
        external = f"{external} ({labels.get((label, None), label)})"
    return f"leader:{manager}:{label}", external, f"{names[manager]}'s team", leader


def _teams_frame(rows: list[tuple[str, str, str, int | None]]) -> pl.DataFrame:
    schema = {"source_key": pl.String, "external_id": pl.String, "name": pl.String, "leader_id": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def source_key(key: TeamKey) -> str:
    """The stable text a team is found by."""
    return f"label:{key[0]}" if key[1] is None else f"leader:{key[1]}:{key[0]}"


class _Spans:
    """Collects, chart after chart, since when each membership and placement has held."""

    def __init__(self) -> None:
        self._members: dict[tuple[int, TeamKey, str], list[list[dt.date | None]]] = defaultdict(list)
        self._home: dict[tuple[int, TeamKey, str], bool] = {}
        self._places: dict[TeamKey, list[tuple[TeamKey | None, dt.date | None, dt.date | None]]] = defaultdict(list)
        self._first_known: dict[int, dt.date] = {}
        self._open: dict[int, set[tuple[int, TeamKey, str]]] = {}

    def record(self, since: dt.date | None, known_from: dt.date, chart: Chart, state: dict[int, Record]) -> None:
        """Take up the chart that holds from ``since`` (None = open-ended backwards)."""
        now: dict[int, set[tuple[int, TeamKey, str]]] = defaultdict(set)
        for person_id, key in chart.home.items():
            if chart.leader.get(key) != person_id:
                now[person_id].add((person_id, key, "member"))
        for key, leader in chart.leader.items():
            if leader is not None:
                now[leader].add((leader, key, "leader"))
        for person_id in set(now) | set(self._open):
            before, after = self._open.get(person_id, set()), now.get(person_id, set())
            first = person_id not in self._first_known
            self._first_known.setdefault(person_id, known_from)
            for gone in before - after:
                self._members[gone][-1][1] = known_from
            record = state.get(person_id)
            starts = (record.started_on if record else None) if first else known_from
            for new in after - before:
                self._members[new].append([starts, None])
            for held in after:
                self._home[held] = chart.home.get(person_id) == held[1]
            self._open[person_id] = after
        for key in chart.leader:
            self._place(key, chart.parent.get(key), since, known_from)

    def _place(self, key: TeamKey, parent: TeamKey | None, since: dt.date | None, known_from: dt.date) -> None:
        spans = self._places[key]
        if not spans:
            spans.append((parent, None, None))
        elif spans[-1][0] != parent:
            spans[-1] = (spans[-1][0], spans[-1][1], known_from)
            spans.append((parent, known_from, None))

    def team_keys(self) -> set[TeamKey]:
        """Every team that ever was."""
        parents = {span[0] for spans in self._places.values() for span in spans if span[0] is not None}
        return set(self._places) | {key for _, key, _ in self._members} | parents

    def memberships(self, state: dict[int, Record]) -> pl.DataFrame:
        """person_id, source_key, kind, is_home, starts_on, ends_on, known_from; empty spans left out."""
        rows = []
        for (person_id, key, kind), spans in self._members.items():
            record = state.get(person_id)
            gone = record.left_on + dt.timedelta(days=1) if record and record.left_on else None
            for starts, ends in spans:
                last = min(day for day in (ends, gone) if day is not None) if ends or gone else None
                if starts is not None and last is not None and last <= starts:
                    continue
                home = self._home[person_id, key, kind]
                rows.append((person_id, source_key(key), kind, home, starts, last, self._first_known[person_id]))
        schema = {
            "person_id": pl.Int64,
            "source_key": pl.String,
            "kind": pl.String,
            "is_home": pl.Boolean,
            "starts_on": pl.Date,
            "ends_on": pl.Date,
            "known_from": pl.Date,
        }
        return pl.DataFrame(rows, schema=schema, orient="row").sort("person_id", "starts_on", "source_key", "kind")

    def placements(self) -> pl.DataFrame:
        """source_key, parent_key, starts_on, ends_on."""
        rows = [
            (source_key(key), source_key(parent) if parent else None, starts, ends)
            for key, spans in self._places.items()
            for parent, starts, ends in spans
        ]
        schema = {"source_key": pl.String, "parent_key": pl.String, "starts_on": pl.Date, "ends_on": pl.Date}
        return pl.DataFrame(rows, schema=schema, orient="row").sort("source_key", "starts_on")


def home_memberships(memberships: pl.DataFrame) -> pl.DataFrame:
    """One home team per person and day, as frames.MEMBERSHIPS wants it: starts_on filled, not overlapping."""
    return (
        memberships.filter(pl.col("is_home"))
        .with_columns(pl.col("starts_on").fill_null(SINCE_EVER))
        .select("person_id", "team_id", "starts_on", "ends_on")
        .sort("person_id", "starts_on")
    )


def store_organisation(connection: sa.Connection, organisation: Organisation, import_id: int | None = None) -> None:
    """Replace memberships and placements, add new teams. Within the caller's transaction."""
    known = dict(connection.execute(sa.select(team.c.source_key, team.c.id)).all())
    new = organisation.teams.filter(~pl.col("source_key").is_in(list(known)))
    insert_frame(connection, team, new.with_columns(pl.lit(import_id, pl.Int64).alias("import_id")))
    for row in organisation.teams.filter(pl.col("source_key").is_in(list(known))).iter_rows(named=True):
        values = {name: row[name] for name in ("external_id", "name", "leader_id")}
        connection.execute(sa.update(team).where(team.c.source_key == row["source_key"]).values(values))
    ids = pl.DataFrame(
        connection.execute(sa.select(team.c.source_key, team.c.id)).all(),
        schema={"source_key": pl.String, "team_id": pl.Int64},
        orient="row",
    )
    connection.execute(sa.delete(membership))
    connection.execute(sa.delete(team_placement))
    members = organisation.memberships.join(ids, on="source_key", how="left", maintain_order="left")
    insert_frame(connection, membership, members.drop("source_key"))
    places = organisation.placements.join(ids, on="source_key", how="left", maintain_order="left").join(
        ids.rename({"source_key": "parent_key", "team_id": "parent_id"}),
        on="parent_key",
        how="left",
        maintain_order="left",
    )
    insert_frame(connection, team_placement, places.drop("source_key", "parent_key"))


def rebuild_organisation(connection: sa.Connection, import_id: int | None = None) -> None:
    """Derive and store, within the caller's transaction; ``import_id`` counts as published."""
    store_organisation(connection, derived_organisation(connection, import_id), import_id)
