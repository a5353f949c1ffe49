"""How a brief words deals, people and lists: short, kind, about the task. Knows no database and no screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coaching import numbers

NAMED = 3
"""So many are named; of more all but the first two are counted."""
LONGEST_NAME = 36
LONGEST_WORDS = 150
_ARTICLE = {"won": "Won", "lost": "Lost", "slipped": "Slipped", "pushed": "Pushed", "new": "New", "stalled": "Stalled"}


@dataclass(frozen=True)
class Reader:
    """Who reads, about whom, in which money."""

    viewer_id: int | None
    rep_id: int
    rep_name: str
    as_of: dt.date
    currency: str
    minor_digits: int
    reads_words: bool = True
    """Whether what people wrote is shown to the viewer at all."""

    @property
    def is_rep(self) -> bool:
        """Whether the rep reads their own brief."""
        return self.viewer_id == self.rep_id

    @property
    def rep(self) -> str:
        """The rep's name in short."""
        return short(self.rep_name)

    def money(self, amount: int | None) -> str:
        """An amount in minor units; empty where there is none."""
        return "" if amount is None else numbers.money(amount / 10**self.minor_digits, self.currency)

    def who(self, person_id: int, name: str | None) -> str:
        """You, or the person's name in short."""
        return "You" if person_id == self.viewer_id else short(name or "Somebody")

    def whom(self, person_id: int, name: str | None) -> str:
        """The same inside a sentence."""
        return "you" if person_id == self.viewer_id else short(name or "somebody")


def short(name: str) -> str:
    """The first name, or the whole where there is only one."""
    words = numbers.plain_name(name, 40).split()
    return words[0] if words else ""


def line(text: str | None, longest: int = LONGEST_WORDS) -> str:
    """Words from the database as one line of a brief."""
    return numbers.plain_name(text, longest)


def ended(text: str) -> str:
    """A sentence with its full stop."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def deal_name(row: Mapping[str, Any]) -> str:
    """What a deal is called: its title, else the customer's name, else its id in the CRM."""
    name = line(row["name"], LONGEST_NAME) or line(row["account_name"], LONGEST_NAME)
    return name or line(row.get("external_id"), LONGEST_NAME) or "a deal without a name"


def several(words: Sequence[str], most: int = NAMED) -> str:
    """a, b and c; a, b and 4 more where there are more than ``most``."""
    shown = list(words[: most if len(words) <= most else max(most - 1, 1)])
    if len(words) > len(shown):
        shown.append(f"{numbers.count(len(words) - len(shown))} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def changed_label(change: str) -> str:
    """Won, Lost, Slipped ..."""
    return _ARTICLE[change]


def changed_words(change: str, rows: Iterable[Mapping[str, Any]], reader: Reader) -> str:
    """What became of some deals: how many, worth what, which: "2 deals, $120 k: Harbour ($80 k), Quarry ($40 k)"."""
    deals = list(rows)
    known = [row["amount"] for row in deals if row["amount"] is not None]
    total = f", {reader.money(sum(known))}" if known and len(deals) > 1 else ""
    listed = several([_changed_deal(change, row, reader) for row in deals])
    return f"{numbers.plural(len(deals), 'deal')}{total}: {listed}" if len(deals) > 1 else listed


def _changed_deal(change: str, row: Mapping[str, Any], reader: Reader) -> str:
    account = line(row["account_name"], 24)
    # Titles repeat themselves from one customer to the next.
    parts = [account] if account and account not in deal_name(row) else []
    parts += [reader.money(row["amount"])] if row["amount"] is not None else []
    if change == "lost" and row["competitor"]:
        parts.append(f"to {line(row['competitor'], 24)}")
    if change == "slipped" and row["expected_close_on"] is not None:
        parts.append(f"was to close {numbers.day_and_month(row['expected_close_on'])}")
    if change == "pushed":
        was, now = row["was_close_on"], row["expected_close_on"]
        parts.append(f"{numbers.day_and_month(was)} → {numbers.day_and_month(now)}")
    if change == "stalled" and row["stage"]:
        parts.append(f"in {line(row['stage'], 24)}")
    return f"{deal_name(row)} ({', '.join(parts)})" if parts else deal_name(row)
