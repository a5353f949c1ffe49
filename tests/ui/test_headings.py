"""No heading carries a link icon: addresses are made from filters, and the icon is a stop for the keyboard."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.availability import PROJECT

HEADINGS = {"title", "header", "subheader"}


def calls_with_link_icons(source: str) -> Iterator[str]:
    """Each call in ``source`` that draws a heading with the icon, as text."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        switch = {"anchors"} if node.func.attr == "markdown" and _begins_with_hash(node) else set()
        switch |= {"anchor"} if node.func.attr in HEADINGS and ast.unparse(node.func.value) == "st" else set()
        off = {word.arg for word in node.keywords if ast.unparse(word.value) == "False"}
        if switch - off:
            yield ast.unparse(node)


def _begins_with_hash(call: ast.Call) -> bool:
    first: ast.AST | None = call.args[0] if call.args else None
    while isinstance(first, ast.BinOp | ast.JoinedStr):
        first = first.left if isinstance(first, ast.BinOp) else first.values[0]
    return isinstance(first, ast.Constant) and str(first.value).startswith("#")


def sources() -> list[Path]:
    return sorted(path for room in ("pages", "ui") for path in (PROJECT / room).rglob("*.py"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_heading_of_a_page_carries_a_link_icon(path: Path) -> None:
    assert list(calls_with_link_icons(path.read_text())) == []


@pytest.mark.parametrize(
    "call", ['st.title("A")', 'st.subheader(name, anchor="a")', 'st.markdown("## " + name)', 'x.markdown(f"# {name}")']
)
def test_a_heading_with_a_link_icon_is_found(call: str) -> None:
    assert list(calls_with_link_icons(call))


@pytest.mark.parametrize(
    "call", ['st.title("A", anchor=False)', 'st.markdown("**A**")', "text.title()", "f.markdown()"]
)
def test_what_is_no_heading_or_carries_no_icon_is_left_alone(call: str) -> None:
    assert not list(calls_with_link_icons(call))
