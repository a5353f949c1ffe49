"""The mapping file: read, checked, written back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.importers.mapping import Mapping, dump_mapping, load_mapping, mapping_from
from data_access.importers.refusal import ImportRefused

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
TABLES = st.dictionaries(TEXTS, TEXTS, max_size=3)


@given(
    st.builds(
        Mapping,
        columns=TABLES,
        constants=TABLES,
        status=st.dictionaries(TEXTS, st.sampled_from(["open", "won", "lost"]), max_size=3),
        values=st.dictionaries(TEXTS, TABLES.filter(bool), max_size=2),
        date_format=st.sampled_from([None, "day first", "%d/%m/%Y"]),
        decimal=st.sampled_from([None, ".", ","]),
        sheet=st.none() | TEXTS,
        row=st.sampled_from([None, "deal"]),
        rates=st.dictionaries(st.sampled_from(["EUR", "USD"]), st.floats(0.001, 1000), max_size=2),
    )
)
def test_a_mapping_reads_back_as_it_was_written(mapping: Mapping) -> None:
    import tomllib

    assert mapping_from(tomllib.loads(dump_mapping(mapping))) == mapping


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('colums = "x"', "colums"),
        ("decimal = 'x'", "decimal"),
        ("row = 'line'", "row"),
        ("date_format = 'european'", "date_format"),
        ("[date_formats]\nclosed_on = '%Q'", "date_formats.closed_on"),
        ("[status]\nDone = 'finished'", "status"),
        ("[rates]\nEUR = 'x'", "rates"),
        ("[rates]\nEUR = -1", "rates"),
        ("columns = 'x'", "columns"),
        ("time_zone = 'Mars/Base'", "time_zone"),
        ("time_zone = '../../etc/passwd'", "time_zone"),
    ],
)
def test_a_wrong_mapping_is_refused_by_the_name_of_the_key(tmp_path: Path, text: str, key: str) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(text)
    with pytest.raises(ImportRefused) as refused:
        load_mapping(file)
    assert refused.value.mapping_key == key
    assert key.split(".")[0] in str(refused.value)


@pytest.mark.parametrize("content", [b"a = ", b"\xff\xfe", b"[x"])
def test_what_is_no_toml_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "mapping.toml"
    file.write_bytes(content)
    with pytest.raises(ImportRefused, match="TOML"):
        load_mapping(file)


def test_a_mapping_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="cannot be read"):
        load_mapping(tmp_path / "none.toml")
