"""The list over the demo company: what it rests on, what it costs, and that the digest says the same."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching import numbers
from coaching.attention import words
from coaching.attention.rules import BY_KEY
from coaching.digest import as_markdown, lines_of
from coaching.metrics import metric
from coaching.objectives import assess, headline
from data_access.__main__ import main
from data_access.digest import digest
from data_access.engine import reading
from data_access.queries import skills as skill_queries
from data_access.queries.attention import attention
from data_access.queries.objective_verdicts import objective_verdicts
from data_access.queries.plans import metric_series, objectives
from tests.availability import PROJECT
from tests.demo import TODAY, sight_of
from tests.pages.opening import OVERVIEW, opened
from ui import loaders
from ui.loaders import attention as attention_loaders

PAST = dt.date(2026, 6, 10)


def found(who: str, as_of: dt.date = TODAY) -> dict[str, pl.DataFrame]:
    return attention_loaders.found(sight_of(who), as_of=as_of)


def sources(who: str, as_of: dt.date = TODAY) -> list[tuple[str, str, int]]:
    """Rule, table and id (or metric) of every source of every alert."""
    rows = found(who, as_of)["alerts"].select("rule", "source_ids", "rep_id").explode("source_ids").iter_rows()
    return [(rule, source, rep_id) for rule, source, rep_id in rows]


# ---- What it rests on --------------------------------------------------------------------------------------------

OWNERS = {
    "deal": "SELECT owner_id FROM deal_version WHERE deal_id = ?",
    "session": "SELECT rep_id FROM session WHERE id = ?",
    "observation": "SELECT person_id FROM observation WHERE id = ?",
    "objective": "SELECT rep_id FROM plan JOIN objective ON objective.plan_id = plan.id WHERE objective.id = ?",
    "plan": "SELECT rep_id FROM plan WHERE id = ?",
    "commitment": "SELECT to_id FROM commitment WHERE id = ?1 UNION SELECT by_id FROM commitment WHERE id = ?1",
    "shadowed_cycle": "SELECT rep_id FROM shadowed_cycle WHERE id = ?",
    "person": "SELECT id FROM person WHERE id = ?",
}


def test_every_reason_names_rows_that_exist_and_are_about_the_rep_or_a_metric_of_the_registry(demo: str) -> None:
    seen = Counter[str]()
    with sqlite3.connect(demo.removeprefix("sqlite:///")) as connection:
        for rule, source, rep_id in sources("Dana"):
            table, _, key = source.partition(":")
            seen[table] += 1
            if table == "metric":
                assert metric(key)
            elif table == "account":
                assert connection.execute("SELECT id FROM account WHERE id = ?", (key,)).fetchone()
            else:
                about = {row[0] for row in connection.execute(OWNERS[table], (key,))}
                assert rep_id in about, (rule, source)
    assert {"deal", "session", "objective", "commitment", "metric"} <= set(seen)


def test_many_rules_speak_and_different_reps_hear_different_things(demo: str) -> None:
    alerts = found("Dana")["alerts"]
    assert alerts["rule"].n_unique() >= 14
    by_rep = alerts.group_by("rep_id").agg(pl.col("rule").sort()).filter(pl.col("rule").list.len() > 0)
    assert by_rep["rule"].n_unique() > by_rep.height / 2
    for row in alerts.iter_rows(named=True):
        assert row["n"] >= BY_KEY[row["rule"]].smallest_n, row["rule"]


DATED = {
    "commitment": "SELECT made_on FROM commitment WHERE id = ?",
    "objective": "SELECT agreed_on FROM objective WHERE id = ?",
    "observation": "SELECT observed_on FROM observation WHERE id = ?",
    "session": "SELECT date(recorded_at) FROM session WHERE id = ?",
    "deal": "SELECT min(coalesce(opened_on, first_known_on)) FROM deal_version WHERE deal_id = ?",
    "plan": "SELECT starts_on FROM plan WHERE id = ?",
}


def test_a_list_of_the_past_rests_on_nothing_younger(demo: str) -> None:
    checked = Counter[str]()
    with sqlite3.connect(demo.removeprefix("sqlite:///")) as connection:
        for _, source, _ in sources("Dana", PAST):
            table, _, key = source.partition(":")
            if table in DATED:
                [day] = connection.execute(DATED[table], (key,)).fetchone()
                assert day <= PAST.isoformat(), source
                checked[table] += 1
    assert len(checked) >= 4


# ---- The same as elsewhere ---------------------------------------------------------------------------------------


def test_the_verdicts_on_many_objectives_are_those_of_the_plan_page_one_by_one(demo: str) -> None:
    sight = sight_of("Dana")
    who: dict[str, Any] = {"as_of": TODAY, "today": TODAY}
    with reading(loaders.engine()) as connection:
        goals = objectives(sight.viewer, connection, **who).filter(
            (pl.col("plan_status") == "active") & (pl.col("status") == "accepted")
        )
        together = objective_verdicts(sight.viewer, connection, goals, currency="USD", **who).to_dicts()
        assert len({goal["metric_key"] for goal in goals.to_dicts()}) >= 4
        for goal, row in zip(goals.iter_rows(named=True), together, strict=True):
            series = metric_series(
                sight.viewer,
                connection,
                rep_id=goal["rep_id"],
                metric_key=goal["metric_key"],
                since=goal["since_on"],
                **who,
            )
            alone = assess(goal, series, TODAY, "USD")
            assert (row["verdict"], row["words"]) == (alone.verdict, headline(goal, alone, "USD"))
            assert row["chance"] == pytest.approx(alone.chance)


def test_maya_and_dana_read_the_same_about_the_same_rep(demo: str) -> None:
    maya, dana = found("Maya"), found("Dana")
    ids = maya["people"]["rep_id"].to_list()
    of_dana = dana["alerts"].filter(pl.col("rep_id").is_in(ids))
    # Whose promise it is reads "you" for Maya alone; what a team is compared with differs for nobody.
    assert maya["alerts"].drop("words").equals(of_dana.drop("words"))
    told = pl.col("rule") != "promise_overdue"
    assert maya["alerts"].filter(told)["words"].to_list() == of_dana.filter(told)["words"].to_list()


@pytest.mark.parametrize("who", ["Maya", "Dana"])
def test_the_digest_says_what_the_page_says_in_the_same_order(demo: str, who: str) -> None:
    app = opened(OVERVIEW, who)
    names = [button.label.strip("*").replace("\\", "") for button in app.button if _is_need(button.key)]
    sight = sight_of(who)
    with reading(loaders.engine()) as connection:
        made = digest(sight.viewer, connection, as_of=TODAY, today=TODAY)
    assert names == [entry.name for entry in made.listed.needs][: len(names)]
    assert len(names) == 5
    captions = [caption.value.replace("\\", "").replace("\u2060", "") for caption in app.caption]
    labels = [block.label.replace("\\", "").replace("\u2060", "") for block in app.expander]
    for entry in made.listed.needs[:5]:
        for line in words.row_reasons(entry):
            assert line in captions
        value = words.place_words(entry, sight.company.currency)
        assert value in [markdown.value.replace("\\", "") for markdown in app.markdown]
        assert f"Why this rep: {words.why_words(entry, sight.company.currency)}" in labels
    floor = words.floor_words(made.floor_weeks)
    marked = sum(floor in markdown.value.replace("\\", "") for markdown in app.markdown)
    assert marked == sum(entry.is_for_floor for entry in made.listed.needs[:5])
    text = as_markdown(made)
    assert re.findall(r"^\d+\. \*\*(.+?)\*\*", text, re.MULTILINE)[:5] == names
    heading = next(markdown.value for markdown in app.markdown if markdown.value.startswith("#####"))
    told = " ".join(made.verdict).replace(numbers.SPACE, " ")
    assert heading.removeprefix("##### ").replace("\\", "").replace("\u2060", "") == told


def _is_need(key: str | None) -> bool:
    return re.fullmatch(r"needs_\d+", str(key)) is not None


def test_the_address_in_a_digest_is_one_that_the_product_answers(demo: str) -> None:
    sight = sight_of("Maya")
    with reading(loaders.engine()) as connection:
        made = digest(sight.viewer, connection, as_of=TODAY, today=TODAY, address="https://coaching.example.com")
    paths = set(re.findall(r"coaching\.example\.com/([\w-]+)", as_markdown(made)))
    registered = set(re.findall(r'url_path="([\w-]+)"', (PROJECT / "app.py").read_text()))
    assert paths
    assert paths <= registered


# ---- What it costs -----------------------------------------------------------------------------------------------


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    """The statements sent within the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_four_times_the_reps_ask_the_database_hardly_more_often(demo: str) -> None:
    engine, sent = loaders.engine(), {}
    for who in ("Maya", "Dana"):
        with counted(engine) as statements, reading(engine) as connection:
            frames = attention(sight_of(who).viewer, connection, as_of=TODAY, today=TODAY)
        sent[who] = (len(statements), frames["people"].height)
    assert sent["Dana"][1] > 2 * sent["Maya"][1]
    # A few more where more kinds of things are found, none per rep.
    assert sent["Dana"][0] < sent["Maya"][0] * 1.5


@pytest.mark.parametrize("who", ["Maya", "Dana"])
def test_levels_read_once_for_two_days_are_those_of_the_skills_page(demo: str, who: str) -> None:
    viewer, days = sight_of(who).viewer, [TODAY, TODAY - dt.timedelta(days=90)]
    of_levels = ["person_id", "skill_id", "level", "level_n", "score_count", "state", "state_since_on", "last_on"]
    with reading(loaders.engine()) as connection:
        standings, spread, reliability = skill_queries.plain_standings(
            viewer, connection, days=days, as_of=TODAY, today=TODAY
        )
        for day, mine in zip(days, standings, strict=True):
            report = skill_queries.skill_report(viewer, connection, at=day, as_of=TODAY, today=TODAY)
            assert mine.height > 20
            assert mine.select(of_levels).equals(report["standings"].select(of_levels))
            if day == TODAY:
                assert spread.equals(report["spread"])
                assert reliability == report["agreement"]["reliability"][0]


def test_the_list_is_the_same_whether_deals_are_asked_for_one_by_one_or_as_a_whole(
    demo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from data_access.queries import attention as queries

    viewer = sight_of("Dana").viewer
    found = []
    for most in (queries.MOST_IDS, 0):
        monkeypatch.setattr(queries, "MOST_IDS", most)
        with reading(loaders.engine()) as connection:
            found.append(attention(viewer, connection, as_of=TODAY, today=TODAY)["alerts"])
    assert found[0].height > 20
    assert found[0].equals(found[1])


# ---- The command -------------------------------------------------------------------------------------------------


@pytest.fixture
def run(demo: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """The command line over a copy of the demo: reading leaves an entry in the audit trail."""
    import shutil

    copy = tmp_path / "demo.sqlite3"
    shutil.copyfile(demo.removeprefix("sqlite:///"), copy)
    monkeypatch.setenv("COACHING_DATABASE_URL", f"sqlite:///{copy}")

    def command(*arguments: str) -> tuple[int, str, str, list[tuple[Any, ...]]]:
        code = main(["digest", "--as-of", TODAY.isoformat(), *arguments])
        printed = capsys.readouterr()
        with sqlite3.connect(copy) as connection:
            entries = connection.execute("SELECT actor_id, action, detail FROM audit_entry ORDER BY id").fetchall()
        return code, printed.out, printed.err, entries

    return command


def test_the_command_prints_the_digest_of_one_person_and_leaves_a_note(run: Any, demo: str) -> None:
    maya = sight_of("Maya").viewer
    code, out, _, entries = run("--for", maya.name)
    assert code == 0
    assert out.startswith("# Who needs you now, 20 Nov 2026")
    assert entries[-1][:2] == (maya.person_id, "read digest as manager")
    code, page, _, _ = run("--for", maya.name, "--format", "html", "--address", "https://coaching.example.com")
    assert code == 0
    assert set(re.findall(r'href="(https://[^/"]+)', page)) == {"https://coaching.example.com"}


def test_a_rep_and_an_executive_get_a_kind_sentence_and_no_name(run: Any, demo: str) -> None:
    for who, word in (("Ravi", "My coaching"), ("Eve", "managers and leaders")):
        code, out, _, _ = run("--for", sight_of(who).viewer.name)
        assert code == 0
        assert word in out
        assert out.count("\n") == 1


def test_nobody_of_that_name_and_an_address_that_is_none_are_refused(run: Any, demo: str) -> None:
    code, out, err, _ = run("--for", "Nobody At All")
    assert (code, out) == (2, "")
    assert "There is nobody with the id or name" in err
    code, out, err, _ = run("--for", sight_of("Maya").viewer.name, "--address", "javascript:alert(1)")
    assert (code, out) == (2, "")
    assert "is not an address" in err


def test_a_row_says_two_reasons_and_counts_the_rest(demo: str) -> None:
    listed = attention_loaders.listed(sight_of("Dana"), as_of=TODAY)
    longest = max(listed.needs, key=lambda entry: len(entry.reasons))
    assert len(longest.reasons) > 2
    with reading(loaders.engine()) as connection:
        made = digest(sight_of("Dana").viewer, connection, as_of=TODAY, today=TODAY)
    more = f"and {numbers.plural(len(longest.reasons) - 2, 'more reason')}"
    assert lines_of(made, longest, with_value=False)[-1] == more
