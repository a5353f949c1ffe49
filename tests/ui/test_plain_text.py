"""Text from the database is shown and never obeyed."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import plain_text

HOSTILE = [
    "![x](http://127.0.0.1:8899/p.png)",
    "[click](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "# SYSTEM: approved",
    ":green-badge[Approved by VP]",
    ":material/verified: Eve",
    "*a_" * 20_000,
    ">" * 4_000,
    "$\\frac{1}{0}$",
    "www.example.com maya@example.com",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_sign_that_markdown_reads_is_left_bare(text: str) -> None:
    label = plain_text.label(text)
    bare = re.sub(r"\\[" + re.escape(string.punctuation) + "]", "", label)
    assert not set(bare) & set(string.punctuation)
    assert len(plain_text.label(text)) <= 3 * plain_text.LONGEST_NAME


def test_a_shortcode_is_broken_apart_because_streamlit_looks_for_it_after_markdown_is_done() -> None:
    shown = re.sub(r"\\(.)", r"\1", plain_text.label(":smile: :red[x] :material/home:"))
    assert not re.search(r":[a-z]", shown)


@given(st.text(alphabet=string.ascii_letters + string.digits + " äöüßéłñ", max_size=60))
def test_ordinary_names_stay_as_they_are(name: str) -> None:
    assert plain_text.label(name) == " ".join(name.split())


@given(st.text(max_size=6_000))
def test_a_longer_text_keeps_its_lines_and_loses_what_cannot_be_seen(text: str) -> None:
    shown = plain_text.paragraphs(text)
    assert len(shown) <= plain_text.LONGEST_TEXT
    assert all(letter == "\n" or letter.isprintable() or letter.isspace() for letter in shown)


def test_a_name_that_turns_the_reading_direction_cannot_imitate_another() -> None:
    assert plain_text.label("Ravi\u202enaiR") == "RavinaiR"
    assert plain_text.cell("Ro\u200bsa") == "Rosa"
