"""What a machine lacks is said on a newcomer's machine and fails where everything is required."""

from pathlib import Path

import pytest

from tests import availability


def test_what_is_missing_skips_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no server"):
        availability.not_available("no server")


def test_what_is_missing_fails_where_everything_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="no server"):
        availability.not_available("no server")


def test_the_shared_data_lie_where_the_variable_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SIDELINE_SHARED", str(tmp_path))
    assert availability.shared_folder() is None
    (tmp_path / "data").mkdir()
    assert availability.shared_folder() == tmp_path
