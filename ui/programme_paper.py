"""The programme's result on two sheets of paper: everything open, charts small, nothing to click.

A page prints at the width it has on the screen, and what is folded stays folded; so there is a view made for paper, as
wide as a sheet, that prints as it looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from coaching import numbers
from coaching import programme_words as words
from coaching.programme_view import Picture
from ui import address, programme_page
from ui.loaders import Sight

Found = Mapping[str, Any]
Shown = Mapping[str, tuple[Picture, Any]]
NAME = "paper"
LEFT, RIGHT = ("visible", "actual_and_expected", "event_curve"), ("checks",)
SECOND_SHEET = ("bridge", "returns", "tiers", "cost")
WITHOUT_MONEY = ("tiers", "cost", "coverage", "dose")
"""Two sheets hold eight pictures that can still be read."""
HEIGHTS = {"actual_and_expected": 330, "event_curve": 345, "returns": 320, "cost": 310, "dose": 300}
"""Of pictures that can be lower than on the screen, in pixels; the others need a line for each of their rows."""
MOST_SENTENCES, LOWER = 14, 0.86
"""With more reasons and limits than this, pictures are lower and the last two stand on the screen alone."""


def is_asked_for() -> bool:
    """Whether the address asks for the view made for paper."""
    return address.text(NAME) == "1"


def way() -> None:
    """The button that leads to the view made for paper, and back."""
    if is_asked_for():
        st.button("Back to the page", key="leave_paper", icon=":material/arrow_back:", on_click=_leave)
    else:
        st.button("Print view", key="to_paper", icon=":material/print:", on_click=_ask)


def _ask() -> None:
    address.put(**{NAME: 1})


def _leave() -> None:
    address.put(**{NAME: None})


def show(sight: Sight, found: Found, row: Mapping[str, Any], shown: Shown) -> None:
    """Two sheets: the verdict with what holds it up; then the money, the ladder, the limits and the audit."""
    st.caption(
        "Print with Ctrl + P (⌘ P on a Mac): two pages of A4 or US letter with the verdict, the main pictures, the"
        " levels, the limits and the audit. All pictures and tables stand on the page."
    )
    scheme = "dark" if st.context.theme.type == "dark" else "light"
    with st.container(key=f"sheet_{scheme}", gap=None), st.container(key="paper", gap="small"):
        st.markdown(
            f"##### Programme {numbers.DASH} did it pay, and how sure are we?"
            f" :gray[As of {numbers.day(row['as_of'])}; {programme_page.said(words.scope(found))}]",
            anchors=False,
        )
        programme_page.verdict(found)
        is_crowded = len(words.missing(found)) + len(found["said"]["cannot_claim"]) > MOST_SENTENCES
        height = LOWER if is_crowded else 1.0
        left, right = st.columns(2, gap="small")
        with left:
            _pictures(found, shown, LEFT, height)
        with right:
            _pictures(found, shown, RIGHT, height)
            programme_page.history()
        with st.container(key="second_sheet", gap="small"):
            has_money = any(not shown[name][0].why_not for name in SECOND_SHEET[:2])
            names = SECOND_SHEET if has_money else WITHOUT_MONEY
            for pair in (names[:2],) if is_crowded else (names[:2], names[2:]):
                for column, name in zip(st.columns(2, gap="small"), pair, strict=True):
                    with column:
                        _pictures(found, shown, (name,), height)
            _heading("From what was put in to what came out")
            programme_page.ladder(found, between=f" {numbers.DASH} ")
            left, right = st.columns([3, 2], gap="medium")
            with left:
                _heading("What we cannot claim")
                programme_page.cannot_claim(found)
            with right:
                _intangibles(found)
                _heading("Method and audit")
                st.markdown("\n".join(f"- {line}" for line in programme_page.audit_lines(sight, found, row)))


def _heading(text: str) -> None:
    st.markdown(f"##### {text}", anchors=False)


def _pictures(found: Found, shown: Shown, names: tuple[str, ...], height: float) -> None:
    """Below each other; in the place of one that is not there, why. ``height``: how much of the usual one is left."""
    for name in names:
        picture, chart = shown[name]
        if picture.why_not:
            st.markdown(f"**{programme_page.HEADINGS[name]}.** :gray[{programme_page.said(picture.why_not)}]")
            continue
        st.plotly_chart(
            programme_page.drawn(found, picture, chart),
            key=f"paper_{name}",
            height=round(HEIGHTS[name] * height) if name in HEIGHTS else "content",
            config={"staticPlot": True, "displayModeBar": False},
            alt=picture.alt,
        )


def _intangibles(found: Found) -> None:
    _heading("What has no price")
    rows = words.intangible_rows(found)
    lines = [
        f"- **{programme_page.said(what)}.** {programme_page.said(told)} {said}."
        for what, told, said in rows.select("what", "words", "said").iter_rows()
    ]
    st.markdown("\n".join(lines) or "Nothing is known yet about what changed beside results.")
