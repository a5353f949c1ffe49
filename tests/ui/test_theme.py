"""The theme is readable, tells colours apart for colour-blind eyes, and the settings are the safe ones."""

from __future__ import annotations

import ast
import itertools
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.availability import PROJECT
from tests.ui.colours import EYES, contrast, distance, mixed

CONFIG: dict[str, Any] = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text())
TEXT_CONTRAST = 4.5
MARK_CONTRAST = 3.0
TOLD_APART = 10.0
CAPTION_OPACITY = 0.6
"""How Streamlit draws captions: the text colour at this opacity."""
CHOSEN_OPACITY = 0.1
"""How Streamlit draws a chosen pill or segment: in the accent, on the accent at this opacity."""
WORDS_IN_THE_ACCENT = {"pills", "segmented_control", "tabs"}
SIGNALS = ("red", "orange", "yellow", "green", "blue", "violet", "gray")


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = CONFIG["theme"][request.param]
    return found


def test_text_stands_out_from_page_sidebar_and_widgets(theme: dict[str, Any]) -> None:
    grounds = [theme["backgroundColor"], theme["secondaryBackgroundColor"], *theme["sidebar"].values()]
    for ground in grounds:
        assert contrast(theme["textColor"], ground) >= TEXT_CONTRAST
        assert contrast(mixed(theme["textColor"], ground, CAPTION_OPACITY), ground) >= TEXT_CONTRAST
    assert contrast(theme["linkColor"], theme["backgroundColor"]) >= TEXT_CONTRAST
    assert contrast(theme["dataframeHeaderTextColor"], theme["dataframeHeaderBackgroundColor"]) >= TEXT_CONTRAST


@pytest.mark.parametrize("signal", SIGNALS)
def test_coloured_words_are_readable_on_the_page_and_on_their_own_ground(theme: dict[str, Any], signal: str) -> None:
    words = theme[f"{signal}TextColor"]
    assert contrast(words, theme["backgroundColor"]) >= TEXT_CONTRAST
    assert contrast(words, theme[f"{signal}BackgroundColor"]) >= TEXT_CONTRAST
    assert contrast(theme[f"{signal}Color"], theme["backgroundColor"]) >= MARK_CONTRAST


def test_the_accent_carries_white_words_and_stands_out_from_the_page(theme: dict[str, Any]) -> None:
    assert contrast("#ffffff", theme["primaryColor"]) >= TEXT_CONTRAST
    assert contrast(theme["primaryColor"], theme["backgroundColor"]) >= MARK_CONTRAST


def most_as_words_under_white(ground: str) -> float:
    """The best contrast on ``ground`` of an accent that still carries white words, whatever its hue: greys decide."""
    greys = ["#" + f"{level:02x}" * 3 for level in range(256)]
    return max(contrast(grey, ground) for grey in greys if contrast("#ffffff", grey) >= TEXT_CONTRAST)


def test_in_the_light_theme_a_chosen_word_is_readable_on_its_own_tint() -> None:
    light = CONFIG["theme"]["light"]
    for ground in (light["backgroundColor"], light["sidebar"]["backgroundColor"]):
        tint = mixed(light["primaryColor"], ground, CHOSEN_OPACITY)
        assert contrast(light["primaryColor"], tint) >= TEXT_CONTRAST


def test_in_the_dark_theme_no_accent_carries_white_words_and_is_read_as_a_word_itself() -> None:
    # Streamlit writes primary buttons in white and chosen pills in the accent, whatever the accent is. Where this
    # fails, the page has become dark enough for both: then lighten the accent and allow the widgets below again.
    assert most_as_words_under_white(CONFIG["theme"]["dark"]["backgroundColor"]) < TEXT_CONTRAST
    assert most_as_words_under_white("#000000") > TEXT_CONTRAST


def methods_called(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr


def test_no_page_uses_a_widget_that_writes_the_chosen_word_in_the_accent() -> None:
    pages = [path for room in ("pages", "ui") for path in (PROJECT / room).rglob("*.py")]
    found = {(path.name, name) for path in pages for name in WORDS_IN_THE_ACCENT & {*methods_called(path.read_text())}}
    assert found == set(), "st.radio(horizontal=True) and st.selectbox are readable in the dark theme too"
    assert "pills" in methods_called("kind = st.pills('Kind', kinds)")


def test_the_ten_chart_colours_stand_out_from_the_page(theme: dict[str, Any]) -> None:
    # Fewer than ten and figures fall back to Plotly's own colours without a word.
    assert len(theme["chartCategoricalColors"]) == 10
    for colour in theme["chartCategoricalColors"]:
        assert contrast(colour, theme["backgroundColor"]) >= MARK_CONTRAST, colour


@pytest.mark.parametrize("eyes", list(EYES))
def test_no_two_chart_colours_look_alike(theme: dict[str, Any], eyes: str) -> None:
    for one, other in itertools.combinations(theme["chartCategoricalColors"], 2):
        assert distance(one, other, eyes) >= TOLD_APART, (one, other)


def test_the_slate_of_small_chart_text_is_readable(theme: dict[str, Any]) -> None:
    assert contrast(theme["chartCategoricalColors"][1], theme["backgroundColor"]) >= TEXT_CONTRAST


@pytest.mark.parametrize("scale", ["chartSequentialColors", "chartDivergingColors"])
def test_scales_have_the_ten_colours_that_streamlit_asks_for(theme: dict[str, Any], scale: str) -> None:
    assert len(set(theme[scale])) == 10


def test_the_downloaded_picture_of_the_light_theme_is_on_white() -> None:
    assert CONFIG["theme"]["light"]["backgroundColor"] == "#ffffff"


def test_known_pairs_have_the_contrast_that_wcag_names() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert distance("#ff0000", "#00ff00", "full colour vision") > 80
    assert distance("#b8860b", "#8a9a2b", "red-blind") < distance("#b8860b", "#8a9a2b", "full colour vision")


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("server", "address", "127.0.0.1"),
        ("server", "enableCORS", True),
        ("server", "enableXsrfProtection", True),
        ("server", "enableStaticServing", False),
        ("server", "enableAgentApi", False),
        ("server", "fileWatcherType", "none"),
        ("server", "scriptHealthCheckEnabled", True),
        ("browser", "gatherUsageStats", False),
        ("client", "toolbarMode", "minimal"),
        ("client", "showErrorDetails", "none"),
        ("client", "disableDataExport", True),
        ("runner", "magicEnabled", False),
        ("runner", "postScriptGC", False),
    ],
)
def test_the_safe_settings_are_set_and_not_left_to_defaults(section: str, key: str, value: object) -> None:
    assert CONFIG[section][key] == value


def test_only_names_of_this_machine_open_a_session() -> None:
    assert set(CONFIG["server"]["allowedHosts"]) == {"127.0.0.1", "localhost", "::1"}


def test_uploads_are_limited_and_nobody_is_taken_for_a_header() -> None:
    assert CONFIG["server"]["maxUploadSize"] <= 50
    assert "trustedUserHeaders" not in CONFIG["server"]
    # Left unset on purpose: set to false it brings the old kind of pages back before the first run.
    assert "showSidebarNavigation" not in CONFIG["client"]
