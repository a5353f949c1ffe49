"""The week's list for mail or chat: the same people in the same order and words as on the overview. Sends nothing.

Markdown, or HTML that stands alone (styles inline, everything escaped). The only links are the product's own address,
where one is given.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass

from coaching import numbers
from coaching.attention import words
from coaching.attention.order import Entry, Listing

BRIEF = "rep-one_on_one"
OVERVIEW = "team-overview"
"""Pages by the name in their address."""


@dataclass(frozen=True)
class Digest:
    """What is said to whom about which day."""

    reader: str
    as_of: dt.date
    verdict: tuple[str, ...]
    listed: Listing
    currency: str
    is_known: bool
    """Whether anything that rules need has been loaded."""
    floor_weeks: int = 4
    """Within so many weeks everybody is coached or observed, or listed for it."""
    address: str = ""
    """Where the product is reached; empty = no links."""

    @property
    def title(self) -> str:
        """Who needs you now, 20 Nov 2026"""
        return f"Who needs you now, {numbers.day(self.as_of)}"

    def brief_of(self, entry: Entry) -> str:
        """The address of the brief about somebody; empty where the product's is not known."""
        return f"{self.address}/{BRIEF}?rep={entry.rep_id}" if self.address else ""


def lines_of(found: Digest, entry: Entry, *, with_value: bool) -> list[str]:
    """What a digest says of somebody: the two largest reasons, how many more, and (``with_value``) why this rep."""
    more = words.more_words(entry)
    told = [*words.row_reasons(entry), *([f"and {more}"] if more else [])]
    if entry.is_for_floor:
        told.insert(0, words.floor_words(found.floor_weeks))
    return [*told, f"Why this rep: {words.why_words(entry, found.currency)}"] if with_value else told


def footer(found: Digest) -> list[str]:
    """What stands below: what was put off, and how the list is made."""
    put_off = [f"{words.put_off_sentence(found.listed)}."] if found.listed.put_off else []
    return [*put_off, f"{words.ORDER_WORDS} As known on {numbers.day(found.as_of)}."]


# ---- Markdown ----------------------------------------------------------------------------------------------------

_MARKUP = re.compile(r"([\\`*_\[\]<>&~|])")
_LEADING = re.compile(r"^(\s*)([#+\-=]|\d+(?=[.)]))")


def as_markdown(found: Digest) -> str:
    """The digest as Markdown, names and words from the database escaped."""
    parts = [f"# {_md(found.title)}", f"For {_md(found.reader)}"]
    if found.verdict:
        parts.append(f"**{_md(' '.join(found.verdict))}**")
    parts.append("## Needs you now")
    parts.append(_md_list(found, found.listed.needs, with_value=True) or _md(_nothing(found)))
    parts.append("## Good news")
    parts.append(_md_list(found, found.listed.news, with_value=False) or _md(NO_NEWS))
    parts += [_md(line) for line in footer(found)]
    if found.address:
        parts.append(f"<{found.address}/{OVERVIEW}>")
    return "\n\n".join(parts) + "\n"


def _md_list(found: Digest, entries: tuple[Entry, ...], *, with_value: bool) -> str:
    rows = []
    for number, entry in enumerate(entries, 1):
        name, link = _md(entry.name), found.brief_of(entry)
        head = f"[{name}](<{link}>)" if link else name
        value = words.place_words(entry, found.currency) if with_value else ""
        rows.append(f"{number}. **{head}**{f' {_md(value)}' if value else ''}")
        rows += [f"   - {_md(line)}" for line in lines_of(found, entry, with_value=with_value)]
    return "\n".join(rows)


def _md(text: str) -> str:
    """Text as text: no sign of it is markup, none at its start begins a list or a heading."""
    return _LEADING.sub("\\1" + _JOINER + "\\2", _MARKUP.sub(r"\\\1", quiet(text)))


LONGEST_LINE = 1_000
_JOINER = "\u2060"
"""Seen by nobody; parts what a mail or chat program would take for an address or a list."""
_ADDRESSES = re.compile(r"(:)(?=//)|(?<=www)(\.)|(@)", re.IGNORECASE)


def quiet(text: str) -> str:
    """One clean line without anything that a program makes a link of by itself: a name is no way to another site."""
    return _ADDRESSES.sub(lambda found: _JOINER + found.group(0), numbers.plain_name(text, LONGEST_LINE))


# ---- HTML --------------------------------------------------------------------------------------------------------

_BODY = (
    "margin:0;padding:24px;font-family:system-ui,sans-serif;font-size:15px;line-height:1.45;color:#1c2b2b;"
    "background:#fff"
)
_MAIN = "max-width:640px;margin:0 auto"
_ITEM = "margin:0 0 14px"
_SMALL = "color:#4d5f5f;font-size:14px"
_VALUE = "float:right;font-variant-numeric:tabular-nums"


def as_html(found: Digest) -> str:
    """The digest as a page that stands alone: no script, no picture, nothing fetched."""
    parts = [
        f'<h1 style="font-size:22px;margin:0 0 4px">{_text(found.title)}</h1>',
        f'<p style="{_SMALL};margin:0 0 16px">For {_text(found.reader)}</p>',
    ]
    if found.verdict:
        parts.append(f'<p style="font-weight:600">{_text(" ".join(found.verdict))}</p>')
    parts += _html_part(found, "Needs you now", found.listed.needs, _nothing(found), with_value=True)
    parts += _html_part(found, "Good news", found.listed.news, NO_NEWS, with_value=False)
    parts += [f'<p style="{_SMALL}">{_text(line)}</p>' for line in footer(found)]
    if found.address:
        link = f"{found.address}/{OVERVIEW}"
        parts.append(f'<p style="{_SMALL}"><a href="{_link(link)}">Open the overview</a></p>')
    inside = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(found.title)}</title>\n</head>\n"
        f'<body style="{_BODY}">\n<div style="{_MAIN}">\n{inside}\n</div>\n</body>\n</html>\n'
    )


def _html_part(found: Digest, title: str, entries: tuple[Entry, ...], nothing: str, *, with_value: bool) -> list[str]:
    head = f'<h2 style="font-size:17px;margin:20px 0 8px">{_text(title)}</h2>'
    if not entries:
        return [head, f"<p>{_text(nothing)}</p>"]
    items = "\n".join(_html_item(found, entry, with_value) for entry in entries)
    return [head, f'<ol style="margin:0;padding-left:22px">\n{items}\n</ol>']


def _html_item(found: Digest, entry: Entry, with_value: bool) -> str:
    name, link = _text(entry.name), found.brief_of(entry)
    head = f'<a href="{_link(link)}">{name}</a>' if link else name
    value = words.place_words(entry, found.currency) if with_value else ""
    amount = f'<span style="{_VALUE}">{_text(value)}</span>' if value else ""
    lines = lines_of(found, entry, with_value=with_value)
    told = "".join(f'<br><span style="{_SMALL}">{_text(line)}</span>' for line in lines)
    return f'<li style="{_ITEM}">{amount}<strong>{head}</strong>{told}</li>'


def _text(text: str) -> str:
    return html.escape(quiet(text), quote=True)


def _link(address: str) -> str:
    return html.escape(address, quote=True)


# ---- Nothing to say ----------------------------------------------------------------------------------------------

NO_NEWS = "Nothing new to be glad of this week."
FOR_COACHES = (
    "This digest is for those who coach: it says whom to see this week. What is known about your own coaching, what you"
    " agreed and what went well, stands on your page “My coaching”."
)
"""What a rep gets instead."""
FOR_OTHERS = "This digest is for managers and leaders: it names reps, whom only those who coach them see."
"""What everybody else who coaches nobody gets instead."""


def _nothing(found: Digest) -> str:
    return " ".join(part for part in words.nothing_words(found.listed, found.is_known) if part)
