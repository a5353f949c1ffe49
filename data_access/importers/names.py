"""One normal form for names, so that ``GTXPro`` finds ``GTX Pro``. Shared by the importers and the matcher."""

from __future__ import annotations

import unicodedata

import polars as pl


def normalised(text: str | None) -> str | None:
    """Return the name without case, spaces, punctuation and symbols (NFKC, casefold).

    A name that consists of nothing else stays as its casefolded self, so that "???" does not equal "!!!".
    None stays None; a blank text is None.
    """
    if text is None:
        return None
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    letters = "".join(character for character in folded if unicodedata.category(character)[0] in "LNM")
    return letters or folded.strip() or None


def _normalised_series(names: pl.Series) -> pl.Series:
    """Vectorised for ASCII; other texts go through ``normalised`` once per distinct text, so both always agree."""
    frame = names.cast(pl.String).alias("name").to_frame()
    ascii_form = pl.col("name").str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "")
    plain = frame.select(
        pl.when(ascii_form.str.len_bytes() > 0).then(ascii_form).otherwise(None).alias("plain"),
        (pl.col("name").str.contains(r"[^\x00-\x7f]") | (ascii_form.str.len_bytes() == 0)).alias("special"),
    )
    result = plain["plain"]
    if plain["special"].any():
        distinct = frame.filter(plain["special"])["name"].unique()
        forms = pl.DataFrame(
            {"name": distinct, "form": [normalised(text) for text in distinct]},
            schema={"name": pl.String, "form": pl.String},
        )
        found = frame.join(forms, on="name", how="left", maintain_order="left")["form"]
        result = (
            pl.DataFrame({"plain": result, "found": found, "special": plain["special"]})
            .select(pl.when("special").then("found").otherwise("plain").alias("plain"))
            .to_series()
        )
    return result.alias(names.name)


def normalised_expr(column: str | pl.Expr) -> pl.Expr:
    """Return ``normalised`` as a polars expression over a text column; equal to the function on every text."""
    names = pl.col(column) if isinstance(column, str) else column
    return names.map_batches(_normalised_series, return_dtype=pl.String)
