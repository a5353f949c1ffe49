"""A new rep's way to selling."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.databases import sqlite_url
from tests.demo import id_of
from tests.pages.opening import ONBOARDING, figures, opened, words
from ui.empty_states import NO_SUCH_PERSON


def test_a_coach_without_a_rep_chosen_sees_who_has_started_lately(demo: str) -> None:
    written = words(opened(ONBOARDING, "Dana"))
    assert "started within the last year" in written


def test_ravi_sees_his_cycles_his_ramp_and_how_it_is_done_well(demo: str) -> None:
    app = opened(ONBOARDING, "Ravi")
    assert len(figures(app)) == 2
    assert "How it is done well" in words(app)


@pytest.mark.parametrize("who", ["Omar", "Eve", "Ada"])
def test_nobody_outside_the_line_sees_ravis_onboarding(demo: str, who: str) -> None:
    app = opened(ONBOARDING, who, rep=id_of("Ravi"))
    assert NO_SUCH_PERSON in words(app)
    assert not figures(app)


def test_ravi_notes_a_stage_and_is_told_what_is_missing_first(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_caches: None
) -> None:
    file = tmp_path / "own.sqlite3"
    shutil.copyfile(demo_url.removeprefix("sqlite:///"), file)
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(file))
    app = opened(ONBOARDING, "Ravi")
    save = next(button for button in app.button if button.label == "Save the stage")
    save.click().run()
    said = " ".join(message.value for message in app.warning)
    assert "whom you sat in with" in said
    assert "noticed" in said
    seller = next(choice for choice in app.selectbox if choice.label == "With whom")
    # Only colleagues of the own team are offered.
    seller.select_index(0).run()
    app.text_area[0].set_value("Waited for the answer").run()
    next(button for button in app.button if button.label == "Save the stage").click().run()
    assert not app.exception
    assert "is noted" in " ".join(message.value for message in app.success)
    assert "Waited for the answer" in " ".join(table.value.to_csv() for table in app.dataframe)
