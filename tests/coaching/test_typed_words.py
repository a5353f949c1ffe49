"""What people type is kept as far as it can be seen: text of invisible characters alone is no text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.typed_words import line, paragraphs, same_words

INVISIBLE = ("\u200b", "\u202e", "\x00", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u2800", "\ufe0f", "\x1b", "\t \n")


@pytest.mark.parametrize("sign", INVISIBLE, ids=lambda sign: f"U+{ord(sign[0]):04X}")
def test_text_that_nobody_sees_is_empty(sign: str) -> None:
    assert line(sign * 9) == ""
    assert paragraphs(f"{sign}\n\n{sign * 3}") == ""


def test_within_text_what_nobody_sees_is_taken_out_and_the_words_stay() -> None:
    assert line("The\u200b buyer\x00 is \u202eaway\u202c") == "The buyer is away"
    assert paragraphs(" Waited\u200b\r\n\n\u202eAsked ") == "Waited\n\nAsked"
    assert line("Zoë 你好 ❤\ufe0f") == "Zoë 你好 ❤\ufe0f"


def test_nothing_is_cut_where_composing_makes_a_text_longer() -> None:
    assert line("\u0958" * 5) == unicodedata.normalize("NFC", "\u0958" * 5)


@given(st.text())
def test_what_is_kept_is_kept_the_same_again_and_holds_no_control_character(text: str) -> None:
    kept = paragraphs(text)
    assert paragraphs(kept) == kept
    assert not any(unicodedata.category(sign) in {"Cc", "Cf"} for sign in kept.replace("\n", ""))


def test_the_same_words_in_other_capitals_and_spaces_are_the_same() -> None:
    assert same_words("The  renewal", " the Renewal ")
    assert not same_words("The renewal", "The renewals")
