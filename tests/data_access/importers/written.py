"""Files that a test writes and reads back through the public door of the importers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from data_access.importers.mapping import mapping_from
from data_access.importers.records import Records, read_records

Read = Callable[..., Records]


def reader(folder: Path) -> Read:
    """A function (kind, text or bytes, mapping as parsed TOML, options) that writes a file and reads it."""

    def read_written(kind: str, content: str | bytes, mapping: dict[str, Any] | None = None, **options: Any) -> Records:
        file = folder / "export.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_records(kind, file, mapping=mapping_from(mapping or {}), **options)

    return read_written
