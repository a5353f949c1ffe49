"""What a brief is made of: facts, each with the rows it comes from, in sections. Shapes only, no arithmetic.

Texts hold words from the database as they are: whoever shows them escapes them.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from coaching.brief.meeting import Usual

Link = tuple[str, Mapping[str, int | str]]
"""A page by its url_path, and the ids that its address names."""
PAGE = "rep-one_on_one"
"""The brief's own page: a fact leads to it, at the rows that it comes from."""


@dataclass(frozen=True)
class Fact:
    """One thing that is said, and the rows that say it."""

    text: str
    source_ids: tuple[str, ...]
    """Rows as "table:id", at least one, the most telling first."""
    label: str = ""
    """A word or two in front: Won, Seen 12 Nov."""
    why: str = ""
    """Why it stands here, beside it."""
    key: str = ""
    """What it is ticked by: a kind of topic, a question's key."""


@dataclass(frozen=True)
class Section:
    """One heading with its facts; ``otherwise`` is said where there is none."""

    key: str
    title: str
    facts: tuple[Fact, ...]
    otherwise: str = ""
    about: str = ""
    """How it is put together, in small print."""

    def marked(self) -> list[tuple[str, Fact]]:
        """The facts in order, each with its mark: what an address calls it by.

        Made of the rows, never of words: the same for whoever reads, and no name ends up in an address. Of several
        facts about the same rows the second is ``-2`` and so on.
        """
        seen: Counter[str] = Counter()
        found = []
        for fact in self.facts:
            rows = f"{self.key}-{zlib.crc32(' '.join(fact.source_ids).encode()):08x}"
            seen[rows] += 1
            found.append((rows if seen[rows] == 1 else f"{rows}-{seen[rows]}", fact))
        return found


@dataclass(frozen=True)
class Since:
    """From which day on "since last time" counts; the day itself is not part of it."""

    on: dt.date
    session_id: int | None
    """The one-on-one held on that day; None = there is none, so the last days are told."""
    words: str
    """since your one-on-one of 3 Nov 2026, 17 days ago"""


@dataclass(frozen=True)
class Asking:
    """A question of the brief with what noting it needs."""

    key: str
    text: str
    source_ids: tuple[str, ...]
    deal_id: int | None = None
    item_ids: tuple[int, ...] = ()
    """The rep's answers to it, which asking it settles."""


@dataclass(frozen=True)
class Taken:
    """What of a brief a session took up."""

    asked: tuple[Asking, ...] = ()
    unanswered: tuple[Asking, ...] = ()
    """Of those asked: what the rep could not answer yet."""
    item_ids: tuple[int, ...] = ()
    """Agenda items that were talked about."""


@dataclass(frozen=True)
class Carried:
    """What "Start session" takes along into the form of the session. Ids and words, nothing of the screen."""

    topics: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Words of each topic, with the agenda items that it settles."""
    questions: tuple[Asking, ...] = ()
    plan_action_id: int | None = None
    skill: str | None = None
    """Slug of the skill to work on."""
    session_id: int | None = None
    """The session that is planned with this rep by whoever looks; None = a new one."""


@dataclass(frozen=True)
class Brief:
    """The page of paper for one rep on a day, as one viewer reads it."""

    rep_id: int
    rep_name: str
    as_of: dt.date
    since: Since
    about: str
    """The rep in a line: role, team, how long here."""
    next_on: dt.date | None
    """The next planned one-on-one; None = none is planned."""
    preparation: str
    """Whether the rep has prepared, in a sentence."""
    sections: tuple[Section, ...]
    """In the order of the paper."""
    carried: Carried = field(default_factory=Carried)
    notice: str = ""
    """That the rep was not there on the day; empty where they were."""
    not_shown: tuple[str, ...] = ()
    """Why sections are empty for this viewer or on this day, in sentences; empty = what is empty holds nothing."""
    usual: Usual | None = None
    """When they usually meet; None = no meeting is on record with its time."""

    def section(self, key: str) -> Section:
        """One section. Raises KeyError for a word that is none."""
        return next((found for found in self.sections if found.key == key), None) or _unknown(key)

    def facts(self) -> Iterator[tuple[str, Fact]]:
        """Every fact with the key of its section, in the order of the paper."""
        for section in self.sections:
            for fact in section.facts:
                yield section.key, fact

    def marked(self, mark: str) -> Fact | None:
        """The fact that an address calls by this mark; None where the brief holds none like that."""
        return next((fact for section in self.sections for name, fact in section.marked() if name == mark), None)

    def source_ids(self) -> list[str]:
        """Every row behind the brief, once, in the order of the paper."""
        return list(dict.fromkeys(source for _, fact in self.facts() for source in fact.source_ids))


def _unknown(key: str) -> Section:
    raise KeyError(f"A brief has no section '{key}'.")


@dataclass(frozen=True)
class Row:
    """A row behind a fact, in words."""

    source_id: str
    kind: str
    """Deal, promise, observation, ..."""
    name: str
    """The deal's title and customer, who promised whom, what was scored."""
    details: str
    """What else the row says: stage, amount and days of a deal, the words of a promise."""
    on: dt.date | None
    link: Link | None
    """The form or page that holds the row; None = nowhere but here."""
    known_on: dt.date | None = None
    """Since when it is known: the day of the export, or the day on which it was written down."""
    origin: str = ""
    """The file it came with; empty = written down in the product."""

    @property
    def words(self) -> str:
        """Name and details in one line."""
        return " · ".join(part for part in (self.name, self.details) if part)


def fact_link(brief: Brief, mark: str) -> Link:
    """Where a fact leads: to the brief of that day, opened at the rows the fact comes from."""
    return (PAGE, {"rep": brief.rep_id, "as_of": brief.as_of.isoformat(), "fact": mark})
