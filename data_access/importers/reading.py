"""A sheet on its way to records: texts by field, typed columns, reasons to reject a row. Knows no kind of import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from data_access.importers import dates, numbers, words
from data_access.importers.currencies import code_of, exponent
from data_access.importers.headers import header_currency, named_position
from data_access.importers.mapping import Mapping
from data_access.importers.names import normalised
from data_access.importers.refusal import Questions
from data_access.importers.schemas import INSTANT
from data_access.importers.sheet import Sheet
from data_access.importers.text import MANGLED, clean, clean_id, short_salesforce_ids


@dataclass
class Reading:
    """What the conversion of one file works on. Every column has one entry per row of the sheet, in its order."""

    kind: str
    sheet: Sheet
    mapping: Mapping
    time_zone: str
    default_currency: str | None
    questions: Questions
    reason: pl.Series = field(init=False)
    ignored: pl.Series = field(init=False)
    notes: list[str] = field(default_factory=list)
    currency: str | None = None

    def __post_init__(self) -> None:
        self.reason = pl.Series("reason", [None], dtype=pl.String).new_from_index(0, self.height)
        self.ignored = pl.Series("ignored", [False], dtype=pl.Boolean).new_from_index(0, self.height)

    @property
    def height(self) -> int:
        """The number of rows that were cut into cells."""
        return self.sheet.cells.height

    @property
    def file_zone(self) -> str:
        """The zone of times that name none."""
        return self.mapping.time_zone or self.time_zone

    # ---- Where a field comes from ----

    def has(self, *fields: str) -> bool:
        """Whether a column or a constant supplies one of the fields, however blank it is."""
        return any(self.mapping.columns.get(name) or name in self.mapping.constants for name in fields)

    def ask_for(self, what: str, *fields: str) -> None:
        """Ask for the column of a field that nothing supplies: ``what`` the column would say."""
        if self.has(*fields):
            return
        keys = " or ".join(f"columns.{name}" for name in fields[:2])
        found = ", ".join(header for header in self.sheet.headers if header)
        self.questions.ask(
            f"No column {what}; set {keys} to the one that does. The file's columns: {found[:1500]}.",
            f"columns.{fields[0]}",
        )

    def raw(self, name: str) -> pl.Series:
        """Return the cells of a field as they are in the file, with constants and translated values; null if absent."""
        header = self.mapping.columns.get(name)
        if header:
            column = self.sheet.cells[str(self._position(name))].alias(name)
        else:
            constant = self.mapping.constants.get(name)
            column = pl.Series(name, [constant], dtype=pl.String).new_from_index(0, self.height)
        if header and name in self.mapping.constants:
            column = (
                column.to_frame()
                .select(pl.when(pl.col(name).str.strip_chars() == "").then(None).otherwise(pl.col(name)).alias(name))[
                    name
                ]
                .fill_null(self.mapping.constants[name])
            )
        return self._translated(column)

    def _translated(self, column: pl.Series) -> pl.Series:
        """Apply ``values.FIELD``: what the mapping says to read instead of a text, whatever its case."""
        instead = {normalised(text): value for text, value in self.mapping.values.get(column.name, {}).items()}
        if not instead:
            return column
        texts = column.drop_nulls().unique()
        return column.replace({text: instead[key] for text in texts if (key := normalised(text)) in instead})

    def _absent(self, name: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
        return pl.Series(name, [None], dtype=dtype).new_from_index(0, self.height)

    # ---- Texts ----

    def text(self, name: str) -> pl.Series:
        """Return a field as clean text."""
        if not self.has(name):
            return self._absent(name, pl.String)
        return clean(self.raw(name))

    def reference(self, name: str) -> pl.Series:
        """Return a field that names another record, by id or by name. Salesforce ids come in their short form."""
        return self._unmangled(short_salesforce_ids(clean_id(self.raw(name))))

    def identifier(self) -> pl.Series:
        """Return the ``id`` column as text."""
        return self._unmangled(clean_id(self.raw("id")))

    def _unmangled(self, column: pl.Series) -> pl.Series:
        mangled = column.filter(column.str.contains(MANGLED).fill_null(False))
        if not mangled.is_empty():
            header = self.mapping.columns.get(column.name, column.name)
            self.questions.ask(
                f'The column "{header}" holds numbers such as {mangled[0]}: a spreadsheet has shortened the ids and '
                f"their digits are lost. Export the file again, or set columns.{column.name} to another column "
                '("" for none).',
                f"columns.{column.name}",
            )
        return column

    def flag(self, name: str) -> pl.Series:
        """Return a field as Boolean; a word that is neither yes nor no rejects the row."""
        if not self.has(name):
            return self._absent(name, pl.Boolean)
        texts = self.text(name)
        values = words.flag_values(texts)
        self.reject(
            values.is_null() & texts.is_not_null(),
            pl.DataFrame({"text": texts})
            .select(pl.format('{} "{}" is neither yes nor no.', pl.lit(name), pl.col("text").str.slice(0, 60)))
            .to_series(),
        )
        return values.alias(name)

    def forget(self, *fields: str) -> None:
        """Let go of the cells of fields that were read: the half of the memory that a large file takes."""
        columns = self.mapping.columns
        positions = {name: self._position(name) for name, header in columns.items() if header}
        kept = {position for name, position in positions.items() if name not in fields}
        done = {position for name, position in positions.items() if name in fields} - kept
        cells = self.sheet.cells
        self.sheet = replace(self.sheet, cells=cells.drop(str(position) for position in done if str(position) in cells))

    def _position(self, name: str) -> int:
        return named_position(self.sheet.headers, self.mapping.columns[name], name)

    # ---- Rejecting ----

    def reject(self, where: pl.Series, reason: pl.Series | str) -> None:
        """Reject rows; a row keeps the first reason it was given."""
        where = where.fill_null(False) & self.reason.is_null()
        if not where.any():
            return
        told = (
            reason
            if isinstance(reason, pl.Series)
            else pl.Series([reason], dtype=pl.String).new_from_index(0, self.height)
        )
        self.reason = (
            pl.DataFrame({"old": self.reason, "where": where, "new": told})
            .select(pl.when("where").then("new").otherwise("old").alias("reason"))
            .to_series()
        )

    def require(self, column: pl.Series, what: str | None = None) -> None:
        """Reject the rows in which a required field is empty."""
        self.reject(column.is_null(), f"{what or column.name} is empty; it is needed for this kind of import.")

    def ignore(self, where: pl.Series) -> int:
        """Count rows as no records of this kind; returns how many."""
        where = where.fill_null(False)
        self.ignored = self.ignored | where
        return int(where.sum())

    # ---- Dates ----

    def date_rows(self, names: Iterable[str], extra: Sequence[pl.Series] = ()) -> dict[str, pl.DataFrame]:
        """Read all date columns of the file together, because one can settle the order of day and month of another."""
        named: dict[str, str] = {}
        columns = []
        for column in [*(self.raw(name) for name in names if self.has(name)), *extra]:
            stated = self.mapping.date_formats.get(column.name, self.mapping.date_format)
            if stated is not None:
                named[column.name] = stated
            columns.append(dates.read_dates(column, stated if stated and "%" in stated else None))
        rows, notes = dates.settle_orders(columns, named, self.questions)
        self.notes += notes
        return rows

    def days(self, rows: dict[str, pl.DataFrame], name: str) -> pl.Series:
        """Return a date field; an unreadable text rejects the row."""
        if name not in rows:
            return self._absent(name, pl.Date)
        read = dates.days(rows[name], name, self.file_zone, self.time_zone)
        self.reject(read["reason"].is_not_null(), read["reason"])
        return read["value"].alias(name)

    def instants(self, rows: dict[str, pl.DataFrame], name: str) -> pl.Series:
        """Return an instant field in UTC; an unreadable text rejects the row."""
        if name not in rows:
            return self._absent(name, INSTANT)
        read = dates.instants(rows[name], name, self.file_zone, self.time_zone)
        self.reject(read["reason"].is_not_null(), read["reason"])
        return read["value"].alias(name)

    # ---- Numbers and money ----

    def number(
        self, name: str, *, times: float = 1.0, lenient: bool = False, besides: pl.Series | None = None
    ) -> pl.Series:
        """Return a field as whole numbers, multiplied by ``times`` before they are rounded.

        ``lenient``: what cannot be read is empty, not a reason to reject the row. ``besides``: rows whose cell has been
        read as something else; they are empty here.
        """
        cells = self.raw(name)
        if besides is not None:
            cells = cells.to_frame().select(pl.when(~besides).then(pl.col(name)).alias(name)).to_series()
        column = numbers.take_apart(cells)
        signs, _ = numbers.decimal_signs({name: column}, self.mapping.decimal, Questions(strict=False))
        read = numbers.numbers(column, signs[name] or ".")
        if lenient:
            unread = int(read["reason"].is_not_null().sum())
            if unread:
                self.notes.append(f"{name}: {unread} cells hold no number and were left empty.")
        else:
            self.reject(read["reason"].is_not_null(), read["reason"])
        return (read["value"] * times).round().cast(pl.Int64, strict=False).alias(name)

    def money(self, *names: str) -> tuple[dict[str, pl.Series], pl.Series]:
        """Return the amounts in minor units and the currency of each row (null where nothing names one).

        Asks for ``rates`` where amounts are in several currencies. Amounts keep their own currency: what they are
        worth in the reporting currency is worked out where they are stored.
        """
        columns = {name: numbers.take_apart(self.raw(name)) for name in names if self.has(name)}
        codes = self._currency_codes(columns)
        filled = [column.text.is_not_null() for column in columns.values()]
        with_amount = _any(filled, self.height)
        # In a preview, rows may only be unread because a question is open: they count.
        counted = with_amount & self.reason.is_null() if self.questions.strict else with_amount
        target = self._one_currency(codes.filter(counted).drop_nulls().unique().sort().to_list())
        exponents = _mapped(codes, exponent, pl.Int64).fill_null(exponent(None))
        signs, notes = numbers.decimal_signs(columns, self.mapping.decimal, self.questions)
        self.notes += notes
        amounts = {}
        for name in names:
            if name not in columns:
                amounts[name] = self._absent(name, pl.Int64)
                continue
            read = numbers.minor_units(columns[name], signs[name], exponents)
            self.reject(read["reason"].is_not_null(), read["reason"])
            amounts[name] = read["value"].alias(name)
        if with_amount.any():
            self.currency = target
            if target is None:
                self.notes.append("The file names no currency for its amounts; set currency to say which it is.")
        return amounts, codes.alias("currency")

    def _currency_codes(self, columns: dict[str, numbers.NumberColumn]) -> pl.Series:
        """Return the currency of each row: its own, else that of its cells, its column, the mapping, the company."""
        texts = self.text("currency")
        named = _mapped(texts, code_of, pl.String)
        self.reject(
            texts.is_not_null() & named.is_null(),
            pl.DataFrame({"text": texts})
            .select(pl.format('currency "{}" is not an ISO code such as EUR or USD.', pl.col("text").str.slice(0, 60)))
            .to_series(),
        )
        in_cells = [numbers.currencies_of(column, self.default_currency) for column in columns.values()]
        headers = {header_currency(self.mapping.columns.get(name, "")) for name in columns} - {None}
        fallback = next(
            (
                code
                for code in (
                    code_of(self.mapping.currency or ""),
                    _only(named),
                    _only(*in_cells),  # "$5" beside a bare "7": both are dollars
                    headers.pop() if len(headers) == 1 else None,
                    self.default_currency,
                )
                if code
            ),
            None,
        )
        if self.mapping.currency and not code_of(self.mapping.currency):
            self.questions.ask(
                f'currency = "{self.mapping.currency}" is not an ISO code such as EUR or USD.', "currency"
            )
        codes = named
        for cells in in_cells:
            codes = codes.fill_null(cells)
        return codes.fill_null(fallback) if fallback else codes

    def _one_currency(self, codes: list[str]) -> str | None:
        """Return the currency that the file's amounts are in, or are converted to."""
        rates = self.mapping.rates
        if len(codes) <= 1 and not (rates and codes):
            return codes[0] if codes else None
        if not rates:
            self.questions.ask(
                f"The amounts are in several currencies ({', '.join(codes)}), which are never added up; set rates to "
                "what one unit of each is worth in the currency to use, or import one file per currency.",
                "rates",
            )
            return None
        named = code_of(self.mapping.currency or "") or self.default_currency
        target = named or next((code for code, rate in rates.items() if rate == 1), None)
        if target is None:
            self.questions.ask("Set currency to the one that the rates convert to.", "currency")
            return None
        missing = [code for code in codes if code != target and code not in rates]
        if missing:
            self.questions.ask(f"The rates have no entry for {', '.join(missing)}.", "rates")
        return target


def _only(*columns: pl.Series) -> str | None:
    """The one text that the columns hold, None where they hold none or several."""
    found = {text for column in columns for text in column.drop_nulls().unique()}
    return str(found.pop()) if len(found) == 1 else None


def _any(conditions: Sequence[pl.Series], height: int) -> pl.Series:
    result = pl.Series([False], dtype=pl.Boolean).new_from_index(0, height)
    for condition in conditions:
        result = result | condition
    return result


def _mapped(texts: pl.Series, work: Callable[[str], object], dtype: type[pl.DataType]) -> pl.Series:
    """Apply a function to each distinct text; null stays null."""
    values = {text: work(text) for text in texts.drop_nulls().unique()}
    return texts.replace_strict(values, default=None, return_dtype=dtype)
