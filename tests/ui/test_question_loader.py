"""The questions on the rep's own page are those of the brief: one choice, whoever looks and wherever."""

from __future__ import annotations

import pytest

from data_access.engine import reading
from data_access.queries import brief
from tests.demo import TODAY, names_of, sight_of
from ui import loaders
from ui.loaders import questions


def danas_reps() -> list[str]:
    """Ids of reps whom Dana leads, by name."""
    reps = set(names_of("rep"))
    people = loaders.people(sight_of("Dana"), TODAY)
    return [str(row["person_id"]) for row in people.iter_rows(named=True) if row["name"] in reps]


@pytest.mark.parametrize("place", [0, 4])
def test_a_rep_and_the_brief_of_their_leader_hold_the_same_questions(demo: str, place: int) -> None:
    rep = danas_reps()[place]
    own_sight, dana = loaders.sight_of(rep), sight_of("Dana")
    assert own_sight is not None
    own = questions.questions_for(own_sight, rep_id=int(rep), as_of=TODAY)
    assert own
    assert questions.questions_for(dana, rep_id=int(rep), as_of=TODAY) == own
    with reading(loaders.engine()) as connection:
        found = brief.material(dana.viewer, connection, rep_id=int(rep), as_of=TODAY, today=TODAY)
    assert found is not None
    assert list(found.questions) == own


def test_every_question_of_the_demo_names_a_row_and_reps_differ(demo: str) -> None:
    dana = sight_of("Dana")
    chosen = [questions.questions_for(dana, rep_id=int(rep), as_of=TODAY) for rep in danas_reps()[:6]]
    assert len(chosen) > 3
    for found in chosen:
        assert len(found) == 3
        assert all(each.source_ids and ":" in each.source_ids[0] for each in found)
        assert all("{" not in each.text for each in found)
    assert len({tuple(each.text for each in found) for found in chosen}) == len(chosen)
