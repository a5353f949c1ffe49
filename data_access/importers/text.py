"""Cleans the text of cells: one normal form, nothing invisible in it. Knows no fields."""

from __future__ import annotations

import polars as pl

# What exports write for "nothing".
NOTHING = ("\\N", "NULL", "null", "(null)", "<null>", "#N/A", "#NULL!", "#REF!", "#VALUE!", "nan", "NaN")
# Blanks and line breaks of every kind; controls, bidi marks and other invisible characters.
_SPACES = r"[\s\x{a0}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+"
_INVISIBLE = r"[\p{Cc}\p{Cf}\x{fffe}\x{ffff}]"
# Our own exports put an apostrophe before what a spreadsheet would take for a formula: reading takes it off again.
_NEUTRALISED = r"^'([=+\-@\t\r|＝＋－＠])"

_SALESFORCE_NOTHING = ("000000000000000AAA", "000000000000000")
_SALESFORCE_ID = r"^[a-zA-Z0-9]{18}$"
_SUFFIX_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
# 1.24E+09: what a spreadsheet makes of a long number. The lost digits cannot be brought back.
MANGLED = r"^\d(?:[.,]\d+)?[eE]\+\d+$|^\d[.,]\d+[eE]\d+$"


def clean(column: pl.Series, nothing: tuple[str, ...] = NOTHING) -> pl.Series:
    """Return texts in NFC, trimmed, with single blanks and nothing invisible; empty and ``nothing`` words are null."""
    texts = column.cast(pl.String)
    here = pl.col(texts.name)
    frame = texts.to_frame()
    if frame.select(here.str.contains(r"[^\x20-\x7e]|  |^'").any()).item():
        frame = frame.select(
            here.str.replace(_NEUTRALISED, "${1}")
            .str.replace_all(_SPACES, " ")
            .str.replace_all(_INVISIBLE, "")
            .str.normalize("NFC")
        )
    frame = frame.select(here.str.strip_chars())
    return frame.select(pl.when((here == "") | here.is_in(nothing)).then(None).otherwise(here).alias(texts.name))[
        texts.name
    ]


def clean_id(column: pl.Series) -> pl.Series:
    """Return clean texts in which Salesforce's empty id is null and numbers lost the ``.0`` a spreadsheet gave them."""
    texts = clean(column)
    here = pl.col(texts.name)
    frame = texts.to_frame()
    if frame.select(here.str.contains(r"^\d+\.0+$").all() & here.is_not_null().any()).item():
        frame = frame.select(here.str.replace(r"\.0+$", ""))
    return frame.select(pl.when(here.is_in(_SALESFORCE_NOTHING)).then(None).otherwise(here).alias(texts.name))[
        texts.name
    ]


def short_salesforce_ids(column: pl.Series) -> pl.Series:
    """Return ids with Salesforce's 18-character ones in their 15-character form, so that both forms are equal.

    Only where the last three characters are the checksum of the first fifteen; every other text stays as it is.
    """
    frame = column.alias("id").to_frame()
    here = pl.col("id")
    long = frame.select(here.str.contains(_SALESFORCE_ID).fill_null(False))["id"]
    if not long.any():
        return column
    suffix = pl.concat_str([_checksum_letter(here, group) for group in range(3)])
    fits = pl.lit(long) & (here.str.slice(15, 3) == suffix)
    return frame.select(pl.when(fits).then(here.str.slice(0, 15)).otherwise(here).alias(column.name))[column.name]


def _checksum_letter(ids: pl.Expr, group: int) -> pl.Expr:
    """The letter that says which of five characters are upper case."""
    bits = [
        ids.str.slice(5 * group + place, 1).str.contains(r"^[A-Z]$").cast(pl.UInt32) * (1 << place)
        for place in range(5)
    ]
    index = pl.sum_horizontal(bits)
    return index.replace_strict(list(range(32)), list(_SUFFIX_LETTERS), default=None, return_dtype=pl.String)
