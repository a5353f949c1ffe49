"""The tree of a diagnosis, looked at without a browser."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts import diagnosis, palette
from coaching.diagnosis import view
from tests.charts.drawings import as_dict, colours, notes, texts, title

HOSTILE = "<b>Ravi</b> & <script>"


def nodes(*rows: tuple[str, int, int | None, str, float | None]) -> pl.DataFrame:
    """Rows of (label, depth, parent, mark, distance), numbered from 1 on."""
    named = [
        (number, parent, depth, label.lower(), label, "36 %", mark, share, f"{label} says so. And why.")
        for number, (label, depth, parent, mark, share) in enumerate(rows, start=1)
    ]
    return pl.DataFrame(named, schema=view.NODES, orient="row")


TREE = nodes(
    ("Results", 0, None, "open", None),
    ("Quota attainment", 1, 1, "usual", 0.4),
    ("Win rate", 2, 2, "focus", -3.0),
    ("Deal size", 2, 2, "strong", 1.3),
    ("Skill", 0, None, "unknown", None),
)


def drawn(rows: pl.DataFrame = TREE) -> go.Figure:
    return diagnosis.tree(rows, sentence="2 of 3 figures stand out", scope="Ravi Nair, as of 20 Nov 2026")


def marked(figure: go.Figure, axis: str) -> dict[str, dict[str, Any]]:
    return {
        trace["name"]: trace
        for trace in as_dict(figure)["data"]
        if trace["mode"] == "markers" and trace.get("xaxis", "x") == axis
    }


def test_every_node_has_a_place_in_the_tree_and_can_be_clicked() -> None:
    points = marked(drawn(), "x")
    clicked = sorted(node for trace in points.values() for node in trace["customdata"])
    assert clicked == [1, 2, 3, 4, 5]
    by_node = {node: x for trace in points.values() for node, x in zip(trace["customdata"], trace["x"], strict=True)}
    assert by_node[1] < by_node[2] < by_node[3] == by_node[4]
    assert by_node[5] == by_node[1]


def test_status_is_told_by_shape_as_well_as_by_colour_and_words() -> None:
    points = marked(drawn(), "x")
    shapes = {name: trace["marker"]["symbol"] for name, trace in points.items()}
    assert len(set(shapes.values())) == len(shapes)
    markers = [(shape, colour) for shape, colour, _ in diagnosis.MARKERS.values()]
    assert len({shape for shape, _ in markers}) >= len(markers) - 1
    assert set(diagnosis.MARKERS) == set(view.MARKS)


def test_distances_stand_beside_the_tree_and_what_is_far_out_is_drawn_at_the_edge() -> None:
    points = marked(drawn(), "x2")
    assert points["usual"]["x"] == [0.4]
    assert points["focus"]["x"] == [-diagnosis.WIDEST]
    assert points["strong"]["x"] == [1.3]
    assert "unknown" not in points
    band = next(shape for shape in as_dict(drawn())["layout"]["shapes"] if shape["type"] == "rect")
    assert (band["x0"], band["x1"]) == (-1, 1)
    assert {"short", "beyond"} <= set(notes(drawn()))


def test_the_words_of_the_sides_have_a_row_of_their_own_inside_the_picture() -> None:
    layout = as_dict(drawn())["layout"]
    low = layout["yaxis"]["range"][0]
    sides = [note for note in layout["annotations"] if note["text"] in {"short", "beyond"}]
    a_row = (layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]) / (low + 0.6)
    for note in sides:
        assert note["yanchor"] == "top"
        # The words hang down from their place and are about 16 pixels high.
        assert (low - note["y"]) * a_row >= 18


def test_each_child_is_joined_to_its_parent() -> None:
    lines = next(trace for trace in as_dict(drawn())["data"] if trace["mode"] == "lines")
    assert list(lines["y"]).count(None) == 3


def test_labels_hold_the_figure_and_hover_says_it_in_sentences() -> None:
    said = texts(drawn())
    assert "<b>Win rate 36 %</b>" in said
    assert "Deal size 36 %" in said
    assert any("Win rate says so." in text for text in said)
    assert title(drawn()) == "2 of 3 figures stand out"


def test_names_out_of_the_database_are_shown_and_not_obeyed() -> None:
    hostile = nodes((HOSTILE, 0, None, "usual", 0.2))
    assert not any("<script>" in text or "<b>Ravi" in text for text in texts(drawn(hostile)))
    assert any("&lt;script&gt;" in text for text in texts(drawn(hostile)))


def test_a_tree_without_nodes_is_an_empty_labelled_space() -> None:
    figure = drawn(TREE.clear())
    assert not figure.data
    assert "Nothing has been compared yet." in " ".join(notes(figure))


def test_only_colours_of_the_theme_are_used_and_taller_trees_are_taller() -> None:
    known = {*palette.CATEGORIES, palette.TEXT, palette.GRID, palette.MUTED, palette.PAPER}
    assert colours(drawn()) <= known
    assert drawn().layout.height > drawn(TREE.head(2)).layout.height
