"""The normal form of names, and what is taken out of texts before anything reads them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.importers.names import normalised, normalised_expr
from data_access.importers.text import clean, clean_id, short_salesforce_ids


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GTX Pro", "GTXPro"),
        ("Müller & Söhne GmbH", "MÜLLER SÖHNE, GMBH"),
        ("Straße", "STRASSE"),
        ("ﬁx", "Fix"),
        ("O'Neill", "O’Neill"),
        ("e\u0301", "é"),
    ],
)
def test_case_spaces_and_punctuation_make_no_difference(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


def test_names_of_nothing_but_signs_stay_apart() -> None:
    assert normalised("???") != normalised("!!!")
    assert normalised("  ") is None
    assert normalised(None) is None


@given(st.lists(st.one_of(st.none(), st.text()), max_size=20))
def test_the_expression_equals_the_function(names: list[str | None]) -> None:
    frame = pl.DataFrame({"name": names}, schema={"name": pl.String})
    assert frame.select(normalised_expr("name")).to_series().to_list() == [normalised(name) for name in names]


@given(st.lists(st.text(), max_size=20))
def test_clean_texts_hold_nothing_invisible_and_cleaning_twice_changes_nothing(texts: list[str]) -> None:
    once = clean(pl.Series("text", texts, dtype=pl.String))
    for text in once.drop_nulls():
        assert text == text.strip(" ") != ""
        assert not any(ord(character) < 32 or "\u202a" <= character <= "\u202e" for character in text)
    assert clean(once.filter(~once.str.starts_with("'"))).to_list() == once.filter(~once.str.starts_with("'")).to_list()


def test_bidi_marks_joiners_and_line_breaks_leave_a_name() -> None:
    texts = pl.Series(["  Ann\u202e Lee\u200d\n\tX ", "e\u0301", "NULL", "\\N", "", None, "🙂 Ok"])
    assert clean(texts).to_list() == ["Ann Lee X", "é", None, None, None, None, "🙂 Ok"]


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+49 30", "-5", "@x", "＝1"])
def test_what_our_own_export_neutralised_reads_as_the_original(text: str) -> None:
    assert clean(pl.Series([f"'{text}"])).to_list() == [text]
    assert clean(pl.Series(["'tis", "O'Neill"])).to_list() == ["'tis", "O'Neill"]


def test_salesforce_ids_of_both_lengths_are_one() -> None:
    ids = pl.Series(["0015500000Xyy06AAB", "0051G000007Ez4XQAS", "0051G000007Ez4XQAT", "123456789012345678", "short"])
    assert short_salesforce_ids(ids).to_list() == [
        "0015500000Xyy06",
        "0051G000007Ez4X",
        "0051G000007Ez4XQAT",
        "123456789012345678",
        "short",
    ]


def test_salesforces_empty_id_is_no_id() -> None:
    assert clean_id(pl.Series(["000000000000000AAA", "000000000000000", "001"])).to_list() == [None, None, "001"]


def test_whole_numbers_that_a_spreadsheet_made_floats_of_are_ids_again() -> None:
    assert clean_id(pl.Series(["1234567.0", "5.0", None])).to_list() == ["1234567", "5", None]
    assert clean_id(pl.Series(["1.0", "v2"])).to_list() == ["1.0", "v2"]
