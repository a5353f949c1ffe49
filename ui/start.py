"""What `make run` starts: a database that is ready, then one server on this machine. Holds no page and no query.

The database work runs as commands of its own (`python -m data_access ...`), as anybody would type them: the server
process starts with no connection open, and this folder keeps its rule that only loaders and actions reach the data.
"""

from __future__ import annotations

import errno
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

import uvicorn

PROJECT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8501
PORTS_TO_TRY = 50
SECONDS_FOR_OPEN_PAGES_TO_CLOSE = 2


class CannotStart(Exception):
    """Why the server cannot start, in a sentence for the person at the terminal."""


def main() -> int:
    """Prepare the database, serve until Ctrl-C; the exit code."""
    try:
        wanted = wanted_port(os.environ.get("PORT", ""))
        prepare_database()
        # Chosen last: filling the demo takes a while, and the port may be taken by then.
        port = free_port(wanted)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped before the server was started.", file=sys.stderr)
        return 130
    if port != wanted:
        print(f"Port {wanted} is taken, so this is port {port}.")
    serve(port)
    return 0


def wanted_port(text: str) -> int:
    """The port that PORT asks for; 8501 when it is empty."""
    if not text.strip():
        return DEFAULT_PORT
    if not text.strip().isdecimal() or not 1 <= int(text) <= 65535:
        raise CannotStart(f"PORT has to be a number from 1 to 65535, not {text!r}.")
    return int(text)


def prepare_database() -> None:
    """Migrate the database and fill it with the demo company if nothing is in it."""
    _data_access("migrate")
    _data_access("demo", "--if-empty")


def _data_access(*arguments: str) -> None:
    finished = subprocess.run([sys.executable, "-m", "data_access", *arguments], cwd=PROJECT, check=False)
    if finished.returncode != 0:
        raise CannotStart(f"Not started: `python -m data_access {' '.join(arguments)}` did not succeed (see above).")


def free_port(wanted: int) -> int:
    """The wanted port, or the next one above it that nobody listens on."""
    last = min(wanted + PORTS_TO_TRY, 65536)
    for port in range(wanted, last):
        if _is_free(port):
            return port
    raise CannotStart(f"Every port from {wanted} to {last - 1} is taken. Name another one: PORT=9000")


def _is_free(port: int) -> bool:
    # Where another program listens on all addresses, some systems let a second one bind loopback: so ask first.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as caller:
        caller.settimeout(1)
        if caller.connect_ex((LOOPBACK, port)) == 0:
            return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((LOOPBACK, port))
        except PermissionError as refused:
            raise CannotStart(f"This account may not open port {port}. Name another one: PORT=9000") from refused
        except OSError as failure:
            if failure.errno == errno.EADDRINUSE:
                return False
            raise
    return True


class _AnnouncingServer(uvicorn.Server):
    """Prints the address once it answers, not before: people click it at once."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"Sideline is at http://{self.config.host}:{self.config.port}  (Ctrl-C stops it)", flush=True)


def serve(port: int) -> None:
    """Serve asgi.py on loopback in this one process until Ctrl-C."""
    # Host and port rather than a socket of our own: with it the connections lose TCP_NODELAY, and every rerun
    # waits 40 ms for an acknowledgement.
    config = uvicorn.Config(
        "asgi:app",
        host=LOOPBACK,
        port=port,
        workers=1,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SECONDS_FOR_OPEN_PAGES_TO_CLOSE,
    )
    # Streamlit gives the server's loggers levels and handlers of its own when it starts, so a filter has to do it.
    for name in ("uvicorn.access", "uvicorn.error"):
        logging.getLogger(name).addFilter(lambda record: record.levelno >= logging.WARNING)
    try:
        _AnnouncingServer(config).run()
    except KeyboardInterrupt:
        print("\nStopped.")


if __name__ == "__main__":
    sys.exit(main())
