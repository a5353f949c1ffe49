"""What makes a deal of a row: its result, which date is which, its amounts; and HubSpot's stage entries beside it."""

from __future__ import annotations

import polars as pl

from data_access.importers import dates, words
from data_access.importers.headers import stage_of_header
from data_access.importers.identity import stage_entry_key
from data_access.importers.names import normalised
from data_access.importers.reading import Reading
from data_access.importers.schemas import RECORD_SCHEMAS
from data_access.importers.text import clean

_STATUS_SOURCES = ("status", "is_won", "is_lost", "is_closed", "won_on", "lost_on")
_IDENTIFYING = ("id", "name", "account", "owner", "opened_on")
_DATES = ("opened_on", "expected_close_on", "closed_on", "close_on", "won_on", "lost_on")
_MOST_STAGES_NAMED = 12


def read_deals(reading: Reading) -> tuple[dict[str, pl.Series], frozenset[str]]:
    """Return the plain columns of deals and which of them the file supplies.

    Asks for ``columns.stage`` where nothing tells how a deal stands, and for ``columns.id`` where nothing tells deals
    apart.
    """
    reading.ask_for("says how the deals stand", "stage", *_STATUS_SOURCES)
    if reading.mapping.row != "deal":
        reading.ask_for("tells the deals apart", *_IDENTIFYING)
    columns: dict[str, pl.Series] = {"id": reading.identifier()}
    for name in ("owner", "account", "product", "competitor"):
        columns[name] = reading.reference(name)
    for name in ("name", "stage", "next_step", "lost_reason"):
        columns[name] = reading.text(name)
    entered = [column for column, _ in _entered_columns(reading)]
    rows = reading.date_rows(_DATES, entered)
    reading.forget(*columns, "opened_on", "expected_close_on", "closed_on", "close_on")
    columns |= _status_and_dates(reading, columns["stage"], rows)
    del rows  # large, and the amounts come next
    amounts, currency = reading.money("amount", "won_amount", "cost", "list_amount")
    won, lost = columns["status"] == "won", columns["status"] == "lost"
    amount = _choose(won & amounts["won_amount"].is_not_null(), amounts["won_amount"], amounts["amount"])
    # CRMs write 0 for the amount that a lost deal never had.
    columns["amount"] = _choose(lost & (amount == 0), amount.clear(amount.len()), amount)
    columns |= {"currency": currency, "cost": amounts["cost"], "list_amount": amounts["list_amount"]}
    columns["deleted"] = (reading.flag("deleted") | columns.pop("__deleted")).alias("deleted")
    _reject_empty(reading, columns)
    return columns, _provided(reading)


def _choose(where: pl.Series, then: pl.Series, otherwise: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"where": where, "then": then, "otherwise": otherwise})
    return frame.select(pl.when("where").then("then").otherwise("otherwise")).to_series()


def _provided(reading: Reading) -> frozenset[str]:
    provided = {name for name in RECORD_SCHEMAS["deals"] if reading.has(name)} | {"status"}
    if reading.has("close_on"):
        provided |= {"closed_on", "expected_close_on"}
    if reading.has("won_on", "lost_on"):
        provided.add("closed_on")
    if reading.has("won_amount"):
        provided.add("amount")
    if reading.currency is not None:
        provided.add("currency")
    return frozenset(provided)


def _reject_empty(reading: Reading, columns: dict[str, pl.Series]) -> None:
    """Reject rows that hold an id at most, in a file that has more to say: they say nothing about a deal."""
    described = ("owner", "account", "name", "stage", "opened_on", "amount")
    told = [columns[name].is_not_null() for name in described if reading.has(name)]
    if len(told) < 2:
        return
    told += [reading.text(name).is_not_null() for name in _STATUS_SOURCES if reading.has(name)]
    empty = ~told[0]
    for each in told[1:]:
        empty = empty & ~each
    reading.reject(empty, "The row says nothing about a deal: no stage, owner, account, name, date or amount.")


# ---- Open, won or lost -----------------------------------------------------------------------------------------


def _status_and_dates(reading: Reading, stage: pl.Series, rows: dict[str, pl.DataFrame]) -> dict[str, pl.Series]:
    """Return status, the three dates and ``__deleted``.

    The status is, in this order: what the mapping says of the stage or status text; the won, lost and closed flags;
    a known word in the status column; a known word in the stage; a won or lost date; else open. Nothing but "Closed"
    is none of them: such a deal is rejected.
    """
    status_text = reading.text("status")
    days = {name: reading.days(rows, name) for name in _DATES}
    flags = {name: reading.flag(name) for name in ("is_won", "is_lost", "is_closed")}
    by_stage, by_status = _by_words(stage, codes=False), _by_words(status_text, codes=True)
    frame = pl.DataFrame(
        {
            "just_closed": _just_closed(stage) | _just_closed(status_text),
            "mapped": _by_mapping(reading, stage).fill_null(_by_mapping(reading, status_text)),
            "by_status": by_status,
            "by_stage": by_stage,
            **flags,
            **{name: day for name, day in days.items() if name not in flags},
        }
    )
    won_flag, lost_flag, closed_flag = (
        pl.col(name).fill_null(value=False) for name in ("is_won", "is_lost", "is_closed")
    )
    not_closed = pl.col("is_closed").is_not_null() & ~closed_flag
    # A "lost" flag, or "closed" beside a "won" flag that says no, is a loss.
    lost = lost_flag | (closed_flag & pl.col("is_won").is_not_null() & ~won_flag)
    by_date = (
        pl.when(pl.col("lost_on").is_not_null() & ~(pl.col("won_on") > pl.col("lost_on")).fill_null(value=False))
        .then(pl.lit("lost"))
        .when(pl.col("won_on").is_not_null())
        .then(pl.lit("won"))
    )
    told = pl.coalesce(
        "mapped",
        pl.when(won_flag).then(pl.lit("won")).when(lost).then(pl.lit("lost")).when(not_closed).then(pl.lit("open")),
        "by_status",
        "by_stage",
        by_date,
    )
    frame = frame.with_columns(told=told, unclear=told.is_null() & (closed_flag | pl.col("just_closed")))
    frame = frame.with_columns(status=pl.col("told").fill_null("open"))
    reading.reject(
        frame["unclear"],
        "The deal is closed, but nothing says whether it was won; add its stage under [status] in the mapping.",
    )
    is_open = pl.col("status") == "open"
    closed_on = pl.coalesce(
        "closed_on",
        pl.when(pl.col("status") == "won").then("won_on").otherwise("lost_on"),
        "close_on",
    )
    frame = frame.with_columns(
        closed=pl.when(~is_open).then(closed_on),
        expected=pl.coalesce("expected_close_on", pl.when(is_open).then("close_on")),
        early=is_open & pl.col("closed_on").is_not_null(),
    )
    _say_how_stages_were_read(reading, stage, status_text, frame["status"])
    early = int(frame["early"].sum())
    if early:
        reading.notes.append(f"{early} open deals carry a date of closing; it was left out.")
    return {
        "status": frame["status"],
        "opened_on": days["opened_on"],
        "expected_close_on": frame["expected"],
        "closed_on": frame["closed"],
        "__deleted": _deleted_by_status(status_text),
    }


def _by_words(texts: pl.Series, *, codes: bool) -> pl.Series:
    """Read known words; ``codes``: and columns of nothing but codes, which in a stage would be its number."""
    distinct = texts.drop_nulls().unique()
    known: dict[str, str | None] = {text: words.status_of_word(text) for text in distinct}
    if codes:
        known |= words.state_codes(distinct)
    return texts.replace_strict(known, default=None, return_dtype=pl.String)


def _just_closed(texts: pl.Series) -> pl.Series:
    known = {text: words.is_closed_word(text) for text in texts.drop_nulls().unique()}
    return texts.replace_strict(known, default=False, return_dtype=pl.Boolean)


def _by_mapping(reading: Reading, texts: pl.Series) -> pl.Series:
    said = {normalised(text): status for text, status in reading.mapping.status.items()}
    known = {text: said.get(normalised(text)) for text in texts.drop_nulls().unique()} if said else {}
    return texts.replace_strict(known, default=None, return_dtype=pl.String)


def _deleted_by_status(status_text: pl.Series) -> pl.Series:
    known = {text: words.is_deleted_word(text) for text in status_text.drop_nulls().unique()}
    return status_text.replace_strict(known, default=False, return_dtype=pl.Boolean)


def _say_how_stages_were_read(reading: Reading, stage: pl.Series, status_text: pl.Series, status: pl.Series) -> None:
    """Tell the user which texts were taken for open, won and lost: the one guess that moves every figure."""
    told_by_status = reading.has("status") and status_text.is_not_null().any()
    text = status_text if told_by_status or not reading.has("stage") else stage
    pairs = pl.DataFrame({"text": text, "status": status}).drop_nulls().unique().sort("text")
    parts = []
    for result in ("won", "lost", "open"):
        found = pairs.filter(pl.col("status") == result)["text"].to_list()
        if found:
            more = f" and {len(found) - _MOST_STAGES_NAMED} more" if len(found) > _MOST_STAGES_NAMED else ""
            parts.append(f"{result}: {', '.join(each[:60] for each in found[:_MOST_STAGES_NAMED])}{more}")
    if parts:
        what = "Statuses" if told_by_status else "Stages"
        reading.notes.append(f"{what} were read as {'; '.join(parts)}.")
    blank = int((stage.is_null() & status_text.is_null()).sum()) if reading.has("stage", "status") else 0
    if blank:
        reading.notes.append(f"{blank} deals name neither a stage nor a status.")


# ---- HubSpot's "Date entered" columns --------------------------------------------------------------------------


def _entered_columns(reading: Reading) -> list[tuple[pl.Series, str]]:
    """Return the "Date entered" columns with the stage each is about."""
    used = set(reading.mapping.columns.values())
    return [
        (reading.sheet.cells[str(position)].alias(f"entered {position}"), stage)
        for position, header in enumerate(reading.sheet.headers)
        if (stage := stage_of_header(header)) is not None and header not in used
        if str(position) in reading.sheet.cells.columns
    ]


def stage_entries(reading: Reading, frame: pl.DataFrame) -> pl.DataFrame:
    """Return one stage entry per filled "Date entered" cell of the accepted deals, in the schema of stage history.

    ``frame``: the accepted deals. A column about "Stage (Pipeline)" is named as the deals name their stage: with the
    pipeline where they do. An unreadable date is left out, because it does not make the deal wrong.
    """
    schema = RECORD_SCHEMAS["stage-history"]
    columns = _entered_columns(reading)
    if not columns or frame.is_empty():
        return pl.DataFrame(schema=schema)
    quiet = Reading(
        reading.kind,
        reading.sheet,
        reading.mapping,
        reading.time_zone,
        reading.default_currency,
        questions=reading.questions,
    )
    rows = quiet.date_rows((), [column for column, _ in columns])
    known = set(frame["stage"].drop_nulls().unique())
    parts = []
    for column, label in columns:
        entered = dates.instants(rows[column.name], label, reading.file_zone, reading.time_zone)["value"]
        stage = _stage_name(label, known)
        at = pl.DataFrame({"line": reading.sheet.cells["line"], "entered_at": entered}).drop_nulls()
        parts.append(
            frame.select("line", "raw", deal=pl.col("key"))
            .join(at, on="line", how="inner")
            .with_columns(stage=pl.lit(stage), status=pl.lit(_status_of(reading, stage)))
        )
    entries = pl.concat(parts).with_columns(
        amount=pl.lit(None, pl.Int64),
        currency=pl.lit(None, pl.String),
        owner=pl.lit(None, pl.String),
        key=stage_entry_key(),
    )
    distinct = entries.unique("key", keep="first", maintain_order=True).sort("line", "entered_at")
    return distinct.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _stage_name(label: str, known: set[str]) -> str:
    """Return a column's stage as the deals call it: "Won (Sales)" or "Won"."""
    full = clean(pl.Series([label]))[0] or label
    if full in known or not full.endswith(")") or " (" not in full:
        return full
    return full[: full.rindex(" (")].strip()


def _status_of(reading: Reading, stage: str) -> str:
    return _by_mapping(reading, pl.Series([stage]))[0] or words.status_of_word(stage) or "open"
