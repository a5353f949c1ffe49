"""Period labels of any panel as whole numbers in a row: years, months, quarters or plain integers. Reads no file."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WHOLE = re.compile(r"[+-]?\d{1,9}(?:\.0+)?")
_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})(?:[-/]\d{1,2})?(?:[T ].*)?")
_YEAR_QUARTER = re.compile(r"(\d{4})[\s-]*Q([1-4])", re.IGNORECASE)
_QUARTER_YEAR = re.compile(r"Q([1-4])[\s-]*(\d{4})", re.IGNORECASE)
_COMPACT_MONTH = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])")

NEVER = frozenset({"", "0", "0.0", "na", "nan", "none", "null", "never", "inf"})
"""What a start says when there is none."""


class NotAPeriod(ValueError):
    """A label that is no period; the message says which forms are understood."""


def is_never(label: str | None) -> bool:
    """Whether a start means "never treated": empty, 0, or a word for nothing."""
    return label is None or label.strip().lower() in NEVER


def kind_of(labels: Iterable[str]) -> str:
    """whole (years and other integers), month or quarter: the one form of all labels.

    202401 is a month where every label looks like that. Raises NotAPeriod for mixed forms and for anything else.
    """
    given = {label.strip() for label in labels}
    found = {_kind(label) for label in given}
    if len(found) > 1:
        raise NotAPeriod(f"The periods have different forms ({', '.join(sorted(found))}). Write them all alike.")
    if found == {"whole"} and all(_COMPACT_MONTH.fullmatch(label) for label in given):
        return "compact month"
    return found.pop() if found else "whole"


def place_of(label: str, kind: str) -> int:
    """The period as a number that goes up by one from each to the next. Raises NotAPeriod for another kind."""
    text = label.strip()
    if kind == "compact month" and _COMPACT_MONTH.fullmatch(text):
        return int(text[:4]) * 12 + int(text[4:]) - 1
    if _kind(text) != kind:
        raise NotAPeriod(f"'{label}' is no {kind} like the other periods.")
    if kind == "whole":
        return int(float(text))
    if kind == "month":
        year, month = _parts(_MONTH, text)
        return year * 12 + month - 1
    if _YEAR_QUARTER.fullmatch(text):
        year, quarter = _parts(_YEAR_QUARTER, text)
    else:
        quarter, year = _parts(_QUARTER_YEAR, text)
    return year * 4 + quarter - 1


def _kind(label: str) -> str:
    if _WHOLE.fullmatch(label):
        return "whole"
    if _MONTH.fullmatch(label) and 1 <= _parts(_MONTH, label)[1] <= 12:
        return "month"
    if _YEAR_QUARTER.fullmatch(label) or _QUARTER_YEAR.fullmatch(label):
        return "quarter"
    raise NotAPeriod(f"'{label}' is no period. Write years (2024), months (2024-01), quarters (2024Q1) or integers.")


def _parts(pattern: re.Pattern[str], text: str) -> tuple[int, int]:
    matched = pattern.fullmatch(text)
    if matched is None:
        raise NotAPeriod(f"'{text}' is no period.")
    return int(matched[1]), int(matched[2])
