"""Who writes down what about whom, who reads it, and from when on."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coaching.observations import ObservationDraft, Rating, ScoreDraft
from coaching.people import Role, Viewer
from data_access import audit, rollups, tables
from data_access.commands import observations as commands
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import reading, writing
from data_access.queries import observation_choices as choices
from data_access.queries import observations as queries
from data_access.queries.coaching_events import coaching_events
from data_access.scope import NotPermitted, operator, stand_in
from data_access.writes import CommandRefused
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone
from tests.copies import copies_of, sqlite_copies_of

SEEN_AT = dt.datetime(2026, 11, 19, 14, 30, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SCORES = (
    ScoreDraft("discovery", 4, "Asked what the delay costs, and waited for the figure"),
    ScoreDraft("objections", 2, "Answered before the doubt was out"),
)


def opened(engine: sa.Engine) -> sa.Engine:
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("r1", "ravi", name="Harbour cranes", account="Quay Ltd"), deal("w1", "wim")])
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
    return engine


company = copies_of(opened)
sqlite_company = sqlite_copies_of(opened)


def person_id(engine: sa.Engine, name: str) -> int:
    found = someone(engine, name).person_id
    assert found is not None
    return found


def draft_about(engine: sa.Engine, name: str = "ravi", **more: Any) -> ObservationDraft:
    given = {"observed_at": SEEN_AT, "channel": "phone", "scores": SCORES, **more}
    return ObservationDraft(person_id=person_id(engine, name), observer_id=None, **given)


def recorded(engine: sa.Engine, who: str, about: str = "ravi", now: dt.datetime = NOW, **more: Any) -> int:
    with writing(engine) as connection:
        return commands.record_observation(someone(engine, who), connection, draft_about(engine, about, **more), now)


def do(engine: sa.Engine, command: Any, who: str, *arguments: Any, now: dt.datetime = NOW) -> Any:
    with writing(engine) as connection:
        return command(someone(engine, who), connection, *arguments, now)


def seen(engine: sa.Engine, who: str | Viewer, about: str = "ravi") -> pl.DataFrame:
    viewer = someone(engine, who) if isinstance(who, str) else who
    with reading(engine) as connection:
        return queries.observations(viewer, connection, rep_id=person_id(engine, about), **_span())


def scores_seen(engine: sa.Engine, who: str | Viewer, about: str = "ravi") -> pl.DataFrame:
    viewer = someone(engine, who) if isinstance(who, str) else who
    with reading(engine) as connection:
        return queries.observation_scores(viewer, connection, rep_id=person_id(engine, about), **_span())


def views(engine: sa.Engine, who: str, observation_id: int) -> pl.DataFrame:
    with reading(engine) as connection:
        return queries.views_of_call(someone(engine, who), connection, observation_id, TODAY)["views"]


def _span() -> dict[str, Any]:
    return {"start": dt.date(2026, 1, 1), "end": TODAY, "as_of": TODAY, "today": TODAY}


def rows(engine: sa.Engine, table: sa.Table) -> int:
    with reading(engine) as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def facts_hold(engine: sa.Engine) -> bool:
    with reading(engine) as connection:
        return rollups.differences(connection).is_empty() and audit.first_broken_entry(connection) is None


def observed_count(engine: sa.Engine) -> int:
    with reading(engine) as connection:
        return int(rollups.stored_facts(connection)["observation_count"].sum())


# ---- Recording and reading -------------------------------------------------------------------------------------


def test_what_maya_shares_ravi_and_dana_read_and_nobody_else(company: sa.Engine) -> None:
    recorded(company, "maya", went_well="You waited", one_thing="Let the doubt be spoken to the end")
    for who in ("maya", "ravi", "dana"):
        found = seen(company, who)
        assert found["went_well"].to_list() == ["You waited"], who
        assert scores_seen(company, who)["level"].to_list() == [4, 2]
        assert scores_seen(company, who)["evidence"].null_count() == 0
    for outsider in (someone(company, "omar"), someone(company, "eve"), someone(company, "ada"),
                     someone(company, "rosa"), operator(), stand_in(Role.EXECUTIVE), stand_in(Role.ADMIN)):  # fmt: skip
        assert seen(company, outsider).is_empty()
        assert scores_seen(company, outsider).is_empty()
    assert observed_count(company) == 1
    assert facts_hold(company)


def test_a_private_note_is_mayas_alone_and_its_levels_count(company: sa.Engine) -> None:
    recorded(company, "maya", went_well="Mine alone", one_thing="Also mine", visibility="private")
    assert seen(company, "maya")["went_well"].to_list() == ["Mine alone"]
    for who in ("ravi", "dana"):
        found = seen(company, who)
        assert found.select("words_shown", "went_well", "one_thing").row(0) == (False, None, None), who
        assert scores_seen(company, who).select("level", "evidence").rows() == [(4, None), (2, None)]
    assert observed_count(company) == 1


def test_the_observer_is_whoever_is_looking_whatever_the_draft_says(company: sa.Engine) -> None:
    draft = ObservationDraft(person_id(company, "ravi"), person_id(company, "omar"), SEEN_AT, scores=SCORES)
    with writing(company) as connection:
        commands.record_observation(someone(company, "maya"), connection, draft, NOW)
    assert seen(company, "dana")["observer_name"].to_list() == ["Maya Lindgren"]


def test_the_deal_is_named_and_the_day_is_the_companys(company: sa.Engine) -> None:
    with reading(company) as connection:
        about = choices.what_it_was_about(someone(company, "maya"), connection, person_id(company, "ravi"), TODAY)
    assert about["deals"]["name"].to_list() == ["Harbour cranes"]
    assert about["accounts"]["name"].to_list() == ["Quay Ltd"]
    late = dt.datetime(2026, 11, 18, 23, 30, tzinfo=dt.timezone(-5 * HOUR))
    recorded(company, "maya", deal_id=about["deals"]["deal_id"][0], observed_at=late, time_zone="America/New_York")
    row = seen(company, "ravi").row(0, named=True)
    assert (row["deal_name"], row["account_name"]) == ("Harbour cranes", "Quay Ltd")
    assert row["observed_on"] == dt.date(2026, 11, 19)
    assert row["time_zone"] == "America/New_York"


@pytest.mark.parametrize(
    ("who", "about", "kind"),
    [
        ("omar", "ravi", "coach"),
        ("ravi", "rosa", "coach"),
        ("ravi", "ravi", "coach"),
        ("maya", "maya", "coach"),
        ("eve", "ravi", "coach"),
        ("ada", "ravi", "coach"),
        ("maya", "ravi", "self"),
        ("eve", "eve", "self"),
        ("maya", "ravi", "coach_the_coach"),
        ("dana", "ravi", "coach_the_coach"),
        ("maya", "ravi", "second_rater"),
        ("maya", "dana", "coach"),
    ],
)
def test_nobody_records_what_is_not_theirs_to_record(company: sa.Engine, who: str, about: str, kind: str) -> None:
    with pytest.raises(NotPermitted):
        recorded(company, who, about, kind=kind)
    assert rows(company, tables.observation) == 0


def test_the_operator_and_stand_ins_record_nothing(sqlite_company: sa.Engine) -> None:
    for viewer in (operator(), stand_in(Role.ADMIN), stand_in(Role.EXECUTIVE)):
        with pytest.raises(NotPermitted), writing(sqlite_company) as connection:
            commands.record_observation(viewer, connection, draft_about(sqlite_company), NOW)


def test_a_deal_of_somebody_elses_is_refused_in_a_sentence(company: sa.Engine) -> None:
    with reading(company) as connection:
        wims = connection.scalar(
            sa.select(tables.deal_version.c.deal_id).where(tables.deal_version.c.owner_id == person_id(company, "wim"))
        )
    with pytest.raises(CommandRefused, match="none of theirs"):
        recorded(company, "maya", deal_id=wims)
    with pytest.raises(CommandRefused) as refusal:
        recorded(company, "maya", deal_id=2**40, account_id=2**40, call_id=2**40, session_id=2**40)
    assert len(refusal.value.problems) == 4
    assert rows(company, tables.observation) == 0


def test_the_same_conversation_is_not_written_down_twice(company: sa.Engine) -> None:
    recorded(company, "maya")
    with pytest.raises(CommandRefused, match="already"):
        recorded(company, "maya", scores=(ScoreDraft("discovery", 1),))
    recorded(company, "dana")
    assert rows(company, tables.observation) == 2


def test_words_that_no_database_takes_are_cleaned(company: sa.Engine) -> None:
    recorded(
        company, "maya", went_well="  You \x00waited\ud800\x07\r\ntwice ", scores=(ScoreDraft("discovery", 4, "\x00"),)
    )
    assert seen(company, "ravi")["went_well"].to_list() == ["You waited\ntwice"]
    assert scores_seen(company, "ravi")["evidence"].to_list() == [None]


# ---- The rep's own view ----------------------------------------------------------------------------------------


def test_ravi_scores_first_and_sees_mayas_scores_afterwards(company: sa.Engine) -> None:
    first = recorded(company, "maya", ask_own_view=True, went_well="You waited")
    for who in ("ravi", "dana"):
        assert seen(company, who).is_empty()
        assert scores_seen(company, who).is_empty()
        assert views(company, who, first).is_empty()
    assert seen(company, "maya").height == 1
    assert observed_count(company) == 0
    with reading(company) as connection:
        waiting = queries.waiting_for_own_view(someone(company, "ravi"), connection, TODAY)
        assert queries.waiting_for_own_view(someone(company, "rosa"), connection, TODAY).is_empty()
    assert waiting["observation_id"].to_list() == [first]
    assert waiting["opens_on"].to_list() == [TODAY + 7 * DAY]
    assert not {"level", "went_well", "evidence"} & set(waiting.columns)

    rating = Rating((ScoreDraft("discovery", 5), ScoreDraft("objections", 2)), went_well="I asked for the figure")
    own = do(company, commands.record_self_view, "ravi", first, rating)
    for who in ("ravi", "maya", "dana"):
        assert views(company, who, first)["kind"].to_list() == ["coach", "self"], who
        assert views(company, who, own).height == 2
        with reading(company) as connection:
            gaps = queries.paired_gaps(someone(company, who), connection, rep_id=person_id(company, "ravi"), **_span())
        assert dict(gaps.select("skill", "gap").iter_rows()) == {"discovery": 1, "objections": 0}
    assert observed_count(company) == 1
    assert facts_hold(company)
    with pytest.raises(CommandRefused, match="open to you already"):
        do(company, commands.record_self_view, "ravi", first, rating)


def test_ravi_may_look_without_scoring(company: sa.Engine) -> None:
    first = recorded(company, "maya", ask_own_view=True)
    with pytest.raises(NotPermitted):
        do(company, commands.skip_own_view, "rosa", first)
    do(company, commands.skip_own_view, "ravi", first)
    assert seen(company, "ravi").height == 1
    assert observed_count(company) == 1
    with pytest.raises(CommandRefused, match="open to you already"):
        do(company, commands.record_self_view, "ravi", first, Rating(SCORES))


def test_after_seven_days_it_opens_by_itself_and_the_facts_know(company: sa.Engine) -> None:
    recorded(company, "maya", ask_own_view=True)
    almost, then = NOW + 7 * DAY - HOUR, NOW + 7 * DAY
    assert do(company, commands.release_overdue, "omar", now=almost) == 0
    with reading(company) as connection:
        assert queries.overdue_releases(operator(), connection, almost) == 0
        assert queries.overdue_releases(operator(), connection, then) == 1
    assert do(company, commands.release_overdue, "omar", now=then) == 1
    assert do(company, commands.release_overdue, "omar", now=then) == 0
    assert seen(company, "ravi").height == 1
    assert observed_count(company) == 1
    assert facts_hold(company)


def test_any_recording_opens_what_is_due(company: sa.Engine) -> None:
    recorded(company, "maya", ask_own_view=True)
    recorded(company, "omar", "wim", now=NOW + 8 * DAY)
    assert seen(company, "ravi").height == 1
    assert observed_count(company) == 2
    assert facts_hold(company)


def test_an_own_view_of_the_last_minute_still_counts(company: sa.Engine) -> None:
    first = recorded(company, "maya", ask_own_view=True)
    do(company, commands.record_self_view, "ravi", first, Rating(SCORES), now=NOW + 7 * DAY + HOUR)
    assert views(company, "maya", first)["kind"].to_list() == ["coach", "self"]


def test_ravi_goes_first_and_maya_answers_without_having_seen_it(company: sa.Engine) -> None:
    own = recorded(company, "ravi", kind="self", scores=(ScoreDraft("discovery", 3, "I rushed"),))
    assert seen(company, "ravi").height == 1
    for who in ("maya", "dana", "omar"):
        assert seen(company, who).is_empty()
        assert views(company, who, own).is_empty()
    with reading(company) as connection:
        waiting = queries.own_views_to_answer(someone(company, "maya"), connection, TODAY)
        assert queries.own_views_to_answer(someone(company, "omar"), connection, TODAY).is_empty()
    assert waiting["observation_id"].to_list() == [own]
    answer = recorded(company, "maya", same_call_as=own, observed_at=SEEN_AT - DAY, channel="video")
    both = views(company, "ravi", answer)
    assert both["kind"].to_list() == ["coach", "self"]
    # The facts of the call are those that Ravi gave.
    assert both["observed_at"].to_list() == [SEEN_AT, SEEN_AT]
    assert both["channel"].to_list() == ["phone", "phone"]
    assert views(company, "maya", own).height == 2
    with pytest.raises(CommandRefused, match="Another coach has scored"):
        recorded(company, "dana", same_call_as=own)
    with pytest.raises(NotPermitted):
        recorded(company, "omar", "wim", same_call_as=own)


# ---- A second coach --------------------------------------------------------------------------------------------


def test_omar_scores_blind_and_then_sees_levels_without_words(company: sa.Engine) -> None:
    first = recorded(company, "maya", went_well="You waited")
    with reading(company) as connection:
        offered = choices.second_raters(someone(company, "maya"), connection, first, TODAY)
    assert offered["name"].to_list() == ["Dana Whitfield", "Omar Haddad"]
    do(company, commands.ask_second_rating, "maya", first, person_id(company, "omar"))
    with reading(company) as connection:
        waiting = queries.waiting_second_ratings(someone(company, "omar"), connection, TODAY)
    assert waiting.select("observation_id", "person_name", "other_name").row(0) == (first, "Ravi Nair", "Maya Lindgren")
    assert views(company, "omar", first).is_empty()

    second = do(company, commands.record_second_rating, "omar", first, Rating((ScoreDraft("discovery", 3),)))
    assert views(company, "omar", first).select("kind", "words_shown", "went_well").rows() == [
        ("coach", False, None),
        ("second_rater", True, None),
    ]
    for who in ("maya", "ravi", "dana"):
        assert views(company, who, first)["kind"].to_list() == ["coach", "second_rater"], who
    # Ravi's list stays closed to Omar.
    assert seen(company, "omar").is_empty()
    with pytest.raises(CommandRefused, match="already"):
        do(company, commands.record_second_rating, "omar", first, Rating(SCORES))
    assert views(company, "omar", second).height == 2
    assert observed_count(company) == 2
    assert facts_hold(company)


def test_dana_asked_to_score_blind_loses_sight_of_the_first_scores_until_she_has(company: sa.Engine) -> None:
    first = recorded(company, "maya")
    assert seen(company, "dana").height == 1
    do(company, commands.ask_second_rating, "maya", first, person_id(company, "dana"))
    assert seen(company, "dana").is_empty()
    assert scores_seen(company, "dana").is_empty()
    do(company, commands.decline_second_rating, "dana", first)
    assert seen(company, "dana").height == 1
    with pytest.raises(NotPermitted):
        do(company, commands.record_second_rating, "dana", first, Rating(SCORES))
    with pytest.raises(NotPermitted):
        do(company, commands.decline_second_rating, "dana", first)
    with pytest.raises(CommandRefused, match="has declined"):
        do(company, commands.ask_second_rating, "maya", first, person_id(company, "dana"))


def test_second_scores_open_to_the_rep_together_with_the_first(company: sa.Engine) -> None:
    first = recorded(company, "maya", ask_own_view=True)
    do(company, commands.ask_second_rating, "maya", first, person_id(company, "omar"))
    do(company, commands.record_second_rating, "omar", first, Rating(SCORES))
    assert seen(company, "ravi").is_empty()
    assert observed_count(company) == 0
    do(company, commands.skip_own_view, "ravi", first)
    assert sorted(seen(company, "ravi")["kind"]) == ["coach", "second_rater"]
    assert observed_count(company) == 2
    assert facts_hold(company)


def test_only_other_coaches_are_asked_and_only_by_who_coaches_the_rep(company: sa.Engine) -> None:
    first = recorded(company, "maya")
    ask = commands.ask_second_rating
    for who in ("omar", "ravi", "eve"):
        with pytest.raises(NotPermitted):
            do(company, ask, who, first, person_id(company, "dana"))
    for rater in ("rosa", "eve", "maya"):
        with pytest.raises(CommandRefused):
            do(company, ask, "maya", first, person_id(company, rater))
    with pytest.raises(CommandRefused):
        do(company, ask, "maya", first, 2**40)
    with pytest.raises(NotPermitted):
        do(company, commands.record_second_rating, "omar", first, Rating(SCORES))
    assert rows(company, tables.second_rating) == 0


def test_two_coaches_who_score_at_once_are_both_kept_and_the_facts_hold(company: sa.Engine) -> None:
    first = recorded(company, "maya")
    for rater in ("omar", "dana"):
        do(company, commands.ask_second_rating, "maya", first, person_id(company, rater))
    raters = ["omar", "dana"] * 2
    together, problems = threading.Barrier(len(raters)), []

    def score(who: str) -> None:
        viewer = someone(company, who)
        together.wait()
        try:
            with writing(company) as connection:
                commands.record_second_rating(viewer, connection, first, Rating(SCORES), NOW)
        except CommandRefused as refusal:
            problems.append(refusal.problems)

    threads = [threading.Thread(target=score, args=(who,)) for who in raters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Each clicked twice: one save each, and a sentence for each second click.
    assert len(problems) == 2
    assert views(company, "ravi", first)["kind"].to_list() == ["coach", "second_rater", "second_rater"]
    assert observed_count(company) == 3
    assert facts_hold(company)


# ---- Coaching the coach ----------------------------------------------------------------------------------------


def test_dana_scores_mayas_coaching_and_maya_reads_it_but_her_reps_do_not(company: sa.Engine) -> None:
    recorded(
        company, "dana", "maya", kind="coach_the_coach", scorecard="coaching", scores=(ScoreDraft("asks_first", 3),)
    )
    for who in ("dana", "maya"):
        assert seen(company, who, "maya")["scorecard"].to_list() == ["coaching"], who
    for who in ("omar", "ravi", "eve"):
        assert seen(company, who, "maya").is_empty()
    with pytest.raises(CommandRefused, match="scorecard for reps"):
        recorded(company, "dana", "maya", kind="coach_the_coach")
    with pytest.raises(CommandRefused, match="scorecard for coaches"):
        recorded(company, "maya", "ravi", scorecard="coaching")
    # A coach's levels are no observation of a rep.
    assert observed_count(company) == 0
    assert facts_hold(company)


# ---- Undo ------------------------------------------------------------------------------------------------------


def test_maya_takes_back_what_nobody_has_answered(company: sa.Engine) -> None:
    first = recorded(company, "maya")
    do(company, commands.ask_second_rating, "maya", first, person_id(company, "omar"))
    for who in ("dana", "ravi", "omar"):
        with pytest.raises(NotPermitted):
            do(company, commands.undo_observation, who, first)
    do(company, commands.undo_observation, "maya", first, now=NOW + 23 * HOUR)
    assert rows(company, tables.observation) == rows(company, tables.score) == rows(company, tables.second_rating) == 0
    assert observed_count(company) == 0
    assert facts_hold(company)
    with pytest.raises(NotPermitted):
        do(company, commands.undo_observation, "maya", first)


def test_what_was_answered_or_is_older_than_a_day_stays(company: sa.Engine) -> None:
    first = recorded(company, "maya", ask_own_view=True)
    with pytest.raises(CommandRefused, match="24 hours"):
        do(company, commands.undo_observation, "maya", first, now=NOW + 25 * HOUR)
    own = do(company, commands.record_self_view, "ravi", first, Rating(SCORES))
    for who, each in (("maya", first), ("ravi", own)):
        with pytest.raises(CommandRefused, match="scored the same call"):
            do(company, commands.undo_observation, who, each)
    assert rows(company, tables.observation) == 2


# ---- As of, access over time -----------------------------------------------------------------------------------


def test_a_page_as_of_a_past_day_does_not_hold_what_was_written_later(company: sa.Engine) -> None:
    recorded(company, "maya", now=NOW)
    ravi = someone(company, "ravi")
    yesterday = _span() | {"as_of": TODAY - DAY}
    with reading(company) as connection:
        assert queries.observations(ravi, connection, rep_id=person_id(company, "ravi"), **yesterday).is_empty()


def test_a_rep_who_moves_takes_their_observations_to_the_new_manager(company: sa.Engine) -> None:
    recorded(company, "maya")
    moved = [dict(row) for row in PEOPLE]
    next(row for row in moved if row["id"] == "ravi").update(manager="omar", team="West")
    later = TODAY + DAY
    load(company, "people", moved, later)
    span = _span() | {"today": later, "as_of": later}
    with reading(company) as connection:
        for who, count in (("omar", 1), ("maya", 0), ("dana", 1), ("ravi", 1)):
            viewer = someone(company, who, later)
            found = queries.observations(viewer, connection, rep_id=person_id(company, "ravi"), **span)
            assert found.height == count, who
            events = coaching_events(viewer, connection, start=span["start"], end=TODAY, as_of=later, today=later)
            assert events.height == count


# ---- Any draft -------------------------------------------------------------------------------------------------

RIGHT: dict[str, st.SearchStrategy[Any]] = {
    "observed_at": st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 11, 19)).map(
        lambda moment: moment.replace(tzinfo=dt.UTC)
    ),
    "channel": st.sampled_from(["phone", "video"]),
    "live_mode": st.sampled_from([None, "none", "whisper"]),
    "scorecard": st.just("selling"),
    "scores": st.dictionaries(
        st.sampled_from(["discovery", "objections", "next_steps"]), st.integers(1, 5), min_size=1
    ).map(lambda levels: tuple(ScoreDraft(skill, level, "Asked twice") for skill, level in levels.items())),
    "went_well": st.text(max_size=200),
    "visibility": st.sampled_from(["shared", "private"]),
    "time_zone": st.sampled_from([None, "Europe/Berlin"]),
    "deal_id": st.none(),
}
WRONG: dict[str, st.SearchStrategy[Any]] = {
    "observed_at": st.sampled_from([SEEN_AT.replace(tzinfo=None), SEEN_AT + 2 * DAY]),
    "channel": st.just("smoke signals"),
    "live_mode": st.just("shout"),
    "scorecard": st.sampled_from(["coaching", "no such card"]),
    "scores": st.sampled_from([(), (ScoreDraft("discovery", 6),), (ScoreDraft("juggling", 3),), SCORES + SCORES]),
    "went_well": st.just("x" * 2_001),
    "visibility": st.just("everybody"),
    "time_zone": st.just("Mars/Olympus"),
    "deal_id": st.just(2**40),
}


@given(right=st.fixed_dictionaries(RIGHT), wrong=st.fixed_dictionaries({}, optional=WRONG), data=st.data())
@settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_draft_with_problems_writes_nothing_and_one_without_is_written_whole(
    sqlite_company: sa.Engine, right: dict[str, Any], wrong: dict[str, Any], data: st.DataObject
) -> None:
    with writing(sqlite_company) as connection:
        connection.execute(sa.delete(tables.score))
        connection.execute(sa.delete(tables.observation))
    broken = data.draw(st.booleans()) and wrong
    values = {**right, **(broken or {})}
    entries, refused = rows(sqlite_company, tables.audit_entry), list[str]()
    try:
        recorded(sqlite_company, "maya", **values)
    except CommandRefused as refusal:
        refused = refusal.problems
    written = (rows(sqlite_company, tables.observation), rows(sqlite_company, tables.score))
    assert bool(refused) == bool(broken)
    assert all(sentence.endswith(".") for sentence in refused)
    if broken:
        assert written == (0, 0)
        assert rows(sqlite_company, tables.audit_entry) == entries
    else:
        assert written == (1, len(values["scores"]))
