"""Which row is which record: the key of every row, and rows that repeat one. Keys are stable from export to export."""

from __future__ import annotations

import polars as pl

from data_access.importers.names import normalised_expr
from data_access.importers.reading import Reading
from data_access.importers.schemas import COACHING_KINDS, REJECTION_SCHEMA
from data_access.importers.text import short_salesforce_ids


def with_keys(reading: Reading, frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``key`` to rows that are sound so far.

    The key is the external id (Salesforce's in its 15-character form). Without one it is made of: owner, account, name
    and opening date (deals); the normalised name, or the e-mail address where two share a name (people); the
    normalised name (accounts, products); what the record is about and when (everything else). Rows of coaching files
    get none of their own: there it is the line.
    Asks for ``row`` where deals without ids repeat.
    """
    if reading.kind in COACHING_KINDS:
        # Which of these rows are one record is settled once their people are known: a name and an id can be the same.
        return frame.with_columns(key=pl.col("line").cast(pl.String))
    if "id" in frame.columns:
        frame = frame.with_columns(__id=short_salesforce_ids(frame["id"]))
    else:
        frame = frame.with_columns(__id=pl.lit(None, pl.String))
    without_id = frame["__id"].is_null()
    frame = frame.with_columns(key=pl.col("__id"))
    if without_id.any():
        # Expressions over names run Python for some texts: only where they are needed.
        texts = frame.filter(without_id).with_columns(__text=_text_key(reading.kind))
        if reading.kind == "people":
            texts = texts.with_columns(__text=_by_email_where_names_repeat())
        if reading.kind == "deals":
            texts = _told_apart(reading, texts, all_without_id=bool(without_id.all()))
        found = frame.select("line").join(texts.select("line", "__text"), on="line", how="left", maintain_order="left")
        frame = frame.with_columns(key=pl.col("key").fill_null(found["__text"]))
    return frame.drop("__id")


def stage_entry_key() -> pl.Expr:
    """Return the key of a stage entry over the columns deal, stage and entered_at."""
    return _joined("deal", normalised_expr("stage"), pl.col("entered_at").dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ"))


def _joined(*parts: str | pl.Expr) -> pl.Expr:
    expressions = [pl.col(part) if isinstance(part, str) else part for part in parts]
    return pl.concat_str([part.fill_null("") for part in expressions], separator="|")


def _text_key(kind: str) -> pl.Expr:
    if kind == "deals":
        opened = pl.col("opened_on").dt.to_string("%Y-%m-%d")
        return _joined(normalised_expr("owner"), normalised_expr("account"), normalised_expr("name"), opened)
    if kind in ("people", "accounts", "products"):
        return normalised_expr("name")
    if kind == "quotas":
        days = (pl.col(name).dt.to_string("%Y-%m-%d") for name in ("from", "to"))
        return _joined(normalised_expr("rep"), *days)
    if kind == "stage-history":
        return stage_entry_key()
    at = "at" if kind == "activities" else "started_at"
    last = "kind" if kind == "activities" else "supervisor"
    instant = pl.col(at).dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ")
    return _joined(normalised_expr("rep"), instant, "deal", normalised_expr(last))


def _by_email_where_names_repeat() -> pl.Expr:
    repeated = pl.len().over("__text") > 1
    return pl.when(repeated & pl.col("email").is_not_null()).then("email").otherwise("__text")


def _told_apart(reading: Reading, texts: pl.DataFrame, *, all_without_id: bool) -> pl.DataFrame:
    """Number deals that share a text key where the mapping says that each row is a deal; ask where it does not."""
    repeated = texts.filter(texts["__text"].is_duplicated())
    if repeated.is_empty():
        return texts
    if reading.mapping.row == "deal":
        place = pl.int_range(1, pl.len() + 1).over("__text")
        numbered = pl.when(place > 1).then(pl.concat_str("__text", pl.lit("#"), place.cast(pl.String)))
        return texts.with_columns(__text=numbered.otherwise("__text"))
    if all_without_id:
        first = repeated.filter(pl.col("__text") == repeated["__text"][0])["line"].head(2).to_list()
        reading.questions.ask(
            f"The deals have no id, and lines {first[0]} and {first[1]} (of {repeated.height} in all) have the same "
            'owner, account, name and opening date; set row = "deal" if each row is a deal of its own, or columns.id.',
            "row",
        )
    return texts


def without_repeats(
    frame: pl.DataFrame, fields: list[str], may_differ: tuple[str, ...] = ()
) -> tuple[pl.DataFrame, int, pl.DataFrame]:
    """Return the first row of every key, the number of rows equal to it, and the rejection of rows that differ.

    Rows that differ in nothing but the fields that ``may_differ`` are each kept: several people listened to one call.
    """
    repeated = frame["key"].is_duplicated()
    if not repeated.any():
        return frame, 0, pl.DataFrame(schema=REJECTION_SCHEMA)
    rows = frame.filter(repeated)
    firsts = rows.unique("key", keep="first", maintain_order=True)
    others = rows.join(firsts.select("line"), on="line", how="anti", maintain_order="left").join(
        firsts, on="key", how="left", suffix="_first", maintain_order="left"
    )
    same = [field for field in fields if field not in may_differ]
    equal = pl.all_horizontal(pl.col(field).eq_missing(pl.col(f"{field}_first")) for field in same)
    different = others.filter(~equal)
    reason = pl.format(
        'The row has the same key "{}" as line {} but other values; keep one of them.',
        pl.col("key").str.slice(0, 120),
        "line_first",
    )
    rejections = different.select(pl.col("line"), reason.alias("reason"), pl.col("raw"))
    agreeing = rows.join(rejections.select("line"), on="line", how="anti", maintain_order="left")
    again = agreeing.filter(~pl.struct("key", *may_differ).is_first_distinct())
    dropped = pl.concat([again.select("line"), rejections.select("line")])
    kept = frame.join(dropped, on="line", how="anti", maintain_order="left")
    return kept, again.height, rejections
