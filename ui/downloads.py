"""Downloads that are checked: signed links on the page, and what asgi.py answers to them.

Streamlit serves what st.download_button offers to anybody who has the address, without a cookie. Here a link names one
viewer, one export and a time; the answer checks the signature, then reads the viewer's rights from the database anew.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ui import exports, loaders
from ui.actions import looks
from ui.loaders import Sight
from ui.sign_in import is_loopback

SECONDS_VALID = 60 * 60
PREFIX = "/download/"
LOOPBACK_NAMES = {"localhost"}

# A secret of this process: a restart ends every link that was drawn before it.
_SECRET = secrets.token_bytes(32)
_log = logging.getLogger("sideline.downloads")


@dataclass
class _Route:
    """Whether this process answers downloads."""

    is_served: bool = False


_route = _Route()


def serve() -> None:
    """Called by asgi.py: in this process the links lead somewhere."""
    _route.is_served = True


def are_served() -> bool:
    """Whether links lead somewhere."""
    return _route.is_served


def how_to_get_them() -> None:
    """Instead of links where they would lead nowhere."""
    st.caption("Downloads need `make run`: started with `streamlit run`, the app cannot check who fetches a file.")


def link(
    sight: Sight, kind: str, label: str, file_name: str, *, icon: str = ":material/download:", **asked: Any
) -> None:
    """A link that downloads an export, or a line that says how to get downloads."""
    if not are_served():
        how_to_get_them()
        return
    st.link_button(label, address_of(sight, kind, file_name, **asked), icon=icon, type="tertiary")


def address_of(sight: Sight, kind: str, file_name: str, **asked: Any) -> str:
    """The signed address of an export for this viewer, valid for an hour."""
    who = str(sight.viewer.person_id) if sight.viewer.person_id is not None else str(sight.viewer.role)
    payload = {"as": who, "kind": kind, "asked": asked, "until": int(time.time()) + SECONDS_VALID}
    body = base64.urlsafe_b64encode(json.dumps(payload, sort_keys=True, default=str).encode()).decode().rstrip("=")
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{'/' + base if base else ''}{PREFIX}{file_name}?token={body}.{_signature(body)}"


def _signature(body: str) -> str:
    return hmac.new(_SECRET, body.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Answer:
    """What the route sends back."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def answer(file_name: str, token: str, client: str | None, headers: Mapping[str, str]) -> Answer:
    """The export behind a link, or a sentence why not. ``client`` = the address that asks."""
    if not _is_local(client, headers.get("host", "")):
        return _refused(403, "Without a sign-in, downloads are answered on this machine only.")
    asked = _opened(token)
    if asked is None:
        return _refused(403, "This link is not valid any more. Reload the page and click again.")
    if asked["until"] < time.time():
        return _refused(403, "This link has expired. Reload the page and click again.")
    sight = loaders.sight_of(asked["as"])
    found = (
        exports.EXPORTS[asked["kind"]](sight, asked["asked"]) if sight and asked["kind"] in exports.EXPORTS else None
    )
    if sight is None or found is None:
        return _refused(403, "There is no such download in your view.")
    # Ids and counts only: the log is no second copy of the data.
    document = exports.as_document(found)
    _log.info("download %s by %s (%s): %d rows", asked["kind"], asked["as"], sight.viewer.role, document.row_count)
    looks.note_download(sight, asked["kind"], document.row_count)
    safe_name = "".join(letter for letter in file_name if letter.isalnum() or letter in "._-")[:80] or "export.csv"
    return Answer(
        200,
        document.body,
        {
            "content-type": document.content_type,
            "content-disposition": f'{"inline" if document.is_shown else "attachment"}; filename="{safe_name}"',
            "cache-control": "no-store",
        },
    )


def _opened(token: str) -> dict[str, Any] | None:
    body, _, signature = token.partition(".")
    if not hmac.compare_digest(_signature(body).encode(), signature.encode()):
        return None
    opened: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return opened


def _is_local(client: str | None, host: str) -> bool:
    """Asked from this machine, and under one of its own names: another name would be a rebound address."""
    name = host.rsplit(":", 1)[0].strip("[]") if not host.endswith("]") else host.strip("[]")
    return is_loopback(client or "") and (name in LOOPBACK_NAMES or is_loopback(name))


def _refused(status: int, sentence: str) -> Answer:
    _log.warning("download refused: %s", sentence)
    return Answer(status, sentence.encode(), {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"})


def dated(stem: str, as_of: dt.date, ending: str = "csv") -> str:
    """A file name with its day: reps-2026-11-22.csv"""
    return f"{stem}-{as_of.isoformat()}.{ending}"
