"""Peer pairs: Maya pairs her own people, Dana across teams, Ravi and Rosa write what came of it, and nobody else reads
it."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching.observations import ObservationDraft, ScoreDraft
from coaching.pairing import MeetingDraft, PairDraft
from coaching.people import Role
from data_access.commands import pairs as commands
from data_access.commands.observations import record_observation
from data_access.commands.settings import change_setting
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import reading, writing
from data_access.queries import pairs as queries
from data_access.queries.skills import skill_report
from data_access.scope import NotPermitted, operator, stand_in
from data_access.settings import SettingRefused
from data_access.tables import peer_pair, skill
from data_access.writes import CommandRefused, EditedMeanwhile
from tests.companies import NOW, PEOPLE, TODAY, load, someone

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(weeks=1)


def loaded(engine: sa.Engine) -> sa.Engine:
    load(engine, "people", PEOPLE)
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
    return engine


@pytest.fixture
def company(engine: sa.Engine) -> sa.Engine:
    return loaded(engine)


@pytest.fixture
def small(sqlite_engine: sa.Engine) -> sa.Engine:
    """The same, where the kind of database does not matter."""
    return loaded(sqlite_engine)


def number(engine: sa.Engine, who: str) -> int:
    found = someone(engine, who).person_id
    assert found is not None
    return found


def skill_id(engine: sa.Engine, slug: str = "discovery") -> int:
    with reading(engine) as connection:
        return int(connection.scalar(sa.select(skill.c.id).where(skill.c.slug == slug)) or 0)


def draft(engine: sa.Engine, strong: str, learner: str, about: str = "discovery") -> PairDraft:
    return PairDraft(skill_id(engine, about), number(engine, strong), number(engine, learner))


def run(engine: sa.Engine, command: Any, who: str, *args: Any, now: dt.datetime = NOW, **more: Any) -> Any:
    with writing(engine) as connection:
        return command(someone(engine, who), connection, *args, now=now, **more)


def proposed(
    engine: sa.Engine,
    who: str = "maya",
    strong: str = "rosa",
    learner: str = "ravi",
    now: dt.datetime = NOW,
    **more: Any,
) -> int:
    [pair] = run(engine, commands.propose_pairs, who, [draft(engine, strong, learner, **more)], now=now)
    return int(pair)


def started(engine: sa.Engine, who: str = "maya", now: dt.datetime = NOW, **more: Any) -> int:
    pair = proposed(engine, who, now=now, **more)
    run(engine, commands.accept_pair, who, pair, version(engine, pair), now=now)
    return pair


def version(engine: sa.Engine, pair: int) -> int:
    with reading(engine) as connection:
        return int(connection.scalar(sa.select(peer_pair.c.version).where(peer_pair.c.id == pair)) or 0)


def seen(engine: sa.Engine, who: str, as_of: dt.date = TODAY) -> pl.DataFrame:
    with reading(engine) as connection:
        return queries.pairs(someone(engine, who), connection, as_of=as_of, today=TODAY)


def sheets(engine: sa.Engine, who: str, pair: int, as_of: dt.date = TODAY) -> pl.DataFrame:
    with reading(engine) as connection:
        viewer = someone(engine, who)
        return queries.meetings(viewer, connection, pair_ids=[pair], as_of=as_of, today=TODAY)


# ---- Who pairs whom ----------------------------------------------------------------------------------------------


def test_maya_proposes_and_starts_a_pair_of_her_people_who_then_see_it(company: sa.Engine) -> None:
    pair = proposed(company)
    assert seen(company, "maya")["status"].to_list() == ["proposed"]
    assert seen(company, "dana")["status"].to_list() == ["proposed"]
    for who in ("ravi", "rosa", "omar", "wim", "eve", "ada"):
        assert seen(company, who).is_empty()
    run(company, commands.accept_pair, "maya", pair, 1)
    row = seen(company, "ravi").row(0, named=True)
    assert (row["strong_name"], row["learner_name"], row["skill_name"]) == (
        "Rosa Marin",
        "Ravi Nair",
        "Finding out what matters",
    )
    assert (row["is_mine"], row["is_led"], row["starts_on"]) == (True, False, TODAY)
    assert seen(company, "rosa")["pair_id"].to_list() == [pair]
    assert seen(company, "maya")["is_led"].to_list() == [True]
    for who in ("omar", "wim", "eve", "ada"):
        assert seen(company, who).is_empty()


def test_nobody_without_a_name_reads_a_pair(small: sa.Engine) -> None:
    pair = started(small)
    with reading(small) as connection:
        for viewer in (operator(), stand_in(Role.EXECUTIVE)):
            assert queries.pairs(viewer, connection, as_of=TODAY, today=TODAY).is_empty()
            assert queries.meetings(viewer, connection, pair_ids=[pair], as_of=TODAY, today=TODAY).is_empty()
            assert queries.basis(viewer, connection, today=TODAY)["people"].is_empty()


def test_omar_cannot_pair_mayas_people_nor_one_of_hers_with_one_of_his(company: sa.Engine) -> None:
    for strong, learner in (("rosa", "ravi"), ("wim", "ravi"), ("ravi", "wim")):
        with pytest.raises(NotPermitted):
            proposed(company, "omar", strong, learner)
    assert seen(company, "dana").is_empty()


def test_dana_pairs_across_teams_and_each_manager_sees_the_pair_once_it_has_begun(company: sa.Engine) -> None:
    pair = proposed(company, "dana", "wim", "ravi")
    assert seen(company, "maya").is_empty()
    with pytest.raises(NotPermitted):
        run(company, commands.accept_pair, "maya", pair, 1)
    run(company, commands.accept_pair, "dana", pair, 1)
    for who in ("maya", "omar"):
        row = seen(company, who).row(0, named=True)
        assert (row["strong_name"], row["is_led"]) == ("Wim de Boer", False)
        with pytest.raises(NotPermitted, match="coaches both"):
            run(company, commands.take_back_start, who, pair, 2)


def test_a_proposal_can_get_another_helper_and_can_be_taken_back(small: sa.Engine) -> None:
    pair = proposed(small, "dana", "wim", "ravi")
    run(small, commands.change_pair, "dana", pair, 1, number(small, "wanda"))
    assert seen(small, "dana")["strong_name"].to_list() == ["Wanda Król"]
    with pytest.raises(EditedMeanwhile, match="Somebody saved"):
        run(small, commands.accept_pair, "dana", pair, 1)
    run(small, commands.withdraw_pair, "dana", pair, 2)
    assert seen(small, "dana").is_empty()
    # Nothing is left of it: the same two can be proposed again.
    proposed(small, "dana", "wanda", "ravi")


def test_what_has_begun_is_not_changed_or_withdrawn_and_a_start_is_taken_back_the_same_day_only(
    small: sa.Engine,
) -> None:
    pair = started(small)
    for command, more in ((commands.change_pair, [number(small, "ravi")]), (commands.withdraw_pair, [])):
        with pytest.raises(CommandRefused, match="begun"):
            run(small, command, "maya", pair, 2, *more)
    run(small, commands.take_back_start, "maya", pair, 2)
    assert seen(small, "maya")["status"].to_list() == ["proposed"]
    run(small, commands.accept_pair, "maya", pair, version(small, pair))
    with pytest.raises(CommandRefused, match="same day"):
        run(small, commands.take_back_start, "maya", pair, version(small, pair), now=NOW + DAY)


def test_a_start_taken_back_is_the_proposal_of_the_day_it_was_made_again(company: sa.Engine) -> None:
    pair = proposed(company, now=NOW - 9 * DAY)
    before = seen(company, "maya").row(0, named=True)
    assert run(company, commands.accept_pair, "maya", pair, 1) == 2
    run(company, commands.take_back_start, "maya", pair, 2)
    after = seen(company, "maya").row(0, named=True)
    assert after == before | {"version": 3}
    assert after["starts_on"] == TODAY - 9 * DAY


def test_the_day_of_a_proposal_is_the_companys_not_the_one_in_greenwich(small: sa.Engine) -> None:
    run(small, change_setting, "ada", "time_zone", "Pacific/Auckland")
    late = dt.datetime(2026, 11, 10, 23, 0, tzinfo=dt.UTC)
    pair = proposed(small, now=late)
    run(small, commands.accept_pair, "maya", pair, 1)
    run(small, commands.take_back_start, "maya", pair, 2)
    assert seen(small, "maya")["starts_on"].to_list() == [dt.date(2026, 11, 11)]


def test_an_old_undo_takes_nobodys_later_start_or_end_back(small: sa.Engine) -> None:
    pair = started(small)
    run(small, commands.take_back_start, "maya", pair, 2)
    run(small, commands.accept_pair, "dana", pair, 3)
    with pytest.raises(EditedMeanwhile, match="Somebody saved"):
        run(small, commands.take_back_start, "maya", pair, 2)
    closed = run(small, commands.close_pair, "maya", pair, 4)
    run(small, commands.reopen_pair, "dana", pair, closed)
    run(small, commands.close_pair, "ravi", pair, closed + 1)
    with pytest.raises(EditedMeanwhile, match="Somebody saved"):
        run(small, commands.reopen_pair, "maya", pair, closed)
    assert seen(small, "maya")["status"].to_list() == ["closed"]


def test_nobody_is_paired_with_themselves_or_about_no_skill(small: sa.Engine) -> None:
    ravi = number(small, "ravi")
    with pytest.raises(CommandRefused, match="two different people"):
        run(small, commands.propose_pairs, "maya", [PairDraft(skill_id(small), ravi, ravi)])
    with pytest.raises(CommandRefused, match="skill of the scorecard"):
        run(small, commands.propose_pairs, "maya", [PairDraft(99_999, number(small, "rosa"), ravi)])
    with pytest.raises(CommandRefused, match="at least one"):
        run(small, commands.propose_pairs, "maya", [])


# ---- Limits and rests --------------------------------------------------------------------------------------------


def test_nobody_is_in_more_pairs_than_they_take_proposals_included(company: sa.Engine) -> None:
    proposed(company, "dana", "wim", "ravi")
    started(company, "dana", strong="wim", learner="rosa")
    with pytest.raises(CommandRefused, match=r"Wim de Boer is in 2.pairs already"):
        proposed(company, "dana", "wim", "wanda")
    run(company, commands.set_pair_limit, "omar", number(company, "wim"), 3)
    proposed(company, "dana", "wim", "wanda")
    run(company, commands.set_pair_limit, "wanda", number(company, "wanda"), 1)
    with pytest.raises(CommandRefused, match=r"Wanda Król is in 1.pair already"):
        proposed(company, "dana", "wanda", "ravi", about="opening")
    run(company, commands.set_pair_limit, "wanda", number(company, "wanda"), None)
    proposed(company, "dana", "wanda", "ravi", about="opening")


def test_several_proposals_at_once_count_together_and_all_or_none_are_written(small: sa.Engine) -> None:
    both = [draft(small, "wim", "ravi"), draft(small, "wim", "rosa"), draft(small, "wim", "wanda")]
    with pytest.raises(CommandRefused, match="Wim de Boer"):
        run(small, commands.propose_pairs, "dana", both)
    assert seen(small, "dana").is_empty()
    assert len(run(small, commands.propose_pairs, "dana", both[:2])) == 2


def test_the_limit_of_the_company_is_a_setting(small: sa.Engine) -> None:
    run(small, change_setting, "ada", "pairs_at_most", "1")
    proposed(small, "dana", "wim", "ravi")
    with pytest.raises(CommandRefused, match=r"1.pair already"):
        proposed(small, "dana", "wim", "rosa")
    for wrong in ("-1", "11", "many"):
        with pytest.raises(SettingRefused):
            run(small, change_setting, "ada", "pairs_at_most", wrong)
    with pytest.raises(CommandRefused, match="from 0 to 10"):
        run(small, commands.set_pair_limit, "maya", number(small, "ravi"), 11)


def test_a_skill_is_worked_on_in_one_pair_at_a_time_whoever_proposed_the_other(small: sa.Engine) -> None:
    proposed(small, "dana", "wim", "ravi")
    # Maya does not see Dana's proposal with somebody from another team; her own rep's time is taken all the same.
    with pytest.raises(CommandRefused, match="Ravi Nair works on this skill in a pair already"):
        proposed(small)
    proposed(small, about="opening")


def test_the_same_two_rest_after_their_pair_for_as_long_as_the_company_says(small: sa.Engine) -> None:
    then = NOW - 13 * WEEK
    pair = started(small, now=then)
    for late, about in ((then + WEEK, "opening"), (then + 2 * WEEK, "decision")):
        with pytest.raises(CommandRefused, match="meet already"):
            proposed(small, strong="ravi", learner="rosa", now=late, about=about)
    run(small, commands.close_pair, "maya", pair, 2, now=NOW - 12 * WEEK + DAY)
    with pytest.raises(CommandRefused, match=r"last 12.weeks"):
        proposed(small)
    proposed(small, now=NOW + DAY)


def test_a_shorter_rest_is_a_setting(small: sa.Engine) -> None:
    pair = started(small, now=NOW - 5 * WEEK)
    run(small, commands.close_pair, "maya", pair, 2, now=NOW - 2 * WEEK)
    run(small, change_setting, "ada", "pair_rest_weeks", "2")
    proposed(small)


def test_who_has_left_or_does_not_sell_is_in_no_pair(small: sa.Engine) -> None:
    with pytest.raises(CommandRefused, match="who sell"):
        proposed(small, "dana", "maya", "ravi")
    pair = draft(small, "rosa", "ravi")
    gone = [{**row, "left": "2026-11-10"} if row["id"] == "rosa" else {**row, "left": ""} for row in PEOPLE]
    load(small, "people", gone, TODAY + DAY)
    with pytest.raises((CommandRefused, NotPermitted)):
        run(small, commands.propose_pairs, "maya", [pair], now=NOW + 2 * DAY)


def test_what_decides_is_told_about_the_viewers_own_people_only(company: sa.Engine) -> None:
    started(company, "dana", strong="wim", learner="ravi")
    run(company, commands.set_pair_limit, "rosa", number(company, "rosa"), 0)
    with reading(company) as connection:
        maya = queries.basis(someone(company, "maya"), connection, today=TODAY)
        dana = queries.basis(someone(company, "dana"), connection, today=TODAY)
        ravi = queries.basis(someone(company, "ravi"), connection, today=TODAY)
    mine = {row["name"]: row for row in maya["people"].iter_rows(named=True)}
    assert set(mine) == {"Ravi Nair", "Rosa Marin"}
    assert (mine["Ravi Nair"]["load_count"], mine["Ravi Nair"]["pairs_at_most"]) == (1, 2)
    assert (mine["Rosa Marin"]["pairs_at_most"], mine["Rosa Marin"]["is_own_limit"]) == (0, True)
    assert dana["people"]["name"].to_list() == ["Ravi Nair", "Rosa Marin", "Wanda Król", "Wim de Boer"]
    assert maya["at_work"].rows() == [(number(company, "ravi"), skill_id(company))]
    assert ravi["people"].is_empty()
    with reading(company) as connection:
        assert queries.own_limit(someone(company, "rosa"), connection) == (0, 2)
        assert queries.own_limit(someone(company, "ravi"), connection) == (None, 2)


def test_a_proposal_that_has_waited_is_looked_at_again_when_it_is_to_begin(company: sa.Engine) -> None:
    pair = proposed(company, "dana", "wim", "ravi")
    # Its own place is not counted twice: with room for one pair, this one may begin.
    run(company, commands.set_pair_limit, "wim", number(company, "wim"), 1)
    run(company, commands.set_pair_limit, "ravi", number(company, "ravi"), 1)
    run(company, commands.accept_pair, "dana", pair, 1)
    run(company, commands.take_back_start, "dana", pair, 2)
    run(company, commands.set_pair_limit, "wim", number(company, "wim"), 0)
    with pytest.raises(CommandRefused, match="Wim de Boer takes no pairs at the moment"):
        run(company, commands.accept_pair, "dana", pair, 3)
    assert seen(company, "dana")["status"].to_list() == ["proposed"]


def test_a_proposal_with_somebody_who_left_meanwhile_does_not_begin(small: sa.Engine) -> None:
    pair = proposed(small)
    gone = [{**row, "left": "2026-11-10" if row["id"] == "rosa" else ""} for row in PEOPLE]
    load(small, "people", gone, TODAY + DAY)
    later = NOW + 2 * DAY
    with pytest.raises((CommandRefused, NotPermitted)):
        run(small, commands.accept_pair, "maya", pair, 1, now=later)
    # Nobody can begin it or take it back, so it keeps neither Ravi's place nor his skill.
    [other] = run(small, commands.propose_pairs, "dana", [draft(small, "wim", "ravi")], now=later)
    run(small, commands.set_pair_limit, "maya", number(small, "ravi"), 1, now=later)
    run(small, commands.accept_pair, "dana", other, 1, now=later)


def test_a_proposal_between_two_who_rest_does_not_begin(small: sa.Engine) -> None:
    first = started(small, now=NOW - 5 * WEEK)
    run(small, commands.close_pair, "maya", first, 2, now=NOW - 2 * WEEK)
    run(small, change_setting, "ada", "pair_rest_weeks", "1")
    second = proposed(small)
    run(small, change_setting, "ada", "pair_rest_weeks", "8")
    with pytest.raises(CommandRefused, match=r"last 8.weeks"):
        run(small, commands.accept_pair, "maya", second, 1)


# ---- The two write -----------------------------------------------------------------------------------------------

SHEET = MeetingDraft(TODAY, "Stopped after the question", "Asked what it costs", "Ten seconds of silence", "Two calls")


def test_ravi_writes_a_worksheet_that_rosa_and_the_managers_above_read_and_nobody_else(company: sa.Engine) -> None:
    pair = started(company)
    run(company, commands.write_meeting, "ravi", pair, SHEET)
    for who in ("ravi", "rosa", "maya", "dana"):
        row = sheets(company, who, pair).row(0, named=True)
        assert (row["tried"], row["strong_tried"]) == ("Asked what it costs", "Stopped after the question")
        assert row["written_by_name"] == "Ravi Nair"
    for who in ("wim", "wanda", "omar", "eve", "ada"):
        assert sheets(company, who, pair).is_empty()
    assert seen(company, "maya").select("meeting_count", "last_met_on").row(0) == (1, TODAY)


def test_of_a_pair_across_teams_both_managers_read_the_worksheets(small: sa.Engine) -> None:
    pair = started(small, "dana", strong="wim", learner="ravi")
    run(small, commands.write_meeting, "wim", pair, SHEET)
    assert all(sheets(small, who, pair).height == 1 for who in ("maya", "omar", "dana", "ravi", "wim"))
    assert sheets(small, "rosa", pair).is_empty()


def test_a_colleague_a_manager_and_a_stranger_write_no_worksheet(small: sa.Engine) -> None:
    pair = started(small)
    for who in ("wim", "maya", "dana", "omar", "eve"):
        with pytest.raises(NotPermitted):
            run(small, commands.write_meeting, who, pair, SHEET)
    with pytest.raises(NotPermitted):
        run(small, commands.write_meeting, "ravi", pair + 99, SHEET)
    unseen = proposed(small, "dana", "wim", "wanda")
    with pytest.raises(NotPermitted):
        run(small, commands.write_meeting, "wim", unseen, SHEET)


def test_the_second_of_two_who_change_a_worksheet_is_told_what_the_first_one_wrote(small: sa.Engine) -> None:
    pair = started(small)
    sheet = run(small, commands.write_meeting, "ravi", pair, SHEET)
    hers = MeetingDraft(TODAY, "Stopped after the question", "Asked what it costs", "Waiting", "Two calls")
    run(small, commands.write_meeting, "rosa", pair, hers, meeting_id=sheet, version=1)
    with pytest.raises(EditedMeanwhile) as told:
        run(small, commands.write_meeting, "ravi", pair, SHEET, meeting_id=sheet, version=1)
    assert told.value.changes == ["What worked: Waiting"]
    run(small, commands.write_meeting, "ravi", pair, SHEET, meeting_id=sheet, version=2)
    assert sheets(small, "rosa", pair)["worked"].to_list() == ["Ten seconds of silence"]
    other = started(small, "dana", strong="wim", learner="wanda")
    with pytest.raises(NotPermitted):
        run(small, commands.write_meeting, "wim", other, SHEET, meeting_id=sheet, version=3)


def test_two_who_write_down_the_same_meeting_write_one_worksheet_and_the_second_is_told(company: sa.Engine) -> None:
    pair = started(company)
    sheet = run(company, commands.write_meeting, "ravi", pair, SHEET)
    hers = MeetingDraft(TODAY, worked="Waiting")
    with pytest.raises(EditedMeanwhile) as told:
        run(company, commands.write_meeting, "rosa", pair, hers)
    assert told.value.changes == [
        "The meeting of 20\u00a0Nov\u00a02026 is written down already, by Ravi Nair.",
        "What the one who helps tried: Stopped after the question",
        "What the one who works on it tried: Asked what it costs",
        "What worked: Ten seconds of silence",
        "What comes next: Two calls",
    ]
    assert sheets(company, "rosa", pair)["worked"].to_list() == ["Ten seconds of silence"]
    both = MeetingDraft(TODAY, worked="Ten seconds of silence\nWaiting")
    run(company, commands.write_meeting, "rosa", pair, both, meeting_id=sheet, version=1)
    assert sheets(company, "ravi", pair)["worked"].to_list() == ["Ten seconds of silence\nWaiting"]


def test_a_worksheet_is_not_moved_to_a_day_that_has_one_and_another_day_has_its_own(small: sa.Engine) -> None:
    pair = started(small, now=NOW - 2 * DAY)
    run(small, commands.write_meeting, "ravi", pair, SHEET)
    yesterday = MeetingDraft(TODAY - DAY, tried="Asked twice")
    other = run(small, commands.write_meeting, "rosa", pair, yesterday)
    with pytest.raises(CommandRefused, match="a worksheet of that day already"):
        run(small, commands.write_meeting, "rosa", pair, SHEET, meeting_id=other, version=1)
    run(small, commands.write_meeting, "rosa", pair, MeetingDraft(TODAY - 2 * DAY, "x"), meeting_id=other, version=1)
    assert sheets(small, "ravi", pair)["met_on"].to_list() == [TODAY, TODAY - 2 * DAY]


def test_at_the_same_moment_the_second_of_the_two_waits_and_is_told(company: sa.Engine) -> None:
    pair, together, told = started(company), threading.Barrier(2), list[str]()

    def write(who: str) -> None:
        together.wait(20)
        try:
            run(company, commands.write_meeting, who, pair, SHEET)
        except EditedMeanwhile as refusal:
            told.extend(refusal.changes[:1])

    with ThreadPoolExecutor(2) as pool:
        for answer in [pool.submit(write, who) for who in ("ravi", "rosa")]:
            answer.result(30)
    assert len(told) == 1
    assert "written down already" in told[0]
    assert sheets(company, "maya", pair).height == 1


def test_an_empty_worksheet_or_one_of_another_time_is_refused_in_words(small: sa.Engine) -> None:
    pair = started(small)
    for sheet, words in ((MeetingDraft(TODAY), "at least one"), (MeetingDraft(TODAY - DAY, "x"), "outside")):
        with pytest.raises(CommandRefused, match=words):
            run(small, commands.write_meeting, "ravi", pair, sheet)


# ---- The end -----------------------------------------------------------------------------------------------------


def test_a_pair_is_closed_by_who_coaches_both_or_by_one_of_the_two_and_that_can_be_taken_back_for_a_day(
    company: sa.Engine,
) -> None:
    pair = started(company)
    for who in ("omar", "wim", "eve"):
        with pytest.raises(NotPermitted):
            run(company, commands.close_pair, who, pair, 2)
    run(company, commands.close_pair, "ravi", pair, 2)
    row = seen(company, "rosa").row(0, named=True)
    assert (row["status"], row["ends_on"]) == ("closed", TODAY)
    run(company, commands.reopen_pair, "maya", pair, 3)
    assert seen(company, "rosa").select("status", "ends_on").row(0) == ("accepted", None)
    run(company, commands.close_pair, "maya", pair, version(company, pair))
    with pytest.raises(CommandRefused, match="within a day"):
        run(company, commands.reopen_pair, "maya", pair, version(company, pair), now=NOW + DAY)


def test_a_pair_can_be_closed_when_one_of_the_two_has_left(small: sa.Engine) -> None:
    pair = started(small)
    gone = [{**row, "left": "2026-11-10" if row["id"] == "rosa" else ""} for row in PEOPLE]
    load(small, "people", gone, TODAY + DAY)
    later = NOW + 2 * DAY
    with pytest.raises(NotPermitted):
        run(small, commands.close_pair, "omar", pair, 2, now=later)
    run(small, commands.close_pair, "maya", pair, 2, now=later)
    assert seen(small, "ravi")["status"].to_list() == ["accepted"]
    with reading(small) as connection:
        assert connection.scalar(sa.select(peer_pair.c.status)) == "closed"
    with pytest.raises(CommandRefused, match="has left"):
        run(small, commands.reopen_pair, "maya", pair, 3, now=later)


def test_a_closed_pair_stays_closed_where_its_place_was_taken(small: sa.Engine) -> None:
    pair = started(small)
    run(small, commands.close_pair, "maya", pair, 2)
    started(small, "dana", strong="wim", learner="ravi")
    with pytest.raises(CommandRefused, match="another pair about this skill"):
        run(small, commands.reopen_pair, "maya", pair, 3)
    run(small, commands.set_pair_limit, "maya", number(small, "rosa"), 0)
    other = seen(small, "dana").filter(pl.col("status") == "accepted").row(0, named=True)
    run(small, commands.close_pair, "dana", other["pair_id"], other["version"])
    with pytest.raises(CommandRefused, match="no room"):
        run(small, commands.reopen_pair, "maya", pair, 3)


# ---- As of -------------------------------------------------------------------------------------------------------


def test_as_of_a_past_day_a_pair_stands_as_it_stood_then(company: sa.Engine) -> None:
    pair = proposed(company, now=NOW - 30 * DAY)
    run(company, commands.accept_pair, "maya", pair, 1, now=NOW - 20 * DAY)
    sheet = MeetingDraft(TODAY - 12 * DAY, tried="Waited")
    run(company, commands.write_meeting, "ravi", pair, sheet, now=NOW - 10 * DAY)
    run(company, commands.close_pair, "maya", pair, 2, now=NOW - 5 * DAY)
    for days, status, ends_on, count in (
        (31, None, None, 0), (30, "proposed", None, 0), (21, "proposed", None, 0), (20, "accepted", None, 0),
        (11, "accepted", None, 0), (10, "accepted", None, 1), (6, "accepted", None, 1), (5, "closed", 5, 1),
    ):  # fmt: skip
        found = seen(company, "maya", TODAY - days * DAY)
        assert found["status"].to_list() == ([status] if status else [])
        assert sheets(company, "maya", pair, TODAY - days * DAY).height == count
        if status:
            assert found["ends_on"][0] == (TODAY - ends_on * DAY if ends_on else None)
            assert found["meeting_count"][0] == count
    # A proposal is nothing for the two, also when they look back.
    assert seen(company, "ravi", TODAY - 25 * DAY).is_empty()


def test_looking_back_shows_nobody_more_than_today(small: sa.Engine) -> None:
    pair = started(small, now=NOW - 30 * DAY)
    moved = [{**row, "manager": "omar", "team": "West"} if row["id"] == "rosa" else row for row in PEOPLE]
    load(small, "people", moved, TODAY)
    # Rosa is Omar's now: Maya still reads the pair as Ravi's manager, and decides about it no more.
    assert seen(small, "maya")["is_led"].to_list() == [False]
    assert seen(small, "omar", TODAY - 20 * DAY)["pair_id"].to_list() == [pair]
    with pytest.raises(NotPermitted):
        run(small, commands.take_back_start, "maya", pair, 2)


# ---- What followed -----------------------------------------------------------------------------------------------


def test_the_scores_behind_what_followed_are_those_of_people_in_view(small: sa.Engine) -> None:
    pair = started(small, "dana", strong="wim", learner="ravi")
    for who, by in (("ravi", "maya"), ("wim", "omar")):
        for days in (40, 30, 20):
            at = NOW - days * DAY
            seen_call = ObservationDraft(
                number(small, who), None, at, scores=(ScoreDraft("discovery", 4, "Asked and waited."),)
            )
            run(small, record_observation, by, seen_call, now=at + dt.timedelta(hours=2))
    with reading(small) as connection:
        for who, names in (("dana", {"ravi", "wim"}), ("maya", {"ravi"}), ("ravi", {"ravi"}), ("rosa", set())):
            viewer = someone(small, who)
            found = queries.pair_scores(viewer, connection, pair_ids=[pair], as_of=TODAY, today=TODAY)
            assert set(found["person_id"]) == {number(small, name) for name in names}
            # The levels are made of the same scores as everywhere else.
            report = skill_report(viewer, connection, at=TODAY, as_of=TODAY, today=TODAY)["standings"]
            assert found.height == report["score_count"].sum()
        past = queries.pair_scores(
            someone(small, "dana"), connection, pair_ids=[pair], as_of=TODAY - 25 * DAY, today=TODAY
        )
        assert past.height == 4
