"""A download answers the viewer it was drawn for, for an hour, on this machine, with harmless cells."""

from __future__ import annotations

import base64
import csv
import io
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

from data_access.engine import open_engine
from tests.companies import PEOPLE, load
from tests.demo import TODAY, sight_of
from ui import downloads, exports, loaders
from ui.downloads import Answer
from ui.loaders import skills as skill_loaders

HERE = {"host": "127.0.0.1:8501"}
QUARTER = {"team_id": None, "start": "2026-10-01", "end": "2026-12-31", "as_of": TODAY.isoformat()}

LEVELS = {"team_id": None, "at": TODAY.isoformat(), "as_of": TODAY.isoformat()}


def token_of(first_name: str, kind: str, **asked: Any) -> str:
    address = downloads.address_of(sight_of(first_name), kind, "export.csv", **asked)
    return parse_qs(urlsplit(address).query)["token"][0]


def fetched(
    token: str, *, client: str | None = "127.0.0.1", host: str = "127.0.0.1:8501", name: str = "x.csv"
) -> Answer:
    return downloads.answer(name, token, client, {"host": host})


def rows(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"))))


def test_maya_downloads_her_own_reps_and_nobody_elses(demo: str) -> None:
    maya = rows(fetched(token_of("Maya", "reps", **QUARTER)))
    omar = rows(fetched(token_of("Omar", "reps", **QUARTER)))
    assert "Ravi Menon" in {row["name"] for row in maya}
    assert not {row["id"] for row in maya} & {row["id"] for row in omar}


def test_numbers_stay_numbers_in_full_precision_and_no_data_is_an_empty_cell(demo: str) -> None:
    row = rows(fetched(token_of("Maya", "reps", **QUARTER)))[0]
    assert float(row["quota_attainment"]) == pytest.approx(float(row["won_amount"]) / float(row["quota"]))
    assert not any(value in {"nan", "NaN", "None", "null"} for value in row.values())


def test_the_answer_is_a_file_that_no_cache_keeps(demo: str) -> None:
    answer = fetched(token_of("Ravi", "definitions"), name='definitions".csv\r\nX: y')
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="definitions.csvXy"'
    assert answer.headers["content-type"].startswith("text/csv")


def test_a_link_whose_viewer_export_or_time_was_changed_is_refused(demo: str) -> None:
    body, _, signature = token_of("Ravi", "definitions").partition(".")
    opened = json.loads(base64.urlsafe_b64decode(body + "=="))
    for change in ({"as": "admin"}, {"kind": "reps"}, {"until": opened["until"] + 1}):
        forged = base64.urlsafe_b64encode(json.dumps(opened | change).encode()).decode().rstrip("=")
        answer = fetched(f"{forged}.{signature}")
        assert answer.status == 403
        assert b"not valid" in answer.body
    for garbage in ("", ".", "x.y", body, f"{body}.é", "a" * 10_000):
        assert fetched(garbage).status == 403


def test_after_an_hour_the_link_says_that_it_has_expired(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of("Ravi", "definitions")
    later = time.time() + downloads.SECONDS_VALID + 1
    monkeypatch.setattr(time, "time", lambda: later)
    answer = fetched(token)
    assert (answer.status, answer.body) == (403, b"This link has expired. Reload the page and click again.")


@pytest.mark.parametrize(
    ("client", "host"),
    [
        ("192.168.1.7", "127.0.0.1:8501"),
        (None, "127.0.0.1:8501"),
        ("127.0.0.1", "evil.example:8501"),
        ("127.0.0.1", "localhost.evil.example"),
        ("127.0.0.1", ""),
        ("::1", "127.0.0.1.evil.example:80"),
    ],
)
def test_without_a_sign_in_only_this_machine_under_its_own_name_is_answered(
    demo: str, client: str | None, host: str
) -> None:
    answer = fetched(token_of("Ravi", "definitions"), client=client, host=host)
    assert answer.status == 403
    assert b"on this machine only" in answer.body


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:9000", "[::1]:8501", "127.0.0.1", "[::1]"])
def test_this_machines_own_names_are_answered(demo: str, host: str) -> None:
    assert fetched(token_of("Ravi", "definitions"), client="::1", host=host).status == 200


def test_a_viewer_who_has_left_in_the_meantime_gets_nothing(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_of("Maya", "reps", **QUARTER)
    monkeypatch.setattr(loaders, "sight_of", lambda chosen: None)
    answer = fetched(token)
    assert (answer.status, answer.body) == (403, b"There is no such download in your view.")


@pytest.mark.parametrize(
    ("who", "kind", "asked", "status"),
    [
        ("Eve", "reps", QUARTER, 403),
        ("Ada", "reps", QUARTER, 403),
        ("Ravi", "teams", QUARTER | {"keys": ["won_amount"]}, 403),
        ("Eve", "teams", QUARTER | {"keys": ["won_amount"]}, 200),
        ("Maya", "rejections", {"import_id": 1}, 403),
        ("Ada", "rejections", {"import_id": 1}, 200),
        ("Maya", "skill_levels", LEVELS, 200),
        ("Ravi", "skill_levels", LEVELS, 200),
        ("Eve", "skill_levels", LEVELS, 403),
        ("Ada", "skill_levels", LEVELS, 403),
        ("Dana", "coaches", QUARTER, 200),
        ("Ravi", "coaches", QUARTER, 403),
        ("Eve", "coaches", QUARTER, 403),
        ("Ada", "coaches", QUARTER, 403),
        ("Eve", "definitions", {}, 200),
        ("Ada", "no_such_export", {}, 403),
    ],
)
def test_each_role_gets_the_exports_that_belong_to_it(
    demo: str, who: str, kind: str, asked: dict[str, Any], status: int
) -> None:
    assert fetched(token_of(who, kind, **asked)).status == status


def test_a_rep_of_another_team_in_the_address_adds_nothing(demo: str) -> None:
    west = sight_of("Omar")
    team_id = loaders.teams(west, TODAY)["team_id"][0]
    assert rows(fetched(token_of("Maya", "reps", **(QUARTER | {"team_id": team_id})))) == []


def test_levels_are_those_of_the_viewers_own_people_with_n_and_empty_where_nobody_scored(demo: str) -> None:
    maya, dana = sight_of("Maya"), sight_of("Dana")
    found = rows(fetched(token_of("Maya", "skill_levels", **LEVELS)))
    assert {row["rep"] for row in found} < {
        row["rep"] for row in rows(fetched(token_of("Dana", "skill_levels", **LEVELS)))
    }
    ids = {int(row["rep_id"]) for row in found}
    assert ids <= set(loaders.people(maya, TODAY)["person_id"])
    assert not ids & {int(row["rep_id"]) for row in rows(fetched(token_of("Omar", "skill_levels", **LEVELS)))}
    skill_list = skill_loaders.skill_list(maya)
    assert len(found) == len(ids) * skill_list.height
    standings = skill_loaders.report(dana, at=TODAY, as_of=TODAY)["standings"].to_dicts()
    slugs = dict(skill_list.select("slug", "skill_id").iter_rows())
    known = {(row["person_id"], row["skill_id"]): row for row in standings}
    for row in found:
        standing = known.get((int(row["rep_id"]), slugs[row["skill"]]))
        assert (row["level"] == "") == (standing is None)
        if standing is not None:
            assert float(row["level"]) == pytest.approx(standing["level"])
            assert int(row["level_n"]) == standing["level_n"]


def test_a_rep_downloads_their_own_levels_and_no_colleagues(demo: str) -> None:
    assert {row["rep"] for row in rows(fetched(token_of("Ravi", "skill_levels", **LEVELS)))} <= {"Ravi Menon"}


def test_a_manager_downloads_their_own_coaching_and_a_leader_everybodys_below(demo: str) -> None:
    mine = rows(fetched(token_of("Maya", "coaches", **QUARTER)))
    assert {row["name"].split()[0] for row in mine} == {"Maya"}
    below = rows(fetched(token_of("Dana", "coaches", **QUARTER)))
    assert {"Maya", "Omar"} <= {row["name"].split()[0] for row in below}
    for row in below:
        due = int(row["promises_due"])
        assert (row["kept_share"] == "") == (due == 0)
        if due:
            assert float(row["kept_share"]) == pytest.approx(int(row["promises_kept"]) / due)


def test_before_any_session_was_recorded_a_coachs_counts_are_empty_and_not_zero(
    sqlite_database_url: str, fresh_caches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_database_url)
    engine = open_engine(sqlite_database_url)
    load(engine, "people", PEOPLE)
    engine.dispose()
    found = rows(fetched(token_of("Dana", "coaches", **QUARTER)))
    assert {row["name"] for row in found} == {"Maya Lindgren", "Omar Haddad"}
    for row in found:
        assert float(row["rep_months"]) > 0
        assert {row[name] for name in ("one_on_one_count", "session_count", "minutes", "promises_due")} == {""}


@pytest.mark.parametrize(
    "cell", ["=HYPERLINK(1)", "+49 30", "-5 left", "@x", "\t=1", " =1", "＝1", "＋1", "－1", "＠x", "\r=1", "\x00=1"]
)
def test_a_cell_that_a_spreadsheet_would_run_is_kept_as_text(cell: str) -> None:
    frame = pl.DataFrame({"name": [cell], "amount": [-5.5]})
    written = exports.neutralised(frame)
    assert written["name"][0] == f"'{cell}"
    assert written["amount"][0] == -5.5


def test_ordinary_cells_stay_as_they_are() -> None:
    frame = pl.DataFrame({"name": ["Ravi = best", "5-3", "", None, "Król"]})
    assert exports.neutralised(frame)["name"].to_list() == frame["name"].to_list()


def test_the_log_names_ids_and_counts_and_nobodys_name(demo: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="sideline.downloads"):
        fetched(token_of("Maya", "reps", **QUARTER))
    assert "download reps by" in caplog.text
    assert "Ravi" not in caplog.text
