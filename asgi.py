"""What `make run` starts: the app, the one download route with its viewer check, and headers on every answer."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from ui import downloads, exports, places

# Streamlit styles its elements inline and draws pictures and fonts from data addresses; nothing comes from elsewhere,
# so an image in a name from the database is not fetched.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
# They answer anybody, without a viewer: names of cached functions and counts of sessions.
CLOSED = ("/_stcore/metrics", "/_stcore/agent")
PRINT_SCRIPT = "window.addEventListener('load', () => window.print());\n"

_log = logging.getLogger("sideline")


class SecureHeaders:
    """Adds the headers to every HTTP answer; WebSockets pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name for name, _ in HEADERS}
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in named]
                message = {**message, "headers": kept + HEADERS}
            await send(message)

        if scope["path"].startswith(CLOSED):
            await Response("Not found", 404)(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)


def download(request: Request) -> Response:
    """The export behind a signed link, or a sentence why not. Runs in a worker thread: it reads the database."""
    answer = downloads.answer(
        request.path_params["file_name"],
        request.query_params.get("token", ""),
        request.client.host if request.client else None,
        request.headers,
    )
    return Response(answer.body, answer.status, answer.headers)


def print_script(_: Request) -> Response:
    """Opens the print dialogue of a page that is there to be printed: such a page may hold no script of its own."""
    return Response(PRINT_SCRIPT, media_type="text/javascript")


def properly_spelled(request: Request) -> Response:
    """On to the page that was meant, with all that the address says: hyphens and underscores are easily confused."""
    meant = places.OTHER_SPELLINGS[request.url.path.rpartition("/")[2]]
    # Relative, so that it also holds below a base path.
    return RedirectResponse(f"{meant}?{request.url.query}" if request.url.query else meant)


def on_script_error(error: Exception) -> bool:
    """A kind sentence with a number on the page, the traceback under that number in the log."""
    number = secrets.token_hex(4)
    _log.error("error %s", number, exc_info=error)
    # Named by module, not by class: which database is behind it is no matter of this file.
    database = type(error).__module__.partition(".")[0] in {"sqlalchemy", "psycopg", "sqlite3"}
    what = "The database did not answer as it should" if database else "Something went wrong here"
    st.error(
        f"{what}; nothing was lost. Reload the page."
        f" If it happens again, report number **{number}**: the server's log tells what happened under it.",
        icon=":material/error:",
    )
    return True


# Until the first run has called st.navigation, Streamlit takes a folder "pages" for its old kind of pages: the first
# deep link after a restart would be greeted with "Page not found".
PagesManager.uses_pages_directory = False
downloads.serve()
app = st.App(
    Path(__file__).with_name("app.py"),
    routes=[
        Route(f"{downloads.PREFIX}{exports.PRINT_SCRIPT}", print_script),
        Route(f"{downloads.PREFIX}{{file_name}}", download),
        *(Route(f"/{spelling}", properly_spelled) for spelling in places.OTHER_SPELLINGS),
    ],
    middleware=[Middleware(SecureHeaders)],
    on_script_error=on_script_error,
)
