"""The programme's result on two sheets of paper: everything open, charts small, nothing to click.

A page prints at the width it has on the screen, and what is folded stays folded; so there is a view made for paper, as
wide as a sheet, that prints as it looks.
"""

from __future__ import annotations

import copy
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
HEIGHTS = {"actual_and_expected": 330, "event_curve": 345, "returns": 300, "cost": 262, "dose": 258}
"""Of pictures that can be lower than on the screen, in pixels; the others need a line for each of their rows."""
FEW_STEPS, HIGHER = 8, 305
"""With so few steps in the bridge, the pictures below it have room to be this high, in pixels."""
OF_ROWS, SAVED = ("bridge", "tiers", "coverage"), 12
"""Pictures of rows on the second sheet, and how many pixels each row is lower there than on the screen."""
WIDTH = 484
"""Of every picture, in pixels: half a sheet."""
MOST_SENTENCES, LOWER, ROOMIER = 14, 0.86, 1.18
"""With more reasons and limits than this, pictures are lower and the last two stand on the screen alone; without any
reason the first sheet has room for higher ones."""


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
        first = height if words.missing(found) else ROOMIER
        left, right = st.columns(2, gap="small")
        with left:
            _pictures(found, shown, LEFT, first)
        with right:
            _pictures(found, shown, RIGHT, first)
            programme_page.history()
        with st.container(key="second_sheet", gap="small"):
            has_money = any(not shown[name][0].why_not for name in SECOND_SHEET[:2])
            names = SECOND_SHEET if has_money else WITHOUT_MONEY
            for pair in (names[:2],) if is_crowded else (names[:2], names[2:]):
                # Side by side both are as high as the higher one needs: no white beside a long one.
                tall = max(_height(found, shown, name, height) for name in pair)
                if pair == names[2:] and shown["bridge"][0].frame.height <= FEW_STEPS:
                    tall = max(tall, HIGHER)
                for column, name in zip(st.columns(2, gap="small"), pair, strict=True):
                    with column:
                        _pictures(found, shown, (name,), height, tall)
            _heading("From what was put in to what came out")
            programme_page.ladder(found, between=f" {numbers.DASH} ")
            left, right = st.columns([5, 4], gap="small")
            with left:
                _heading("What we cannot claim")
                programme_page.cannot_claim(found)
            with right:
                _intangibles(found)
                _heading("Method and audit")
                st.markdown("\n".join(f"- {line}" for line in programme_page.audit_lines(sight, found, row)))


def _heading(text: str) -> None:
    st.markdown(f"##### {text}", anchors=False)


def _pictures(found: Found, shown: Shown, names: tuple[str, ...], height: float, least: int = 0) -> None:
    """Below each other; in the place of one that is not there, why. ``height``: how much of the usual one is left."""
    for name in names:
        picture = shown[name][0]
        if picture.why_not:
            st.markdown(f"**{programme_page.HEADINGS[name]}.** :gray[{programme_page.said(picture.why_not)}]")
            continue
        # A copy: what was drawn is kept, and the page shows it in the size it was drawn in.
        figure = copy.deepcopy(programme_page.drawn(found, *shown[name]))
        # Its own size in pixels, never one that is measured: what is measured on paper is smaller than what is drawn.
        figure.update_layout(width=WIDTH, height=max(_height(found, shown, name, height), least))
        st.plotly_chart(
            figure,
            key=f"paper_{name}",
            width="content",
            height="content",
            config={"staticPlot": True, "displayModeBar": False},
            alt=picture.alt,
        )


def _height(found: Found, shown: Shown, name: str, height: float) -> int:
    """Pixels that a picture takes on paper; 0 where there is none."""
    picture = shown[name][0]
    if picture.why_not:
        return 0
    if name in HEIGHTS:
        return round(HEIGHTS[name] * height)
    drawn: int = programme_page.drawn(found, *shown[name]).layout.height
    return drawn - (SAVED * picture.frame.height if name in OF_ROWS else 0)


def _intangibles(found: Found) -> None:
    _heading("What has no price")
    rows = words.intangible_rows(found)
    lines = [
        f"- **{programme_page.said(what)}.** {programme_page.said(told)} {said}."
        for what, told, said in rows.select("what", "words", "said").iter_rows()
    ]
    st.markdown("\n".join(lines) or "Nothing is known yet about what changed beside results.")
