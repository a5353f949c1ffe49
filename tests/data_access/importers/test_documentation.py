"""docs/import.md says what the importers do: its tables and its example are held against the code."""

from __future__ import annotations

import re
import tomllib

from data_access.importers.headers import known_fields
from data_access.importers.mapping import Mapping, mapping_from
from data_access.importers.schemas import KINDS, plain_fields
from tests.availability import PROJECT

TEXT = (PROJECT / "docs" / "import.md").read_text(encoding="utf-8")


def test_every_kind_is_listed_with_its_plain_columns() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| ([a-z_, ]+) \|", TEXT, flags=re.MULTILINE)
    assert {kind: tuple(fields.split(", ")) for kind, fields in rows} == {kind: plain_fields(kind) for kind in KINDS}


def test_every_helping_field_is_named() -> None:
    for kind in KINDS:
        for field in known_fields(kind):
            assert field in plain_fields(kind) or f"`{field}`" in TEXT, f"{kind}: {field}"


def test_the_example_of_a_mapping_is_one_and_shows_every_key() -> None:
    example = re.search(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)
    assert example is not None
    content = tomllib.loads(example[1])
    mapping_from(content)
    assert set(content) == set(Mapping.__dataclass_fields__)
