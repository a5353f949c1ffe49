"""Amounts as people and systems write them, and the decimal sign of a whole column."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.importers import numbers
from data_access.importers.refusal import ImportRefused, Questions


def minor(texts: list[str | None], *, exponent: int = 2, decimal: str | None = None) -> list[int | None]:
    """The texts as minor units; None where the cell is empty or rejected."""
    return [value for value, _ in _read(texts, exponent, decimal)]


def reasons(texts: list[str | None], *, exponent: int = 2) -> list[str | None]:
    return [reason for _, reason in _read(texts, exponent, None)]


def _read(texts: list[str | None], exponent: int, decimal: str | None) -> list[tuple[int | None, str | None]]:
    column = numbers.take_apart(pl.Series("amount", texts, dtype=pl.String))
    signs, _ = numbers.decimal_signs({"amount": column}, decimal, Questions())
    exponents = pl.Series([exponent] * len(texts), dtype=pl.Int64)
    return numbers.minor_units(column, signs["amount"], exponents).rows()


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("$45,000", 4_500_000),
        ("45k", 4_500_000),
        ("1.2M", 120_000_000),
        ("95,570.69", 9_557_069),
        ("16120999.999999998", 1_612_100_000),
        ("(1,200)", -120_000),
        ("1,200-", -120_000),
        ("−7.5", -750),
        ("-$5", -500),
        ("$-5", -500),
        ("5 €", 500),
        ("EUR 1,234.50", 123_450),
        ("1 234.50", 123_450),
        ("1\u00a0234.50", 123_450),
        ("1’234.50", 123_450),
        ("12,34,567.00", 123_456_700),
        ("1e3", 100_000),
        ("-0", 0),
        (".5", 50),
        ("5.", 500),
        ("99999999999999.99", 9_999_999_999_999_999),
    ],
)
def test_an_amount_is_read_whatever_its_dress(text: str, cents: int) -> None:
    assert minor(["100.25", text]) == [10025, cents]


@pytest.mark.parametrize("text", ["NaN", "∞", "inf", "1e20", "TBD", "12%", "1.2.3", "12,34", "1 2", "--5", "€", "."])
def test_what_is_no_amount_rejects_its_row_and_is_named(text: str) -> None:
    assert minor(["100.25", "7.5", text]) == [10025, 750, None]
    reason = reasons(["100.25", "7.5", text])[-1]
    assert reason is not None
    assert text in reason


@pytest.mark.parametrize("text", ["", "-", "n/a", None, "NULL", "—"])
def test_a_placeholder_is_no_amount_and_no_fault(text: str | None) -> None:
    assert _read(["1", text], 2, None)[1] == (None, None)


def test_real_excess_decimals_are_rejected_and_float_noise_is_not() -> None:
    assert minor(["1.25", "10.005", "10.0000004", "10.004999"]) == [125, None, 1000, None]


def test_a_currency_without_minor_units_takes_no_decimals() -> None:
    assert minor(["1500", "1.5"], exponent=0) == [1500, None]


def test_a_currency_with_three_decimals_keeps_them() -> None:
    assert minor(["1.2345", "1.25"], exponent=3) == [None, 1250]


def test_the_column_settles_the_comma_as_decimal_sign() -> None:
    assert minor(["1 234,56", "1.234,56", "10", "1.500", "2,5"]) == [123456, 123456, 1000, 150000, 250]


def test_a_cell_against_its_column_is_rejected_instead_of_bent() -> None:
    assert minor(["1234.50", "99.95", "1.234,56"]) == [123450, 9995, None]


def test_of_equal_evidence_the_dot_wins() -> None:
    assert minor(["99.95", "1.234,56"]) == [9995, None]


def test_thousands_with_a_comma_are_thousands_where_nothing_says_otherwise() -> None:
    assert minor(["45,000", "950"]) == [4_500_000, 95_000]


def test_an_open_dot_rejects_its_row_where_most_rows_are_clear() -> None:
    assert minor(["45.000", "1", "2"]) == [None, 100, 200]


def test_a_column_of_open_dots_asks_for_the_decimal_sign() -> None:
    with pytest.raises(ImportRefused) as refused:
        minor(["45.000", "1.250", "2"])
    assert refused.value.mapping_key == "decimal"
    assert minor(["45.000", "1.250", "2"], decimal=",") == [4_500_000, 125_000, 200]
    assert minor(["45.000", "1.250", "2"], decimal=".") == [4500, 125, 200]


def test_another_number_column_of_the_file_settles_an_open_one() -> None:
    columns = {
        name: numbers.take_apart(pl.Series(name, texts))
        for name, texts in {"amount": ["45.000", "1.250"], "cost": ["1.234,50", "7"]}.items()
    }
    signs, _ = numbers.decimal_signs(columns, None, Questions())
    assert signs == {"amount": ",", "cost": ","}


def test_a_shared_sign_means_the_companys_currency() -> None:
    column = numbers.take_apart(pl.Series("amount", ["$5", "£5", "¥5", "CHF 5", "5"]))
    assert numbers.currencies_of(column, "CAD").to_list() == ["CAD", "GBP", "JPY", "CHF", None]
    assert numbers.currencies_of(column, None).to_list() == ["USD", "GBP", "JPY", "CHF", None]


AMOUNTS = st.integers(min_value=-(10**14), max_value=10**14)


def _written(cents: int, thousands: str, decimal: str) -> str:
    text = f"{Decimal(abs(cents)) / 100:,.2f}".replace(",", "#").replace(".", decimal).replace("#", thousands)
    return f"-{text}" if cents < 0 else text


@given(
    st.lists(AMOUNTS, min_size=1, max_size=30),
    st.sampled_from([("", "."), (",", "."), (".", ","), (" ", ","), ("’", "."), ("", ","), ("\u202f", ",")]),
)
def test_amounts_survive_being_written_in_any_style(amounts: list[int], style: tuple[str, str]) -> None:
    assert minor([_written(cents, *style) for cents in amounts]) == amounts


@given(st.lists(AMOUNTS, min_size=1, max_size=30), st.sampled_from([0, 2, 3]))
def test_an_amount_is_kept_to_the_last_minor_unit(amounts: list[int], exponent: int) -> None:
    texts: list[str | None] = [str(Decimal(amount).scaleb(-exponent)) for amount in amounts]
    assert minor(texts, exponent=exponent, decimal=".") == amounts
