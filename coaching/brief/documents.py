"""A brief as paper: Markdown, HTML that stands alone and prints on one page, JSON for programs, a calendar entry.

Everything that comes from the database is escaped here. Links are absolute where an address is given, else left out: a
file on somebody's disk has no page to be relative to.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import math
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from coaching import numbers
from coaching.brief.assembly import LEFT, RIGHT
from coaching.brief.facts import PAGE, Brief, Fact, Link, Section, fact_link
from coaching.calendar_file import Appointment, calendar_file

SMALL_PRINT = "Every fact names the rows it comes from. Words here are shared: the rep reads the same page."
_MARKUP = re.compile(
    r"[\\`*_\[\]~|]"
    # A tag, a comment or an address in angle brackets; "< 1 %" is none. What would close one closes nothing then.
    r"|<(?=[a-z/!?])"
    # Formulas end with a dollar sign that no digit follows: an amount alone begins none.
    r"|\$(?!\d)"
    r"|&(?=#?\w+;)|(?<=\w)@(?=\w)|(?<![^\s(])@(?=\w)"
    r"|(?<=[a-z]):(?=//)|(?<=www)\."
    r"|^\s*(?:[-+=#>]|\d+(?=[.)]))",
    re.IGNORECASE,
)
"""What Markdown would obey: marks, addresses that would become links, what begins a list, a title or a quotation."""


def title(brief: Brief) -> str:
    """One-on-one with Ravi Nair, 20 Nov 2026"""
    return f"One-on-one with {brief.rep_name}, {numbers.day(brief.as_of)}"


def head_lines(brief: Brief) -> list[str]:
    """Whom it is about, when the next meeting is, who has prepared."""
    ahead = f"Next one-on-one planned for {numbers.day(brief.next_on)}." if brief.next_on else ""
    return [f"{brief.about}.", " ".join(part for part in (brief.notice, ahead, brief.preparation) if part)]


@dataclass(frozen=True)
class Site:
    """Where the application is reached, for links."""

    address: str = ""
    """https://coaching.example.com; empty = not known, so there are no links."""
    look_as: str | None = None
    """Whose view a link asks for in local mode, by id."""

    def page(self, link: Link) -> str:
        """The absolute address of a page: ids, no names."""
        page, names = link
        whose = {} if self.look_as is None else {"as": self.look_as}
        asked = {**whose, **{name: str(number) for name, number in names.items()}}
        return f"{self.address.rstrip('/')}/{page}{f'?{urlencode(asked)}' if asked else ''}"

    def brief(self, brief: Brief) -> str:
        """The absolute address of the brief itself."""
        return self.page((PAGE, {"rep": brief.rep_id}))


NOWHERE = Site()


CHARACTERS = {"left": 84, "right": 40}
"""Of a printed line on each side, and how many lines a page has room for in the usual size."""
LINES_OF_A_PAGE = 54


def is_crowded(brief: Brief) -> bool:
    """Whether the paper needs smaller letters to stay on one page."""
    return max(_lines(brief, LEFT, CHARACTERS["left"]), _lines(brief, RIGHT, CHARACTERS["right"])) > LINES_OF_A_PAGE


def _lines(brief: Brief, side: tuple[str, ...], characters: int) -> float:
    texts = [f"{fact.label} {fact.text} {fact.why}" for key in side for fact in brief.section(key).facts]
    return sum(math.ceil(len(text) / characters) for text in texts) + 1.5 * len(side)


# ---- JSON ----------------------------------------------------------------------------------------------------------


def as_json(brief: Brief) -> str:
    """Section → list of {text, source_ids}, in the order of the paper.

    Where an empty section is withheld, or nobody was there on the day, ``not_shown`` says so in the same shape, about
    the person as a whole; without it an empty section holds nothing.
    """
    said = {
        section.key: [{"text": whole_text(fact), "source_ids": list(fact.source_ids)} for fact in section.facts]
        for section in brief.sections
    }
    if brief.not_shown:
        said["not_shown"] = [{"text": why, "source_ids": [f"person:{brief.rep_id}"]} for why in brief.not_shown]
    return json.dumps(said, ensure_ascii=False, indent=2)


def whole_text(fact: Fact) -> str:
    """Label and text in one line: "Won: Harbour ($80 k)"."""
    return f"{fact.label}: {fact.text}" if fact.label else fact.text


# ---- Markdown ------------------------------------------------------------------------------------------------------


def escaped(text: str) -> str:
    """Text as text in Markdown: no sign of it is obeyed."""
    return _MARKUP.sub(_as_text, text)


def _as_text(mark: re.Match[str]) -> str:
    sign = mark.group()
    # A number with a full stop begins a list: the stop is what has to be text.
    if sign.strip().isdecimal():
        return f"{sign}\u2060"
    # Not every reader of Markdown minds a backslash before the beginning of a tag.
    return "&lt;" if sign == "<" else f"{sign[:-1]}\\{sign[-1]}"


def as_markdown(brief: Brief, site: Site = NOWHERE) -> str:
    """The paper as Markdown."""
    lines = [f"# {escaped(title(brief))}", "", *[escaped(line) + "  " for line in head_lines(brief)], ""]
    for section in brief.sections:
        lines += [f"## {escaped(section.title)}", ""]
        numbered = section.key in {"topics", "questions"}
        for number, (mark, fact) in enumerate(section.marked(), start=1):
            rows = site.page(fact_link(brief, mark)) if site.address else ""
            lines.append(f"{f'{number}.' if numbered else '-'} {_markdown_fact(fact, rows)}")
        if not section.facts:
            lines.append(escaped(section.otherwise))
        if section.key == "topics" and section.facts:
            lines += ["", f"*{escaped(section.about)}*"]
        lines.append("")
    lines += ["## Notes", "", "", "---", f"{escaped(SMALL_PRINT)}", ""]
    return "\n".join(lines)


def _markdown_fact(fact: Fact, address: str) -> str:
    """``address``: where its rows are shown; empty = not known."""
    label = f"**{escaped(fact.label)}:** " if fact.label else ""
    why = f" *({escaped(fact.why.rstrip('.'))})*" if fact.why else ""
    rows = escaped(_rows(fact))
    linked = f"[{rows}]({address})" if address else f"({rows})"
    return f"{label}{escaped(fact.text)}{why} {linked}"


def _rows(fact: Fact) -> str:
    """The rows behind a fact in short: deal 12, 14 and 3 more."""
    shown = [source.replace(":", " ").replace("_", " ") for source in fact.source_ids[:2]]
    more = len(fact.source_ids) - len(shown)
    return ", ".join(shown) + (f" and {numbers.count(more)} more" if more else "")


# ---- HTML ----------------------------------------------------------------------------------------------------------

_STYLE = """
@page { margin: 11mm 12mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 62rem; color: #0b1a1f; background: #fff;
  font: 400 13px/1.38 "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.45em; line-height: 1.2; }
h2 { margin: 0 0 .15em; font-size: 1.02em; line-height: 1.25; color: #0b5d63; }
p { margin: .1em 0; }
ul, ol { margin: 0; padding-left: 1.25em; }
li { margin: 0 0 .14em; }
a { color: inherit; text-decoration: none; border-bottom: 1px dotted #66757b; }
.why, .about { color: #55646a; }
.about { font-size: .88em; }
.head { border-bottom: 2px solid #0e6b70; padding-bottom: .35em; margin-bottom: .55em; }
.paper { display: flex; gap: 1.6em; align-items: flex-start; }
.left { flex: 2 1 0; min-width: 0; }
.right { flex: 1 1 0; min-width: 0; border-left: 1px solid #d5dddd; padding-left: 1.1em; }
section { margin-bottom: .6em; break-inside: avoid; }
.lines { height: 5.2em; background: repeating-linear-gradient(#fff 0 1.25em, #c4cdcd 1.25em 1.3em); }
.foot { margin-top: .4em; padding-top: .3em; border-top: 1px solid #d5dddd; font-size: .82em; color: #55646a; }
.screen { margin: 0 0 .6em; color: #55646a; }
@media (max-width: 640px) { .paper { display: block; } .right { border: 0; padding: 0; } }
@media print {
  body { padding: 0; max-width: none; font-size: 8.6pt; line-height: 1.3; }
  .paper { display: flex; } .right { border-left: 1px solid #d5dddd; padding-left: 1.1em; }
  .screen { display: none; }
  a { border: 0; }
  .crowded { font-size: 7.4pt; line-height: 1.24; }
}
"""


def as_html(brief: Brief, site: Site = NOWHERE, *, print_script: str = "") -> str:
    """The paper as HTML that stands alone: its own style, nothing fetched, one page of A4 or US letter when printed.

    ``print_script``: address of a script that opens the print dialogue, for the one place that serves it.
    """
    left, right = ("".join(_html_section(brief, brief.section(key), site) for key in side) for side in (LEFT, RIGHT))
    name = html.escape(title(brief))
    head = "".join(f"<p>{html.escape(line)}</p>" for line in head_lines(brief))
    script = f'<script src="{html.escape(print_script)}" defer></script>' if print_script else ""
    hint = '<p class="screen">To print this page press Ctrl and P, on a Mac ⌘ and P.</p>' if print_script else ""
    whole = f'<p><a href="{html.escape(site.brief(brief))}">Open the brief</a></p>' if site.address else ""
    size = ' class="crowded"' if is_crowded(brief) else ""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style>{script}</head><body{size}>{hint}"
        f'<div class="head"><h1>{name}</h1>{head}</div>'
        f'<div class="paper"><div class="left">{left}</div><div class="right">{right}'
        '<section><h2>Notes</h2><div class="lines"></div></section></div></div>'
        f'<div class="foot"><p>{html.escape(SMALL_PRINT)}</p><div class="screen">{whole}</div></div>'
        "</body></html>\n"
    )


def _html_section(brief: Brief, section: Section, site: Site) -> str:
    kind = "ol" if section.key in {"topics", "questions"} else "ul"
    facts = "".join(
        f"<li>{_html_fact(fact, site.page(fact_link(brief, mark)) if site.address else '')}</li>"
        for mark, fact in section.marked()
    )
    body = f"<{kind}>{facts}</{kind}>" if section.facts else f"<p>{html.escape(section.otherwise)}</p>"
    about = section.about if section.key == "topics" and section.facts else ""
    order = f'<p class="about">{html.escape(about)}</p>' if about else ""
    return f"<section><h2>{html.escape(section.title)}</h2>{body}{order}</section>"


def _html_fact(fact: Fact, address: str) -> str:
    label = f"<b>{html.escape(fact.label)}:</b> " if fact.label else ""
    why = f' <span class="why">({html.escape(fact.why.rstrip("."))})</span>' if fact.why else ""
    rows = html.escape(", ".join(fact.source_ids[:8]))
    text = html.escape(fact.text)
    if address:
        text = f'<a href="{html.escape(address)}" title="{rows}">{text}</a>'
    else:
        text = f'<span title="{rows}">{text}</span>'
    return f"{label}{text}{why}"


# ---- Calendar ------------------------------------------------------------------------------------------------------


def invite(brief: Brief, site: Site, stamp: dt.datetime, starts_at: dt.datetime) -> bytes:
    """The next one-on-one as a calendar file with the link to the brief; not a word of the brief.

    ``starts_at``, with a time zone, is what somebody chose; ``meeting.proposed`` has a proposal.
    """
    entry = Appointment(
        # The same rep and day give the same entry, so a file loaded twice adds nothing.
        uid=f"one-on-one-{brief.rep_id}-{starts_at:%Y%m%d}@sideline",
        title=f"One-on-one with {brief.rep_name}",
        starts_at=starts_at,
        description=f"Brief: {site.brief(brief)}" if site.address else "",
    )
    return calendar_file([entry], stamp)
