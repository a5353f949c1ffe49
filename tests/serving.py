"""The application as people meet it: a server process of its own on a free port, and what tests ask of it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from tests.availability import PROJECT

SECONDS_TO_START = 60


@contextlib.contextmanager
def serving(database_url: str, **environment: str) -> Iterator[str]:
    """The base address of the application over ``database_url``; the process ends with the block.

    Starts what `make run` starts, without the demo. More environment variables by keyword.
    """
    port = unused_port()
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "asgi:app", "--host=127.0.0.1", f"--port={port}", "--no-access-log"],
            cwd=PROJECT,
            env={**os.environ, "COACHING_DATABASE_URL": database_url, **environment},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_healthy(address, server, said.fileno())
            yield address
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def unused_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        port: int = candidate.getsockname()[1]
        return port


def _wait_until_healthy(address: str, server: subprocess.Popen[bytes], said: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        # Every unknown path answers 200 with the start page, so only the word in the body counts.
        with (
            contextlib.suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer,
        ):
            if answer.read() == b"ok":
                return
        time.sleep(0.1)
    output = os.pread(said, 4000, max(0, os.fstat(said).st_size - 4000)).decode(errors="replace")
    raise RuntimeError(f"The application did not start (exit code {server.poll()}):\n{output}")
