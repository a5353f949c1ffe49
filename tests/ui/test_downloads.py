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

from tests.demo import TODAY, sight_of
from ui import downloads, exports, loaders
from ui.downloads import Answer

HERE = {"host": "127.0.0.1:8501"}
QUARTER = {"team_id": None, "start": "2026-10-01", "end": "2026-12-31", "as_of": TODAY.isoformat()}


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
