"""The mapping: what the columns of one file mean. Read from TOML, guessed from headers, written back; reads no data."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data_access.importers.refusal import ImportRefused

STATUSES = ("open", "won", "lost")
ORDERS = {"day first": "dmy", "month first": "mdy", "year first": "ymd"}


@dataclass(frozen=True)
class Mapping:
    """What the user said about a file, completed by what was guessed.

    - ``columns``: field -> header; an empty header says that no column holds the field.
    - ``constants``: field -> value for every row (a currency, a kind of activity).
    - ``status``: stage or status text -> open, won or lost.
    - ``values``: field -> {text in the file: text to read instead}.
    - ``date_format``: a strptime pattern, "day first", "month first" or "year first"; ``date_formats`` per field.
    - ``decimal``: the decimal sign of all numbers. ``row = "deal"``: each row is its own deal.
    - ``time_zone``: zone of times without one, where it differs from the company's.
    - ``rates``: currency -> amount of ``currency`` for one unit.
    """

    columns: MappingType[str, str] = field(default_factory=dict)
    constants: MappingType[str, str] = field(default_factory=dict)
    status: MappingType[str, str] = field(default_factory=dict)
    values: MappingType[str, MappingType[str, str]] = field(default_factory=dict)
    date_format: str | None = None
    date_formats: MappingType[str, str] = field(default_factory=dict)
    decimal: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    time_zone: str | None = None
    currency: str | None = None
    row: str | None = None
    rates: MappingType[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check(self)


def _check(mapping: Mapping) -> None:
    if mapping.decimal not in (None, ".", ","):
        raise ImportRefused('decimal must be "." or ",".', "decimal")
    if mapping.row not in (None, "deal"):
        raise ImportRefused('row can only be "deal": each row of the file is a deal of its own.', "row")
    for text, status in mapping.status.items():
        if status not in STATUSES:
            raise ImportRefused(f'status."{text}" must be open, won or lost, not "{status}".', "status")
    for currency, rate in mapping.rates.items():
        if not 0 < rate < 1e9:
            raise ImportRefused(f"rates.{currency} must be a positive number.", "rates")
    if mapping.time_zone is not None:
        check_time_zone(mapping.time_zone, "time_zone")
    formats: dict[str, str | None] = {f"date_formats.{name}": text for name, text in mapping.date_formats.items()}
    formats["date_format"] = mapping.date_format
    for key, pattern in formats.items():
        if pattern is not None and pattern not in ORDERS and not _is_pattern(pattern):
            raise ImportRefused(
                f'{key} must be "day first", "month first", "year first" or a pattern such as "%d/%m/%Y".', key
            )


def _is_pattern(text: str) -> bool:
    """Whether strptime knows every directive of a pattern; polars reads an unknown one as "no date" without a word."""
    directives = re.findall(r"%(.?)", text)
    return bool(directives) and all(each and each in "dmyYbBhjeHIlkMSfpPzZaATFDRs%-" for each in directives)


def check_time_zone(name: str, mapping_key: str | None) -> None:
    """Refuse a name that is no time zone."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # unknown, not a name, or a directory of the zone database
        sentence = f'time_zone "{name}" is not a time zone; use a name such as Europe/Berlin.'
        raise ImportRefused(sentence, mapping_key) from error


_TABLES = {"columns", "constants", "status", "values", "date_formats", "rates"}
_WORDS = {each.name for each in fields(Mapping)} - _TABLES


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file (TOML).

    Raises ImportRefused where the file is not TOML, holds an unknown key (named) or a value of the wrong type.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ImportRefused(f"The mapping file is not valid TOML: {error}") from error
    except OSError as error:
        raise ImportRefused(f"The mapping file cannot be read: {error.strerror or error}") from error
    return mapping_from(content)


def mapping_from(content: MappingType[str, Any]) -> Mapping:
    """Build a mapping from parsed TOML (or what a form sends). Raises like ``load_mapping``."""
    unknown = sorted(set(content) - _TABLES - _WORDS)
    if unknown:
        known = ", ".join(sorted(_TABLES | _WORDS))
        raise ImportRefused(f'The mapping has an unknown key "{unknown[0]}". Known keys: {known}.', unknown[0])
    settings: dict[str, Any] = {}
    for key, value in content.items():
        if key in _WORDS:
            settings[key] = _word(key, value)
        elif key == "rates":
            settings[key] = {str(code).upper(): _rate(code, rate) for code, rate in _table(key, value).items()}
        elif key == "values":
            settings[key] = {
                name: {str(k): _word(f"values.{name}", v) for k, v in _table(f"values.{name}", texts).items()}
                for name, texts in _table(key, value).items()
            }
        else:
            settings[key] = {str(k): _word(f"{key}.{k}", v) for k, v in _table(key, value).items()}
    return Mapping(**settings)


def _word(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise ImportRefused(f"{key} in the mapping must be a text.", key)


def _rate(code: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ImportRefused(f"rates.{code} must be a number.", "rates")
    return float(value)


def _table(key: str, value: Any) -> MappingType[str, Any]:
    if not isinstance(value, dict):
        raise ImportRefused(f"{key} in the mapping must be a table: write [{key}] above its entries.", key)
    return value


def dump_mapping(mapping: Mapping) -> str:
    """Write a mapping as TOML that ``load_mapping`` reads back to an equal mapping."""
    lines = [f"{key} = {_quoted(value)}" for key in sorted(_WORDS) if (value := getattr(mapping, key)) is not None]
    for key in ("columns", "constants", "status", "date_formats"):
        lines += _toml_table(key, {name: _quoted(value) for name, value in getattr(mapping, key).items()})
    lines += _toml_table("rates", {code: repr(float(rate)) for code, rate in mapping.rates.items()})
    for name, texts in mapping.values.items():
        lines += _toml_table(f"values.{_quoted(name)}", {text: _quoted(value) for text, value in texts.items()})
    return "\n".join(lines) + "\n"


def _toml_table(name: str, entries: dict[str, str]) -> list[str]:
    return ["", f"[{name}]", *(f"{_quoted(key)} = {value}" for key, value in entries.items())] if entries else []


def _quoted(text: str) -> str:
    # JSON strings are TOML basic strings, except that TOML wants DEL escaped as well.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
