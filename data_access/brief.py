"""The command ``brief``: the page of paper for one rep, as Markdown, HTML or JSON. Leaves an audit entry."""

from __future__ import annotations

import datetime as dt
import sys

import sqlalchemy as sa

from coaching import numbers
from coaching.brief import Brief, Site, as_html, as_json, as_markdown
from coaching.people import Viewer
from data_access import audit
from data_access.asked_about import seller, why_away
from data_access.engine import reading, writing
from data_access.queries.brief import brief
from data_access.scope import NotPermitted
from data_access.settings import checked, settings

FORMATS = ("md", "html", "json")


def printed(
    viewer: Viewer,
    engine: sa.Engine,
    *,
    rep: str,
    as_of: dt.date,
    today: dt.date,
    form: str,
    address: str = "",
    now: dt.datetime,
) -> str:
    """The brief of ``rep`` (id or name) in one of FORMATS, with an entry in the audit trail (ids only).

    ``address``: where the application is reached, else the company's setting; without either there are no links.
    Raises SettingRefused for an address that is none, NotPermitted where there is nobody like that in the viewer's
    view (out of scope reads like unknown) or where they do not sell. That they were not there on ``as_of`` goes to the
    standard error: there is hardly anything to print then.
    """
    with reading(engine) as connection:
        site = Site(checked("product_address", address) or settings(connection)["product_address"] or "")
        rep_id = seller(viewer, connection, rep, today)
        found = brief(viewer, connection, rep_id=rep_id, as_of=as_of, today=today)
        away = why_away(connection, rep_id, as_of)
    if found is None:
        raise NotPermitted(f"There is no such person in this view: '{rep[:80]}'.")
    if away:
        print(away.replace(numbers.SPACE, " "), file=sys.stderr)
    with writing(engine) as connection:
        audit.record(
            connection,
            viewer.person_id,
            f"read brief as {viewer.role}",
            subject=f"person {found.rep_id}",
            detail={"as_of": as_of.isoformat(), "format": form},
            now=now,
        )
    return _as(found, form, site)


def _as(found: Brief, form: str, site: Site) -> str:
    match form:
        case "md":
            return as_markdown(found, site)
        case "html":
            return as_html(found, site)
        case _:
            return as_json(found) + "\n"
