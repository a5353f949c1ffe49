"""What phone systems write: Asterisk's lists without a header, who is the rep of a call, and who listens in."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import polars as pl

from data_access.importers.decoding import Decoded

_CDR_TEXT = (
    "accountcode,src,dst,dcontext,clid,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,disposition,"
    "amaflags,uniqueid,userfield"
)
# The order of Asterisk's sample for custom lists.
_CDR_CUSTOM_TEXT = (
    "clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,disposition,amaflags,"
    "accountcode,uniqueid,userfield"
)
_LAYOUTS = tuple(tuple(text.split(",")) for text in (_CDR_TEXT, _CDR_CUSTOM_TEXT))
_DISPOSITIONS = {"ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION"}
_SPYING = r"(?i)^(?:chanspy|extenspy)$"
# An internal number, not the public number of a customer.
_EXTENSION = r"^\d{2,6}$"


def with_asterisk_header(decoded: Decoded) -> tuple[Decoded, bool]:
    """Put a header above an Asterisk call list that has none; say whether one was added.

    Such a list is known by the place of its disposition (ANSWERED, BUSY ...), which also tells its two orders apart.
    """
    line = decoded.data[:8192].split(b"\n", 1)[0].decode("utf-8", errors="replace")
    try:
        cells = next(csv.reader(io.StringIO(line)), [])
    except csv.Error:
        return decoded, False
    for names in _LAYOUTS:
        place = names.index("disposition")
        if 15 <= len(cells) <= len(names) and cells[place].strip().upper() in _DISPOSITIONS:
            header = ",".join(names[: len(cells)]).encode() + b"\n"
            return replace(decoded, data=header + decoded.data), True
    return decoded, False


def asterisk_supervision(
    application: pl.Series, data: pl.Series, caller: pl.Series
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return supervisor, coached rep and mode of the rows in which somebody listens in; null in all others.

    The options after the first comma say the mode: w or W whispers, B barges, d switches while the call runs (unknown),
    none of them listens. The rep is the extension in the channel that is listened to.
    """
    frame = pl.DataFrame({"application": application, "data": data, "caller": caller})
    spying = pl.col("application").str.contains(_SPYING).fill_null(value=False)
    options = pl.col("data").str.extract(r"^[^,|]*[,|](.*)$", 1).fill_null("").str.replace_all(r"\([^)]*\)", "")
    mode = (
        pl.when(options.str.contains("d", literal=True))
        .then(pl.lit("unknown"))
        .when(options.str.contains("B", literal=True))
        .then(pl.lit("barge"))
        .when(options.str.contains("[wW]"))
        .then(pl.lit("whisper"))
        .otherwise(pl.lit("listen"))
    )
    channel = pl.col("data").str.extract(r"^([^,|]*)", 1)
    rep = pl.coalesce(channel.str.extract(r"^[A-Za-z0-9]+/([^@,\-/]+)", 1), channel.str.extract(r"^([^@,]+)", 1))
    chosen = frame.select(
        supervisor=pl.when(spying).then("caller"), rep=pl.when(spying).then(rep), mode=pl.when(spying).then(mode)
    )
    return chosen["supervisor"], chosen["rep"], chosen["mode"]


def rep_of_line(caller: pl.Series, callee: pl.Series, direction: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the rep's end of a call that names only its two ends, and its direction.

    The direction tells which end is ours. Without one, an extension is ours: the caller's, else the callee's.
    """
    frame = pl.DataFrame({"caller": caller, "callee": callee, "direction": direction})
    ours = {name: pl.col(name).str.contains(_EXTENSION).fill_null(value=False) for name in ("caller", "callee")}
    told = pl.coalesce(
        "direction",
        pl.when(ours["caller"] & ours["callee"])
        .then(pl.lit("internal"))
        .when(ours["caller"])
        .then(pl.lit("outbound"))
        .when(ours["callee"])
        .then(pl.lit("inbound")),
    )
    chosen = frame.with_columns(told=told).select(
        rep=pl.when(pl.col("told") == "inbound").then("callee").otherwise("caller"), direction="told"
    )
    return chosen["rep"], chosen["direction"]
