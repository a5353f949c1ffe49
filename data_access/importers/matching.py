"""Finds the person, account, product or deal that a text in a file names. By id first, then by normalised name.

A text that finds nobody becomes a new row that only that file mentions; a later reference file fills it in. Rows are
never dropped because a look-up failed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import sqlalchemy as sa

from data_access.importers.names import normalised
from data_access.knowledge import exists_for_readers
from data_access.tables import deal

SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
SALESFORCE_ID = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?")


def short_id(text: str) -> str:
    """The 15-character form of an 18-character Salesforce id, known by its checksum; any other text unchanged."""
    if len(text) != 18 or not SALESFORCE_ID.fullmatch(text):
        return text
    groups = (text[start : start + 5] for start in (0, 5, 10))
    bits = (sum(letter.isupper() << place for place, letter in enumerate(group)) for group in groups)
    suffix = "".join(SUFFIX[number] for number in bits)
    return text[:15] if text[15:] == suffix else text


# The first three characters of a Salesforce id say what it is the id of; standard objects begin with a digit, the
# company's own with a. Other systems' ids of fifteen letters and digits are not taken for one.
_OPPORTUNITY, _ACCOUNT = "006", "001"
_OBJECT = re.compile(r"[0-9a][0-9A-Za-z]{2}")


def is_no_deal(text: str) -> bool:
    """Whether ``text`` is a Salesforce id of an account, a contact, a case ...: of anything but an opportunity."""
    return bool(SALESFORCE_ID.fullmatch(text) and _OBJECT.match(text)) and not text.startswith(_OPPORTUNITY)


def is_account(text: str) -> bool:
    """Whether ``text`` is a Salesforce id of an account."""
    return bool(SALESFORCE_ID.fullmatch(text)) and text.startswith(_ACCOUNT)


def name_key(text: str | None) -> str:
    """What a text is recognised by: its normalised name; ids of Salesforce differ by case alone and stay as told."""
    if text and SALESFORCE_ID.fullmatch(text):
        return short_id(text)
    return normalised(text) or text or ""


@dataclass
class Directory:
    """What a kind of thing is known by. ``find`` answers an id, None for nothing or for more than one."""

    by_id: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_email: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    references: set[int] = field(default_factory=set)
    """Rows that a reference file has named."""
    named: dict[int, str] = field(default_factory=dict)
    identified: set[int] = field(default_factory=set)
    """Rows that carry an outside id."""

    def add(self, row_id: int, name: str | None, external_id: str | None, email: str | None, reference: bool) -> None:
        """Make a row findable."""
        if external_id:
            self.by_id[short_id(external_id)] = row_id
            self.identified.add(row_id)
        key = name_key(name)
        if key and row_id not in self.by_name[key]:
            self.by_name[key].append(row_id)
        if email and row_id not in self.by_email[email.casefold()]:
            self.by_email[email.casefold()].append(row_id)
        if reference:
            self.references.add(row_id)
        self.named[row_id] = name or external_id or ""

    def find(self, text: str) -> int | None:
        """The row ``text`` names: by id, then address, then name; None where nothing or several fit."""
        known = self.by_id.get(short_id(text))
        if known is not None:
            return known
        for candidates in (self.by_email.get(text.casefold(), []), self.by_name.get(name_key(text), [])):
            if len(candidates) == 1:
                return candidates[0]
        return None

    def is_ambiguous(self, text: str) -> bool:
        """Several rows carry this name, and no id or address settles which is meant."""
        return self.find(text) is None and len(self.by_name.get(name_key(text), [])) > 1


def directory(
    connection: sa.Connection, table: sa.Table, ignoring: set[int] | None = None, including: int | None = None
) -> Directory:
    """Everything in ``person``, ``account`` or ``product`` that readers may see.

    ``ignoring`` = imports whose rows are about to go (the demo company's); ``including`` = the import that asks: what
    it has named itself a moment ago is known to it.
    """
    email = table.c.email if "email" in table.c else sa.literal(None)
    rows = connection.execute(
        sa.select(table.c.id, table.c.name, table.c.external_id, email, table.c.is_reference).where(
            exists_for_readers(table, including), not_from(table, ignoring)
        )
    )
    found = Directory()
    for row_id, name, external_id, address, reference in rows:
        found.add(row_id, name, external_id, address, reference)
    return found


def not_from(table: sa.Table, imports: set[int] | None) -> sa.ColumnElement[bool]:
    """Rows that none of ``imports`` wrote."""
    if not imports:
        return sa.true()
    return sa.or_(table.c.import_id.is_(None), table.c.import_id.not_in(imports))


def next_id(connection: sa.Connection, table: sa.Table) -> int:
    """The first free row number; safe because one import runs at a time and nobody else adds to these tables."""
    return int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))) or 0) + 1


@dataclass
class Matched:
    """Which text names which row, the rows to add, and the texts without a reference row."""

    ids: dict[str, int]
    additions: list[dict[str, Any]]
    unmatched: list[str]


def match_texts(texts: list[str], known: Directory, first_free: int, import_id: int, role: str | None) -> Matched:
    """A row for every text; new rows for those that name nobody yet. An ambiguous name stays without a row."""
    ids: dict[str, int] = {}
    additions: list[dict[str, Any]] = []
    unmatched: list[str] = []
    for text in sorted(texts):
        if known.is_ambiguous(text):
            unmatched.append(text)
            continue
        row_id = known.find(text)
        if row_id is None:
            row_id = first_free + len(additions)
            row: dict[str, Any] = {"id": row_id, "name": text, "name_key": name_key(text)}
            additions.append(row | {"import_id": import_id} | ({"role": role} if role else {}))
            known.add(row_id, text, None, None, reference=False)
        if row_id not in known.references:
            unmatched.append(text)
        ids[text] = row_id
    return Matched(ids, additions, unmatched)


def deal_ids(connection: sa.Connection, ignoring: set[int] | None = None, including: int | None = None) -> pl.DataFrame:
    """Every deal that readers (and the import ``including``) may see: source_key, deal_id."""
    return pl.read_database(
        sa.select(deal.c.source_key, deal.c.id.label("deal_id")).where(
            exists_for_readers(deal, including), not_from(deal, ignoring)
        ),
        connection,
        schema_overrides={"source_key": pl.String, "deal_id": pl.Int64},
    )
