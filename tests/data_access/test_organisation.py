"""Teams, leaders and parents from what people files say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from data_access.organisation import Chart, Record, org_chart

EVE, DANA, MAYA, OMAR, RAVI, ROSA, WIM = 1, 2, 3, 4, 5, 6, 7


def chart(*rows: tuple[int, int | None, str | None]) -> Chart:
    return org_chart({person: Record(person, manager, label, None, None) for person, manager, label in rows})


def test_a_label_with_one_manager_is_that_managers_team() -> None:
    found = chart((MAYA, DANA, "East"), (RAVI, MAYA, "East"), (ROSA, MAYA, "East"), (DANA, None, None))
    assert found.leader[("east", None)] == MAYA
    assert found.home[RAVI] == found.home[MAYA] == ("east", None)


def test_the_teams_of_two_managers_stand_under_whom_both_report_to() -> None:
    found = chart(
        (DANA, None, None), (MAYA, DANA, "East"), (OMAR, DANA, "West"), (RAVI, MAYA, "East"), (WIM, OMAR, "West")
    )
    assert found.parent[("east", None)] == found.parent[("west", None)] == found.home[DANA] == ("", DANA)
    assert found.leader[("", DANA)] == DANA


def test_a_label_with_several_managers_has_a_team_of_each_below_it() -> None:
    found = chart((RAVI, MAYA, "Central"), (ROSA, MAYA, "Central"), (WIM, OMAR, "Central"))
    assert found.leader[("central", None)] is None
    assert found.parent[("central", MAYA)] == found.parent[("central", OMAR)] == ("central", None)
    assert found.home[WIM] == ("central", OMAR)


def test_people_without_a_label_form_their_managers_team() -> None:
    found = chart((RAVI, MAYA, None), (ROSA, MAYA, None))
    assert found.home[RAVI] == found.home[MAYA] == ("", MAYA)
    assert found.leader == {("", MAYA): MAYA}


def test_somebody_without_a_label_joins_the_labelled_team_of_their_manager() -> None:
    found = chart((RAVI, MAYA, "East"), (ROSA, MAYA, None))
    assert found.home[ROSA] == ("east", None)


def test_a_leader_alone_in_a_label_leads_it() -> None:
    found = chart((DANA, EVE, "Sales"), (MAYA, DANA, "East"), (RAVI, MAYA, "East"))
    assert found.leader[("sales", None)] == DANA
    assert found.parent[("east", None)] == ("sales", None)


def test_a_leader_of_a_labelled_team_belongs_to_the_label_they_stand_in_alone() -> None:
    found = chart((DANA, EVE, "Sales"), (MAYA, DANA, "Americas"), (OMAR, DANA, "Americas"), (RAVI, MAYA, "East"))
    assert found.leader[("americas", None)] == DANA
    assert found.leader[("sales", None)] == EVE
    assert found.parent[("east", None)] == ("americas", None)
    assert found.parent[("americas", None)] == ("sales", None)


def test_a_rep_without_manager_and_label_is_in_no_team() -> None:
    found = chart((RAVI, None, None))
    assert found.home == {}
    assert found.leader == {}


def test_people_who_report_to_each_other_do_not_hang_the_derivation() -> None:
    found = chart((MAYA, OMAR, None), (OMAR, MAYA, None), (RAVI, MAYA, None), (WIM, OMAR, None))
    assert found.home[RAVI] == ("", MAYA)


people = st.integers(1, 8)
labels = st.sampled_from([None, "East", "west", "West ", "Central"])


@given(st.dictionaries(people, st.tuples(st.none() | people, labels), max_size=8))
def test_any_chart_has_one_home_per_person_and_no_circle(raw: dict[int, tuple[int | None, str | None]]) -> None:
    found = org_chart({p: Record(p, manager, label, None, None) for p, (manager, label) in raw.items()})
    for person, (manager, label) in raw.items():
        placed = label is not None or (manager is not None and manager != person)
        assert not placed or person in found.home
    for key in found.home.values():
        assert key in found.leader
    for key in found.parent:
        seen = set()
        current = found.parent[key]
        while current is not None:
            assert current not in seen
            assert current in found.leader
            seen.add(current)
            current = found.parent.get(current)
