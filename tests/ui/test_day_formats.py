"""Days are typed in one format on every page."""

from __future__ import annotations

import ast
import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from tests.availability import PROJECT
from ui import day_formats

SOURCES = sorted(path for folder in ("ui", "pages") for path in (PROJECT / folder).rglob("*.py"))


def date_inputs(source: str) -> list[ast.Call]:
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "date_input"]


def test_every_date_input_says_the_one_format() -> None:
    found = {path: date_inputs(path.read_text()) for path in SOURCES}
    assert sum(map(len, found.values())) > 10
    for path, calls in found.items():
        for call in calls:
            said = [ast.unparse(word.value) for word in call.keywords if word.arg == "format"]
            assert said == ["day_formats.TYPED"], f"{path.relative_to(PROJECT)}:{call.lineno}"


@pytest.mark.parametrize("day", [dt.date(2026, 3, 4), dt.date(1990, 12, 31)])
def test_streamlit_takes_the_format(day: dt.date) -> None:
    def page(day: object, typed: str) -> None:
        import streamlit as st

        st.date_input("Day", day, min_value=day, format=typed)  # type: ignore[call-overload]

    app = AppTest.from_function(page, args=(day, day_formats.TYPED)).run()
    assert not app.exception
    assert app.date_input[0].value == day
    assert app.date_input[0].format == day_formats.TYPED
