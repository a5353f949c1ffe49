"""Colours by meaning. The values are Streamlit's placeholders: the browser puts the theme's own colours in their
place, so that one figure is right in the light and in the dark theme. Reps never have a colour of their own.

The order is that of ``chartCategoricalColors`` in .streamlit/config.toml; tests/charts/test_palette.py holds the two
together and checks their contrast.
"""

from __future__ import annotations

OWN = "#000001"
"""Deep teal: what the chart is about."""
PEERS = "#000002"
"""Slate: others like it, for comparison. Dark enough for text as well."""
WATCH = "#000003"
"""Amber: wants a look."""
ALERT = "#000004"
"""Brick: needs attention."""
MET = "#000005"
"""Green: target met, nothing else."""
SKILLS = ("#000006", "#000007", "#000008", "#000009", "#000010")
"""Each skill keeps its colour on every page; more skills than colours are told apart by dash as well."""

CATEGORIES = (OWN, PEERS, WATCH, ALERT, MET, *SKILLS)

SEQUENTIAL = tuple(f"#0000{number}" for number in range(11, 21))
"""One hue from nothing to much."""
DIVERGING = tuple(f"#0000{number}" for number in range(21, 31))
"""Two hues around a meaningful middle."""

TEXT = "#000037"
MUTED = PEERS
"""Small text: Streamlit's own grey for figures falls short of 4.5 to 1 on white."""
PAPER = "#000038"
GRID = "#000039"
