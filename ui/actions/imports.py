"""Reading, checking and loading an uploaded file. Refusals come back with a sentence; only faults are raised."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from data_access.commands.imports import Order, import_file, preview_file
from data_access.engine import open_engine
from data_access.importers.currencies import CODES
from data_access.importers.headers import header_score, known_fields
from data_access.importers.mapping import Mapping as ColumnMapping
from data_access.importers.mapping import dump_mapping, mapping_from
from data_access.importers.publish import ImportBusy, ImportResult
from data_access.importers.records import KINDS, ImportRefused, read_records
from data_access.scope import NotPermitted
from ui import loaders, plain_text, sign_in
from ui.loaders import Sight

__all__ = [
    "KINDS",
    "Check",
    "ImportResult",
    "Refusal",
    "StageWord",
    "Understood",
    "Upload",
    "check_upload",
    "currencies",
    "import_upload",
    "known_fields",
    "parsed_mapping",
    "preview_upload",
]

Progress = Callable[[str, int, int | None], None]

STAGED_KINDS = frozenset({"deals", "stage-history"})
"""Kinds of files in which words stand for open, won and lost."""
LONGEST_FILE_NAME = 120
CLEARLY_ANOTHER_KIND = 3
"""How many more headers another kind has to know before it is proposed."""


@dataclass(frozen=True)
class Upload:
    """A file that somebody hands over, and what they say about it.

    ``said`` is a mapping as its TOML file would hold it, see docs/import.md. The name is shown and kept, never opened.
    """

    kind: str
    name: str
    content: bytes | memoryview
    as_of: dt.date
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Refusal:
    """Why a file cannot be read or loaded as it is, and which key of the mapping settles it (None: none can)."""

    sentence: str
    mapping_key: str | None = None
    is_busy: bool = False
    """Another import is running; the same file can be loaded once that has finished."""


@dataclass(frozen=True)
class Understood:
    """How a file is understood so far.

    ``columns``: our field -> header ("" = no column). ``settings``: the other keys of the mapping that hold a text.
    ``rows``: the first rows as text. ``questions``: what has to be said before the file can be loaded. ``toml``: the
    whole mapping, for the command line. ``looks_like``: another kind whose columns these are far rather; else None.
    """

    headers: tuple[str, ...]
    fields: tuple[str, ...]
    columns: dict[str, str]
    settings: dict[str, str]
    rows: pl.DataFrame
    questions: tuple[Refusal, ...]
    notes: tuple[str, ...]
    toml: str
    looks_like: str | None


@dataclass(frozen=True)
class StageWord:
    """A word of the file and what most of its rows were taken for: open, won or lost."""

    word: str
    status: str
    row_count: int


@dataclass(frozen=True)
class Check:
    """What loading would do. ``needs_replace_demo``: coaching was recorded in the demo company that would go."""

    result: ImportResult | None
    refusal: Refusal | None
    stages: tuple[StageWord, ...]
    needs_replace_demo: bool


def currencies() -> list[str]:
    """The ISO codes that amounts can be in."""
    return sorted(CODES)


def parsed_mapping(text: str) -> dict[str, Any] | Refusal:
    """A mapping file's text as ``Upload.said``."""
    try:
        said = tomllib.loads(text)
        mapping_from(said)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Refusal(f"This is not valid TOML: {error}")
    except ImportRefused as error:
        return _refusal(error)
    return said


def preview_upload(upload: Upload) -> Understood | Refusal:
    """How the file is understood; writes nothing to the database."""
    sight = sign_in.current_sight()
    try:
        with _file_of(upload) as path:
            month = sight.company.calendar.fiscal_year_starts_in
            seen = preview_file(sight.viewer, upload.kind, path, mapping_from(upload.said), month)
    except (ImportRefused, NotPermitted) as error:
        return _refusal(error)
    settings = {
        key: value
        for key in ("date_format", "decimal", "currency", "row", "time_zone", "sheet", "encoding", "delimiter")
        if (value := getattr(seen.mapping, key)) is not None
    }
    return Understood(
        headers=seen.headers,
        fields=known_fields(upload.kind),
        columns=dict(seen.mapping.columns),
        settings=settings,
        rows=seen.rows,
        questions=tuple(Refusal(question.sentence, question.mapping_key) for question in seen.questions),
        notes=seen.notes,
        toml=dump_mapping(seen.mapping),
        looks_like=_other_kind(upload.kind, seen.headers),
    )


def _other_kind(kind: str, headers: tuple[str, ...]) -> str | None:
    """The kind that far more of the headers belong to than to the chosen one: easily chosen wrong, hard to undo."""
    scores = {name: header_score(name, ColumnMapping())(headers) for name in KINDS}
    best = max(scores, key=lambda name: scores[name])
    is_far = scores[best] >= 2 * scores[kind] and scores[best] - scores[kind] >= CLEARLY_ANOTHER_KIND
    return best if is_far else None


def check_upload(upload: Upload, progress: Progress) -> Check:
    """What loading the file would do. Everything is compared with what is known; nothing of it is kept."""
    sight = sign_in.current_sight()
    stages: tuple[StageWord, ...] = ()
    needs_replace_demo = False
    try:
        with _file_of(upload) as path:
            order = _order(upload, path, dry_run=True)
            if upload.kind in STAGED_KINDS and sight.viewer.loads_data:
                stages = _stage_words(sight, order)
            try:
                result = _import(sight, order, progress)
            except ImportRefused as error:
                if error.mapping_key is not None or isinstance(error, ImportBusy) or not sight.company.is_demo:
                    raise
                # Only coaching recorded in the demo is refused without a word that the mapping could add.
                result = _import(sight, replace(order, replace_demo=True), progress)
                needs_replace_demo = True
    except (ImportRefused, NotPermitted) as error:
        return Check(None, _refusal(error), stages, needs_replace_demo)
    return Check(result, None, stages, needs_replace_demo)


def import_upload(upload: Upload, *, replace_demo: bool, progress: Progress) -> ImportResult | Refusal:
    """Load the file, all of it or nothing."""
    sight = sign_in.current_sight()
    try:
        with _file_of(upload) as path:
            return _import(sight, _order(upload, path, replace_demo=replace_demo), progress)
    except (ImportRefused, NotPermitted) as error:
        return _refusal(error)


def _import(sight: Sight, order: Order, progress: Progress) -> ImportResult:
    # An import has its own engine: it is rare and long, and pages go on reading through theirs.
    engine = open_engine()
    try:
        return import_file(sight.viewer, engine, order, loaders.now(), progress)
    finally:
        engine.dispose()


def _order(upload: Upload, path: Path, *, replace_demo: bool = False, dry_run: bool = False) -> Order:
    name = plain_text.cell(upload.name, LONGEST_FILE_NAME)
    mapping = mapping_from(upload.said)
    return Order(upload.kind, path, name, mapping, upload.as_of, replace_demo=replace_demo, dry_run=dry_run)


@contextlib.contextmanager
def _file_of(upload: Upload) -> Iterator[Path]:
    """The uploaded bytes as a file that only this account can read, gone with the block."""
    with tempfile.TemporaryDirectory(prefix="sideline-upload-") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(upload.content)
        yield path


def _refusal(error: ImportRefused | NotPermitted) -> Refusal:
    if isinstance(error, NotPermitted):
        return Refusal("Only an admin loads data.")
    return Refusal(str(error), error.mapping_key, isinstance(error, ImportBusy))


def _stage_words(sight: Sight, order: Order) -> tuple[StageWord, ...]:
    """The words that stand for open, won and lost, the most frequent first."""
    mapping = order.mapping or ColumnMapping()
    records = _records(sight, order, mapping)
    if records["stage"].null_count() == records.height:
        status = preview_file(sight.viewer, order.kind, order.path, mapping).mapping.columns.get("status")
        if not status:
            return ()
        # Without stages the status column holds the words: reading it as both gives them beside what they mean.
        both = replace(mapping, columns={**mapping.columns, "stage": status, "status": status})
        records = _records(sight, order, both)
    counted = (
        records.select(word="stage", status="status")
        .drop_nulls()
        .group_by("word", "status")
        .agg(row_count=pl.len())
        .sort("row_count", "status", descending=[True, False])
        .group_by("word", maintain_order=True)
        .agg(pl.col("status").first(), pl.col("row_count").sum())
        .sort("row_count", "word", descending=[True, False])
    )
    return tuple(StageWord(*row) for row in counted.iter_rows())


def _records(sight: Sight, order: Order, mapping: ColumnMapping) -> pl.DataFrame:
    company = sight.company
    return read_records(
        order.kind,
        order.path,
        mapping=mapping,
        time_zone=company.calendar.time_zone,
        default_currency=company.currency,
        fiscal_year_starts_in=company.calendar.fiscal_year_starts_in,
    ).frame
