"""What a file is before anything is understood: headers, cells as text, lines that are no records. Holds no rules."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Sheet:
    """A table of texts.

    - ``headers``: one distinct name per column; a second "Amount" is called "Amount (2)".
    - ``cells``: ``line`` Int64, ``raw`` String and the chosen columns, named by their position ("0", "1" ...).
    - ``rejections``: lines that could not be cut into cells, as REJECTION_SCHEMA.
    - ``ignored``: blank lines, titles above the header, repeated headers and report footers.
    """

    headers: tuple[str, ...]
    cells: pl.DataFrame
    rejections: pl.DataFrame
    ignored: int
    notes: tuple[str, ...]
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None


def distinct_headers(cells: list[str]) -> tuple[str, ...]:
    """Return the header cells, trimmed, with repeated names numbered from the second on. Blank ones stay blank."""
    seen: dict[str, int] = {}
    taken = {cell.strip() for cell in cells}
    headers = []
    for cell in cells:
        name = " ".join(cell.split())
        if not name:
            headers.append("")
            continue
        seen[name] = seen.get(name, 0) + 1
        numbered = name
        if seen[name] > 1:
            while (numbered := f"{name} ({seen[name]})") in taken:
                seen[name] += 1
            taken.add(numbered)
        headers.append(numbered)
    return tuple(headers)
