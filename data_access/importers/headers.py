"""Guesses what the columns of a file mean, by their names and, where those leave a choice, by what is in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from data_access.importers import words
from data_access.importers.aliases import FIELDS, GENERAL_PREFIXES, ID, NAME, PREFIXES, SUFFIXES, WHO
from data_access.importers.currencies import CODES, SIGNS
from data_access.importers.mapping import Mapping
from data_access.importers.names import normalised_expr
from data_access.importers.refusal import ImportRefused, Questions
from data_access.importers.schemas import COACHING_KINDS, plain_fields
from data_access.importers.text import clean

_CUSTOM_FIELD = re.compile(r"(__[cr]|_c)(?=\.|$)", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_DO_NOT_MODIFY = re.compile(r"^\(do not modify\)", re.IGNORECASE)
_REPEATED = re.compile(r" \(\d+\)$")
# HubSpot: Date entered "Stage (Pipeline)", with straight, single or curly quotes, or hs_v2_date_entered_<id>.
_DATE_ENTERED = re.compile(
    r"""^\s*date\s+entered\s+["'“”‘’«»„]*(?P<label>.+?)["'“”‘’«»„]*\s*$|^(?:property_)?(?:hs_)?(?:v2_)?date_entered_(?P<id>.+)$""",
    re.IGNORECASE,
)


def squash(text: str) -> str:
    """Return a header without case, accents, blanks and punctuation: what the alias table is compared by."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in decomposed if unicodedata.category(character)[0] in "LN")


@dataclass(frozen=True)
class Match:
    """One way to read one column: field, rank of the alias (lower is better), how it refers, its position."""

    field: str
    rank: int
    facet: str
    position: int


@cache
def _spellings(kind: str) -> dict[str, list[tuple[str, int, str]]]:
    """Squashed spelling -> the (field, rank, facet) it can mean; the better rank where a field has it twice."""
    table: dict[str, dict[str, tuple[int, str]]] = {}
    for field in FIELDS[kind]:
        if squash(field.name) not in map(squash, field.aliases):  # where the plain name is no alias, it comes first
            table.setdefault(squash(field.name), {})[field.name] = (-1, NAME)
        for spelling, rank, facet in field.spellings():
            known = table.setdefault(squash(spelling), {})
            if field.name not in known or rank < known[field.name][0]:
                known[field.name] = (rank, facet)
    return {
        spelling: [(name, rank, facet) for name, (rank, facet) in fields.items()] for spelling, fields in table.items()
    }


@cache
def _affixes(kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    prefixes = {squash(prefix) for prefix in (*PREFIXES[kind], *GENERAL_PREFIXES)}
    return tuple(sorted(prefixes, key=len, reverse=True)), tuple(squash(suffix) for suffix in SUFFIXES)


def _forms(header: str, kind: str) -> list[str]:
    """Return the spellings under which a header is looked up, the closest first."""
    plain = _CUSTOM_FIELD.sub("", header)
    texts = [plain]
    if not _DO_NOT_MODIFY.match(header):
        unbracketed = _BRACKETS.sub(" ", plain)
        without_currency = " ".join(part for part in re.split(r"\s+(?:in\s+)?", unbracketed) if not _is_currency(part))
        texts += [unbracketed, without_currency]
    prefixes, suffixes = _affixes(kind)
    forms: list[str] = []
    for text in dict.fromkeys(map(squash, texts)):
        shorter = [text]
        for prefix in prefixes:
            if text.startswith(prefix):  # "Deal - Deal created" has two
                shorter.append(text.removeprefix(prefix))
                shorter += [text.removeprefix(prefix).removeprefix(second) for second in prefixes]
        shorter += [text.removesuffix(suffix) for suffix in suffixes if text.endswith(suffix)]
        forms += shorter
    return [form for form in dict.fromkeys(forms) if form]


def _is_currency(part: str) -> bool:
    return part in CODES or part in SIGNS


@cache
def _readings(header: str, kind: str) -> list[tuple[str, int, str]]:
    """Return what one header can mean, from the closest spelling that means anything."""
    spellings = _spellings(kind)
    for distance, form in enumerate(_forms(header, kind)):
        if form in spellings:
            return [(field, rank * 10 + min(distance, 9), facet) for field, rank, facet in spellings[form]]
    return []


def matches(kind: str, headers: Sequence[str]) -> list[Match]:
    """Return every reading of every header, the best first."""
    found = [
        Match(field, rank, facet, position)
        for position, header in enumerate(headers)
        if header.strip()
        for field, rank, facet in _readings(header, kind)
    ]
    order = {field.name: index for index, field in enumerate(FIELDS[kind])}
    return sorted(found, key=lambda match: (match.rank, order[match.field], match.position))


def header_score(kind: str, mapping: Mapping) -> Callable[[Sequence[str]], int]:
    """Return a function that counts the fields a line's cells name: how much it looks like a header of this kind."""
    named = {squash(header) for header in mapping.columns.values() if header}

    def score(cells: Sequence[str]) -> int:
        short = [" ".join(cell.split()) for cell in cells if 0 < len(cell) <= 120]
        fields = {match.field for match in matches(kind, short)}
        entered = sum(stage_of_header(cell) is not None for cell in short)
        return len(fields) + entered + sum(squash(cell) in named for cell in short) * 2

    return score


def stage_of_header(header: str) -> str | None:
    """Return the stage of a HubSpot "Date entered" column, as the header has it; None for other columns."""
    match = _DATE_ENTERED.match(header)
    if match is None:
        return None
    return (match["label"] or match["id"] or "").strip() or None


# ---- From matches to a mapping ---------------------------------------------------------------------------------


def named_position(headers: Sequence[str], header: str, field: str) -> int:
    """Return the position of a column that the mapping names: as written, else whatever the case and punctuation.

    Raises ImportRefused where the file has no such column, or several.
    """
    if header in headers:
        return list(headers).index(header)
    alike = [position for position, each in enumerate(headers) if each and squash(each) == squash(header)]
    if len(alike) == 1:
        return alike[0]
    what = "several columns" if alike else "no column"
    columns = ", ".join(each for each in headers if each)
    raise ImportRefused(
        f'The mapping reads {field} from "{header}", but the file has {what} of that name. Its columns: {columns}.',
        f"columns.{field}",
    )


def check_fields(kind: str, mapping: Mapping) -> None:
    """Refuse a mapping that names fields which a kind does not have."""
    known = known_fields(kind)
    for table in ("columns", "constants", "values", "date_formats"):
        for field in getattr(mapping, table):
            if field not in known:
                raise ImportRefused(
                    f'The mapping has {table}.{field}, but {kind} have no field "{field}". Fields: {", ".join(known)}.',
                    f"{table}.{field}",
                )


def known_fields(kind: str) -> tuple[str, ...]:
    """Return the plain fields of a kind, then the helping ones from which plain fields are worked out."""
    helpers = [field.name for field in FIELDS[kind] if field.name not in plain_fields(kind)]
    return (*plain_fields(kind), *helpers)


def wanted_positions(kind: str, headers: Sequence[str], mapping: Mapping) -> list[int]:
    """Return the positions of all columns that may be needed to settle the mapping."""
    wanted = {match.position for match in matches(kind, headers)}
    wanted |= (
        {position for position, header in enumerate(headers) if stage_of_header(header)} if kind == "deals" else set()
    )
    wanted |= {named_position(headers, header, field) for field, header in mapping.columns.items() if header}
    return sorted(wanted)


def guess(
    kind: str, headers: Sequence[str], cells: pl.DataFrame, mapping: Mapping, questions: Questions
) -> tuple[Mapping, list[str]]:
    """Complete a mapping: every field it does not settle gets the best column that is left.

    A column that holds nothing gives way to the next best that does. Where a person, account or product is there by
    name and by id, the name is read, unless one name stands beside two ids in this file. Asks for ``columns.FIELD``
    where two columns of the same name differ. Returns the mapping and notes.
    """
    named = {field: named_position(headers, header, field) for field, header in mapping.columns.items() if header}
    taken = set(named.values())
    settled = {*mapping.columns, *mapping.constants}
    found = [
        match
        for match in matches(kind, headers)
        if match.field not in settled
        and match.position not in taken
        and (kind in COACHING_KINDS or _plausible(match, cells))
    ]
    blank = {match.position for match in found if _is_blank(cells, match.position)}
    best = _best(found, blank)
    notes = []
    for field, match in best.items():
        others = [other for other in found if other.field == field and other.position != match.position]
        _ask_about_twins(match, others, headers, cells, questions)
        first = next((other for other in others if other.rank < match.rank and other.position in blank), None)
        if first is not None:
            notes.append(
                f'{field} is read from "{headers[match.position]}": "{headers[first.position]}" holds nothing.'
            )
    for field, match in _by_id_where_names_repeat(kind, best, found, blank, cells).items():
        notes.append(
            f'{field} is read from "{headers[match.position]}": in "{headers[best[field].position]}" one name belongs '
            "to two ids."
        )
        best[field] = match
    columns: dict[str, str] = {field: header for field, header in mapping.columns.items() if not header}
    columns |= {field: headers[position] for field, position in named.items()}
    columns |= {field: headers[match.position] for field, match in best.items()}
    return replace(mapping, columns=columns), notes


def _best(found: Sequence[Match], blank: set[int]) -> dict[str, Match]:
    """Give every field its best column and every column to one field; filled columns come first."""
    best: dict[str, Match] = {}
    used: set[int] = set()
    for match in sorted(found, key=lambda each: each.position in blank):
        if match.field not in best and match.position not in used:
            best[match.field] = match
            used.add(match.position)
    return best


def _ask_about_twins(
    match: Match, others: Sequence[Match], headers: Sequence[str], cells: pl.DataFrame, questions: Questions
) -> None:
    """Ask which of two columns is meant that have the same name and hold different things."""
    name = _REPEATED.sub("", headers[match.position])
    twins = [
        other.position
        for other in others
        if squash(_REPEATED.sub("", headers[other.position])) == squash(name)
        and not _is_blank(cells, other.position)
        and not _equal(cells, match.position, other.position)
    ]
    if twins:
        choices = ", ".join(f'"{headers[position]}"' for position in (match.position, *twins))
        questions.ask(
            f'Several columns are called "{name}" and differ; set columns.{match.field} to one of them: {choices}.',
            f"columns.{match.field}",
        )


def _by_id_where_names_repeat(
    kind: str, best: dict[str, Match], found: Sequence[Match], blank: set[int], cells: pl.DataFrame
) -> dict[str, Match]:
    """Return the id columns of the references whose names do not tell two records apart."""
    references = {field.name for field in FIELDS[kind] if field.shape == WHO}
    instead = {}
    for field, match in best.items():
        if field not in references or match.facet != NAME:
            continue
        ids = (each for each in found if each.field == field and each.facet == ID and each.position not in blank)
        by_id = next(ids, None)
        if by_id is not None and _name_has_two_ids(cells, match.position, by_id.position):
            instead[field] = by_id
    return instead


def header_currency(header: str) -> str | None:
    """Return the currency that a header names: Amount (EUR), Value in USD, Betrag €."""
    parts = re.split(r"[\s()\[\],:/]+", header)
    found = {part if part in CODES else SIGNS[part] for part in parts if _is_currency(part)}
    return found.pop() if len(found) == 1 else None


def _is_blank(cells: pl.DataFrame, position: int) -> bool:
    column = cells[str(position)]
    if column.head(1_000).str.contains(r"\S").any():  # most columns say so at once
        return False
    return column.null_count() == column.len() or bool((column.fill_null("").str.strip_chars() == "").all())


def _equal(cells: pl.DataFrame, first: int, second: int) -> bool:
    return cells[str(first)].fill_null("").equals(cells[str(second)].fill_null(""))


def _plausible(match: Match, cells: pl.DataFrame) -> bool:
    """Whether a column holds what a field of many meanings needs: flags, directions, words of a result."""
    check = _CONTENT.get(match.field)
    return check is None or check(clean(cells[str(match.position)]).drop_nulls().unique())


_CONTENT: dict[str, Callable[[pl.Series], bool]] = {
    "is_won": words.all_flags,
    "is_lost": words.all_flags,
    "is_closed": words.all_flags,
    "deleted": words.all_flags,
    "active": words.all_flags,
    "planned": words.all_flags,
    "done": words.any_done,
    "status": words.any_status,
    "direction": words.any_direction,
    "mode": words.any_mode,
    "record_type": words.any_call,
}


def _name_has_two_ids(cells: pl.DataFrame, names: int, ids: int) -> bool:
    pairs = cells.select(normalised_expr(str(names)).alias("name"), pl.col(str(ids)).alias("id")).drop_nulls().unique()
    return pairs["name"].n_unique() < pairs.height
