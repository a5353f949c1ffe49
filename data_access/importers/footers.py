"""Lines that reports put below or between the rows: totals, copyright, who made it. Decides on lines, not on data."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

# How far from the end of a file a footer may begin.
TAIL = 60

_PHRASE = re.compile(
    r"""^\W*(
        (grand\s+totals?|sub\s*totals?|totals?)[\s:]*(\(\s*[\d,. ]+\s+records?\s*\)|[\d.,\s]*)$
      | (total|record)\s+(count|records|number)[\s:]*[\d.,]*$
      | \d[\d,.]*\s+(records?|rows?)(\s+(total|exported|found))?\W*$
      | copyright\s*(\(c\)|©|\d{4})
      | (\(c\)|©)\s*(copyright|\d{4})
      | confidential\s+information\b
      | generated\s+(by|on|at)\b
      | (report\s+(generated|run|name|created)|exported\s+(on|by|at)|run\s+date|printed\s+on)\b
      | (filtered\s+by|applied\s+filters?|filters?\s*:)
      | end\s+of\s+(report|file)\b
      | (gesamt(summe|ergebnis)?|zwischensumme|summe|total\s+g[ée]n[ée]ral|totaal|totale)[\s:]*[\d.,\s]*$
      | .*all\s+rights\s+reserved
      | [-=_*.\s]{3,}$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_TOTAL = re.compile(r"^\W*(grand\s+totals?|sub\s*totals?)[\s:]*(\(.*\))?$", re.IGNORECASE)
_NUMBER = re.compile(r"^[\s\d.,'%()+\-−$€£¥]*$")
# What a line may be at all to be looked at: cheap to find in a whole column.
SUSPECT = r"(?i)^[\s\"',;|\t]*(grand\s+total|sub\s*total)"


def is_total(cells: Sequence[str]) -> bool:
    """Whether the cells are a line of totals: a total's word first, nothing but numbers after it."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and bool(_TOTAL.match(filled[0])) and all(_NUMBER.match(cell) for cell in filled[1:])


def footer_start(lines: Sequence[str], cut: Callable[[str], Sequence[str]], width: int) -> int:
    """Return the index of the first footer line among the last lines of a file; ``len(lines)`` where there is none.

    A footer is a run of lines at the very end that are blank or have a single filled cell, of which one is a phrase
    that reports write ("Grand Totals (57 records)", "Copyright (c) ..."). It begins at its first phrase or at the
    first blank line of the run, whichever comes first: company and report names in it have no fixed text.
    In a table of one column only the phrases themselves count, because there every row has a single filled cell.
    """
    first_phrase = first_blank = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        filled = [cell for cell in cut(lines[index]) if cell.strip()]
        phrase = bool(filled) and bool(_PHRASE.match(filled[0])) and all(_NUMBER.match(cell) for cell in filled[1:])
        if not filled:
            first_blank = index
        elif phrase:
            first_phrase = index
        elif len(filled) > 1 or width == 1 or (first_phrase == len(lines) and not _may_follow(lines, index, cut)):
            break
    if first_phrase == len(lines):
        return len(lines)
    return min(first_phrase, first_blank) if width > 1 else first_phrase


def _may_follow(lines: Sequence[str], index: int, cut: Callable[[str], Sequence[str]]) -> bool:
    """Whether a line with one filled cell has a phrase or a blank line within the lines just above it."""
    for line in lines[max(0, index - 8) : index]:
        filled = [cell for cell in cut(line) if cell.strip()]
        if not filled or _PHRASE.match(filled[0]):
            return True
    return False
