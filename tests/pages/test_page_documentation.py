"""docs/pages.md has a heading for every page, under the address it is reached by."""

from __future__ import annotations

import re

from coaching.periods import NAMED_PERIODS
from tests.availability import PROJECT
from ui.address import SHARED_NAMES
from ui.places import OWN_NAMES

DOCUMENT = (PROJECT / "docs" / "pages.md").read_text()


def test_every_page_with_an_address_has_a_heading_that_names_it() -> None:
    registered = set(re.findall(r'url_path="([a-z_-]+)"', (PROJECT / "app.py").read_text())) - {"start"}
    documented = set(re.findall(r"^## .+ \(`/([a-z_-]+)`\)$", DOCUMENT, re.MULTILINE))
    assert documented == registered
    assert len(registered) == 19


def test_every_name_that_stands_in_an_address_is_explained() -> None:
    names = set(SHARED_NAMES).union(*OWN_NAMES.values()) | set(NAMED_PERIODS)
    assert {name for name in names if f"`{name}`" not in DOCUMENT} == set()
