"""The fixtures of the importers' tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data_access.importers.written import Read, reader


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A function that writes a small file of any shape and returns its records."""
    return reader(tmp_path)
