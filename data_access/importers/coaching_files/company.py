"""What the company already knows that a coaching file refers to: people, skills, scorecards. Reads, never writes."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

import sqlalchemy as sa

from coaching.observations import Card, CardItem
from data_access.default_scorecard import REP_SCORECARD
from data_access.importers.matching import Directory, directory
from data_access.importers.names import normalised
from data_access.importers.publish import Loading
from data_access.importers.versions import next_snapshot
from data_access.queries.people import people_in_scope
from data_access.scope import operator
from data_access.settings import company_today, settings
from data_access.tables import person, scorecard, scorecard_item, scorecard_version, skill


class RowRejected(ValueError):
    """A row that cannot be loaded; the message says how to mend it."""


@dataclass(frozen=True)
class Version:
    """A version of a scorecard with the days on which it is in use; the last one excluded."""

    card: Card
    starts_on: dt.date | None
    ends_on: dt.date | None


@dataclass
class Company:
    """What rows are matched against. ``is_late``: a later file of the same kind has been loaded already."""

    people: Directory
    manager_of: dict[int, int | None]
    """Today's manager by person."""
    joined_on: dict[int, dt.date | None]
    skills: dict[str, tuple[int, str]]
    """Squashed slug or name -> row and slug."""
    skill_slugs: list[str]
    cards: dict[str, list[Version]]
    """Squashed slug or name of a scorecard -> its versions, the latest first."""
    card_slugs: list[str]
    time_zone: str
    now: dt.datetime
    today: dt.date
    as_of: dt.date
    is_late: bool
    replaces_demo: bool
    _found: dict[tuple[str, str], int | str] = field(default_factory=dict)

    @cached_property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The company's time zone."""
        return zoneinfo.ZoneInfo(self.time_zone)

    def person(self, role: str, text: str | None) -> int | None:
        """The person a text names, None for an empty one. Raises RowRejected for nobody and for several people."""
        if text is None:
            return None
        found = self._found.get((role, text))
        if found is None:
            found = self._found[role, text] = self._find(role, text)
        if isinstance(found, str):
            raise RowRejected(found)
        return found

    def _find(self, role: str, text: str) -> int | str:
        known = self.people.find(text)
        if known is not None:
            return known
        shown = text[:60]
        if self.people.is_ambiguous(text):
            return f'Several people are called "{shown}"; name the {role} by id or email address.'
        return f'No person is known as "{shown}"; correct the {role}, or load a people file that names them first.'

    def skill(self, text: str | None) -> tuple[int, str] | None:
        """Row and slug of the skill a text names, None for an empty one. Raises RowRejected for an unknown one."""
        if text is None:
            return None
        found = self.skills.get(normalised(text) or "")
        if found is None:
            raise RowRejected(f'The skill "{text[:60]}" is not known; the skills are: {", ".join(self.skill_slugs)}.')
        return found

    def card(self, text: str | None, on: dt.date) -> Card:
        """The version of a scorecard in use on a day; the default one for an empty text. Raises RowRejected."""
        versions = self.cards.get(normalised(text or REP_SCORECARD) or "")
        if not versions:
            known = ", ".join(self.card_slugs)
            raise RowRejected(f'The scorecard "{(text or REP_SCORECARD)[:60]}" is not known; there are: {known}.')
        for version in versions:
            starts, ends = version.starts_on, version.ends_on
            if (starts is None or starts <= on) and (ends is None or on < ends):
                return version.card
        raise RowRejected(
            f'The scorecard "{versions[0].card.slug}" was not in use on {on}; correct the date or the card.'
        )


def company_of(connection: sa.Connection, kind: str, loading: Loading, *, replaces_demo: bool) -> Company:
    """What is known now. With a demo company that is about to go, nobody is."""
    values = settings(connection)
    today = company_today(values, loading.now)
    people = Directory() if replaces_demo else directory(connection, person)
    seen = people_in_scope(operator(), connection, today, today)
    slugs = connection.execute(sa.select(skill.c.slug, skill.c.name, skill.c.id).order_by(skill.c.slug)).all()
    cards = _cards(connection)
    return Company(
        people=people,
        manager_of=dict(seen.select("person_id", "manager_id").iter_rows()),
        joined_on=dict(seen.select("person_id", "started_on").iter_rows()),
        skills={
            normalised(text) or text: (row_id, slug) for slug, name, row_id in slugs for text in (name, slug) if text
        },
        skill_slugs=[slug for slug, _, _ in slugs],
        cards=cards,
        card_slugs=sorted({versions[0].card.slug for versions in cards.values()}),
        time_zone=str(values["time_zone"]),
        now=loading.now,
        today=today,
        as_of=loading.as_of,
        is_late=not replaces_demo and bool(next_snapshot(connection, kind, loading.as_of, frozenset())),
        replaces_demo=replaces_demo,
    )


def _cards(connection: sa.Connection) -> dict[str, list[Version]]:
    """Every scorecard by slug and by name, its versions with the latest first."""
    items: dict[int, list[CardItem]] = defaultdict(list)
    of_item = scorecard_item.c
    rows = sa.select(
        of_item.scorecard_version_id, of_item.id, skill.c.slug, skill.c.name, of_item.lowest, of_item.highest
    ).join(skill, skill.c.id == of_item.skill_id)
    for version_id, *item in connection.execute(rows.order_by(of_item.scorecard_version_id, of_item.position)):
        items[version_id].append(CardItem(*item))
    found: dict[str, list[Version]] = defaultdict(list)
    versions = sa.select(
        scorecard.c.slug, scorecard_version.c.id, scorecard.c.name, scorecard.c.kind, scorecard_version.c.number,
        scorecard_version.c.starts_on, scorecard_version.c.ends_on,
    ).join(scorecard, scorecard.c.id == scorecard_version.c.scorecard_id)  # fmt: skip
    for slug, row_id, name, kind, number, starts, ends in connection.execute(
        versions.order_by(scorecard.c.slug, scorecard_version.c.number.desc())
    ):
        version = Version(Card(slug, row_id, name, kind, tuple(items[row_id]), number), starts, ends)
        for key in dict.fromkeys((normalised(slug) or slug, normalised(name) or name)):
            found[key].append(version)
    return dict(found)


def skill_of(card: Card, text: str) -> CardItem:
    """The item of a card that a text names by slug or name. Raises RowRejected for a skill that is not on it."""
    wanted = normalised(text)
    for item in card.items:
        if wanted in (normalised(item.skill), normalised(item.name)):
            return item
    known = ", ".join(item.skill for item in card.items)
    raise RowRejected(f'The skill "{text[:60]}" is not on the scorecard "{card.slug}"; the skills on it are: {known}.')
