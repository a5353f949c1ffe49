"""The command ``digest``: the list of somebody's overview as Markdown or HTML. Prints, and sends nothing anywhere."""

from __future__ import annotations

import datetime as dt
import html

import polars as pl
import sqlalchemy as sa

from coaching.attention import words
from coaching.attention.order import listing
from coaching.digest import FOR_COACHES, FOR_OTHERS, Digest, as_html, as_markdown
from coaching.people import Role, Viewer
from data_access import audit
from data_access.engine import reading, writing
from data_access.queries.attention import attention, attention_weights, snoozes
from data_access.queries.people import teams
from data_access.settings import checked, settings

FORMATS = ("md", "html")


def printed(
    viewer: Viewer,
    engine: sa.Engine,
    *,
    as_of: dt.date,
    today: dt.date,
    form: str,
    address: str = "",
    now: dt.datetime,
) -> str:
    """The digest of ``viewer`` in one of FORMATS, with an entry in the audit trail; a sentence where they coach nobody.

    ``address``: where the application is reached, else the company's setting; without either there are no links.
    Raises SettingRefused for an address that is none.
    """
    with reading(engine) as connection:
        found = digest(viewer, connection, as_of=as_of, today=today, address=address) if viewer.coaches else None
    with writing(engine) as connection:
        detail = {"as_of": as_of.isoformat(), "format": form}
        audit.record(connection, viewer.person_id, f"read digest as {viewer.role}", detail=detail, now=now)
    if found is None:
        said = FOR_COACHES if viewer.role is Role.REP else FOR_OTHERS
        return f"{said}\n" if form == "md" else f"<p>{html.escape(said)}</p>\n"
    return as_markdown(found) if form == "md" else as_html(found)


def digest(viewer: Viewer, connection: sa.Connection, *, as_of: dt.date, today: dt.date, address: str = "") -> Digest:
    """The same list, order and words as on the viewer's overview of the running quarter."""
    values = settings(connection)
    tree = teams(viewer, connection, as_of, today)
    roots = tree.filter(pl.col("parent_id").is_null())["team_id"].to_list()
    # Somebody with a single team at the top starts there on the overview, too.
    team_id = roots[0] if len(roots) == 1 else None
    found = attention(viewer, connection, as_of=as_of, today=today, team_id=team_id)
    put_off = snoozes(viewer, connection, as_of=as_of)
    weights = attention_weights(viewer, connection)
    return Digest(
        viewer.name,
        as_of,
        tuple(words.verdict(found)),
        listing(found["alerts"], found["people"], put_off, weights, as_of),
        str(values["reporting_currency"] or "USD"),
        words.is_anything_known(found),
        weights.floor_weeks,
        checked("product_address", address) or values["product_address"] or "",
    )
