"""Shadowed cycles, the sign-off to sell, and who may note them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from coaching.onboarding import CYCLES, STAGES, ShadowedStageDraft, complete_count
from coaching.people import Viewer
from data_access.commands.onboarding import note_shadowed_stage, sign_off_to_sell, take_back_sign_off
from data_access.engine import reading, writing
from data_access.queries.onboarding import newcomers, sellers_to_shadow, shadowed_stages, sign_offs
from data_access.scope import NotPermitted
from data_access.writes import CommandRefused
from tests.companies import NOW, PEOPLE, TODAY, load, someone
from tests.copies import copies_of


def founded(engine: sa.Engine) -> None:
    people = [row | ({"started_on": "2026-09-01"} if row["id"] == "ravi" else {}) for row in PEOPLE]
    load(engine, "people", people)


company = copies_of(founded)


def id_of(company: sa.Engine, name: str) -> int:
    found = someone(company, name).person_id
    assert found is not None
    return found


def stage(company: sa.Engine, number: int = 1, name: str = "discovery", **more: object) -> ShadowedStageDraft:
    values = {"seen_on": dt.date(2026, 9, 10), "seller_id": id_of(company, "rosa"), "noticed": "Waited for the answer"}
    return ShadowedStageDraft(number, name, **(values | more))  # type: ignore[arg-type]


def note(company: sa.Engine, viewer: Viewer, draft: ShadowedStageDraft, rep: str = "ravi") -> None:
    with writing(company) as connection:
        note_shadowed_stage(viewer, connection, id_of(company, rep), draft, NOW)


def seen(company: sa.Engine, viewer: Viewer, as_of: dt.date = TODAY) -> list[tuple[int, str, str]]:
    with reading(company) as connection:
        frame = shadowed_stages(viewer, connection, rep_id=id_of(company, "ravi"), as_of=as_of, today=TODAY)
    return list(frame.select("number", "stage", "noticed").iter_rows())


def test_ravi_notes_a_stage_and_maya_another_and_both_read_them(company: sa.Engine) -> None:
    note(company, someone(company, "ravi"), stage(company))
    note(company, someone(company, "maya"), stage(company, name="close", noticed="Asked for the order"))
    expected = [(1, "discovery", "Waited for the answer"), (1, "close", "Asked for the order")]
    for name in ("ravi", "maya", "dana"):
        assert seen(company, someone(company, name)) == expected
    assert seen(company, someone(company, "maya"), as_of=dt.date(2026, 9, 9)) == []


def test_noting_a_stage_again_writes_it_anew_and_adds_none(company: sa.Engine) -> None:
    ravi = someone(company, "ravi")
    note(company, ravi, stage(company))
    note(company, ravi, stage(company, noticed="Read the answer back"))
    assert seen(company, ravi) == [(1, "discovery", "Read the answer back")]


@pytest.mark.parametrize("name", ["omar", "rosa", "wim", "eve", "ada"])
def test_somebody_else_neither_notes_nor_reads(company: sa.Engine, name: str) -> None:
    note(company, someone(company, "ravi"), stage(company))
    outsider = someone(company, name)
    assert seen(company, outsider) == []
    with pytest.raises(NotPermitted):
        note(company, outsider, stage(company, 2))
    with pytest.raises(NotPermitted), writing(company) as connection:
        sign_off_to_sell(outsider, connection, id_of(company, "ravi"), "Seen in the field twice", NOW)


@pytest.mark.parametrize(
    "more",
    [
        {"seen_on": None},
        {"seen_on": TODAY + dt.timedelta(days=1)},
        {"seller_id": None},
        {"noticed": "  "},
        {"noticed": "x" * 2_001},
    ],
)
def test_a_stage_that_cannot_be_is_refused_with_a_sentence(company: sa.Engine, more: dict[str, Any]) -> None:
    with pytest.raises(CommandRefused) as refusal:
        note(company, someone(company, "ravi"), stage(company, **more))
    assert all(problem.endswith(".") for problem in refusal.value.problems)
    assert seen(company, someone(company, "ravi")) == []


def test_only_somebody_of_the_own_team_can_be_named_as_shadowed(company: sa.Engine) -> None:
    with pytest.raises(CommandRefused, match="own team"):
        note(company, someone(company, "ravi"), stage(company, seller_id=id_of(company, "wim")))
    with reading(company) as connection:
        offered = sellers_to_shadow(someone(company, "ravi"), connection, rep_id=id_of(company, "ravi"), today=TODAY)
    assert offered["name"].to_list() == ["Maya Lindgren", "Rosa Marin"]


def test_maya_signs_after_ten_full_cycles_and_earlier_only_with_a_reason(company: sa.Engine) -> None:
    maya, ravi = someone(company, "maya"), id_of(company, "ravi")
    with pytest.raises(CommandRefused, match="0 of 10"), writing(company) as connection:
        sign_off_to_sell(maya, connection, ravi, "", NOW)
    for number in range(1, CYCLES + 1):
        for name in STAGES:
            note(company, maya, stage(company, number, name))
    with reading(company) as connection:
        frame = shadowed_stages(maya, connection, rep_id=ravi, as_of=TODAY, today=TODAY)
    assert complete_count(frame) == CYCLES
    with writing(company) as connection:
        sign_off_to_sell(maya, connection, ravi, "", NOW)
    with reading(company) as connection:
        signed = sign_offs(someone(company, "ravi"), connection, rep_id=ravi, as_of=TODAY, today=TODAY)
    assert signed["signer_name"].to_list() == ["Maya Lindgren"]


def test_ravi_cannot_sign_for_himself(company: sa.Engine) -> None:
    with pytest.raises(NotPermitted), writing(company) as connection:
        sign_off_to_sell(someone(company, "ravi"), connection, id_of(company, "ravi"), "I am ready to sell", NOW)


def test_a_sign_off_is_taken_back_within_a_day_by_who_signed(company: sa.Engine) -> None:
    maya, ravi = someone(company, "maya"), id_of(company, "ravi")
    with writing(company) as connection:
        number = sign_off_to_sell(maya, connection, ravi, "Seen in the field twice", NOW)
    later = NOW + dt.timedelta(hours=25)
    for viewer, moment in ((someone(company, "dana"), NOW), (maya, later)):
        with pytest.raises(CommandRefused), writing(company) as connection:
            take_back_sign_off(viewer, connection, number, moment)
    with writing(company) as connection:
        take_back_sign_off(maya, connection, number, NOW + dt.timedelta(hours=1))
    with reading(company) as connection:
        assert sign_offs(maya, connection, rep_id=ravi, as_of=TODAY, today=TODAY).is_empty()


def test_newcomers_are_listed_by_name_with_how_far_they_are(company: sa.Engine) -> None:
    note(company, someone(company, "ravi"), stage(company))
    since = dt.date(2026, 1, 1)
    with reading(company) as connection:
        found = newcomers(someone(company, "maya"), connection, since=since, as_of=TODAY, today=TODAY)
        of_omar = newcomers(someone(company, "omar"), connection, since=since, as_of=TODAY, today=TODAY)
        of_ravi = newcomers(someone(company, "ravi"), connection, since=since, as_of=TODAY, today=TODAY)
    assert found.select("name", "complete_count", "stage_count").rows() == [("Ravi Nair", 0, 1)]
    assert of_omar.is_empty()
    assert of_ravi.is_empty()
