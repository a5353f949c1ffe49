"""What `make run` decides before the server runs."""

import socket
import subprocess
import sys

import pytest

from ui import start


def test_the_port_is_8501_unless_somebody_asks_for_another() -> None:
    assert start.wanted_port("") == 8501
    assert start.wanted_port(" 9000 ") == 9000


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "85.01"])
def test_a_port_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(start.CannotStart, match="1 to 65535"):
        start.wanted_port(text)


@pytest.mark.parametrize("listens_on", ["127.0.0.1", ""])
def test_the_next_free_port_is_taken_when_somebody_listens(listens_on: str) -> None:
    with socket.socket() as somebody:
        somebody.bind((listens_on, 0))
        somebody.listen()
        taken = somebody.getsockname()[1]
        assert start.free_port(taken) > taken


def test_a_free_port_is_taken_as_it_is() -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        free = somebody.getsockname()[1]
    assert start.free_port(free) == free


def test_the_demo_is_asked_for_only_after_the_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(start, "_data_access", lambda *arguments: asked.append(arguments))
    start.prepare_database()
    assert asked == [("migrate",), ("demo", "--if-empty")]


def test_nothing_is_served_when_the_database_cannot_be_prepared(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subprocess, "run", _fails)
    monkeypatch.setattr(start, "serve", lambda port: pytest.fail("served all the same"))
    assert start.main() == 1
    assert "python -m data_access migrate" in capfd.readouterr().err


def _fails(command: list[str], **_: object) -> object:
    assert command[0] == sys.executable
    return type("Finished", (), {"returncode": 3})
