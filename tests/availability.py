"""What a machine may lack for some tests: they are skipped with a reason, or fail where everything is required."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def everything_is_required() -> bool:
    """Whether REQUIRE_ALL=1 is set, as continuous integration does: then nothing may be skipped quietly."""
    return os.environ.get("REQUIRE_ALL", "") == "1"


def not_available(reason: str) -> NoReturn:
    """Skip the test that needs what is missing, or fail it where everything is required."""
    if everything_is_required():
        pytest.fail(f"{reason} (REQUIRE_ALL=1)", pytrace=False)
    pytest.skip(reason)


def chromium_path() -> str | None:
    """The distribution's Chromium, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


def shared_folder() -> Path | None:
    """The shared example data that SIDELINE_SHARED names (default: a folder ``shared`` beside the project), or None."""
    folder = Path(os.environ.get("SIDELINE_SHARED") or PROJECT.parent / "shared")
    folder = folder if folder.is_absolute() else PROJECT / folder
    return folder if (folder / "data").is_dir() else None
