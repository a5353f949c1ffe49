"""The command line as a script uses it: exit codes, printed results, never a traceback."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from data_access.__main__ import DONE, FAULT, NOT_MIGRATED, REFUSED, main
from data_access.engine import reading
from data_access.queries.observations import scorecard_for, scorecards
from data_access.scope import operator
from tests.availability import PROJECT
from tests.companies import PEOPLE, TODAY, csv_bytes, deal


@pytest.fixture
def run(sqlite_database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command in this process and answers (exit code, output, errors)."""
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_database_url)

    def command(*words: str) -> tuple[int, str, str]:
        code = main(list(words))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def written(folder: Path, name: str, rows: list[dict[str, Any]]) -> str:
    path = folder / name
    path.write_bytes(csv_bytes(rows))
    return str(path)


def test_an_import_prints_its_result_as_json(run: Any, tmp_path: Path) -> None:
    file = written(tmp_path, "deals.csv", [deal("a"), deal("b", opened="TBD")])
    code, out, _ = run("import", "deals", file, "--as-of", "2026-03-01", "--format", "json")
    result = json.loads(out)
    assert code == DONE
    assert (result["read"], result["accepted"], result["rejected"], result["ignored"]) == (2, 1, 1, 0)
    assert (result["new"], result["changed"], result["unchanged"], result["stale"]) == (1, 0, 0, 0)
    assert isinstance(result["unmatched"], dict)
    assert isinstance(result["cannot_compute"], list)


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_json_lists_every_rejected_row_and_the_sentences_say_how_many_more_there_are(
    run: Any, tmp_path: Path, more: tuple[str, ...]
) -> None:
    rows = [deal("a"), *(deal(f"b{number}", opened="TBD") for number in range(25))]
    order = ("import", "deals", written(tmp_path, "deals.csv", rows), "--as-of", "2026-03-01", *more)
    _, out, _ = run(*order, "--format", "json")
    result = json.loads(out)
    assert result["rejected"] == 25
    assert [row["line"] for row in result["rejections"]] == list(range(3, 28))
    assert all("TBD" in row["raw"] and row["reason"] for row in result["rejections"])
    assert "every_rejection" not in result
    _, out, _ = run(*order[:3], "--as-of", "2026-03-02", *more)
    assert out.count("Line ") == 20
    assert "... and 5 more rejected rows" in out


def test_a_coaching_files_json_lists_every_rejected_row_too(run: Any, tmp_path: Path) -> None:
    run("import", "people", written(tmp_path, "people.csv", PEOPLE), "--as-of", "2026-03-01")
    rows = [{"date": "never", "name": f"Day {number}"} for number in range(25)]
    _, out, _ = run("import", "holidays", written(tmp_path, "holidays.csv", rows), "--format", "json")
    result = json.loads(out)
    assert len(result["rejections"]) == result["rejected"] == 25


def test_an_ambiguous_date_column_is_refused_with_the_key_to_set(run: Any, tmp_path: Path) -> None:
    rows = [deal("a", opened="03/04/2026"), deal("b", opened="05/06/2026")]
    code, _, err = run("import", "deals", written(tmp_path, "deals.csv", rows))
    assert code == REFUSED
    assert "date_format" in err
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('date_format = "day first"\n')
    code, _, _ = run("import", "deals", str(tmp_path / "deals.csv"), "--mapping", str(mapping))
    assert code == DONE


def test_a_missing_file_is_a_sentence(run: Any) -> None:
    code, _, err = run("import", "deals", "nowhere.csv")
    assert code == REFUSED
    assert "Traceback" not in err


def test_metrics_print_ids_names_and_empty_cells_for_no_data(run: Any, tmp_path: Path) -> None:
    run("import", "people", written(tmp_path, "people.csv", PEOPLE), "--as-of", "2026-03-01")
    run(
        "import",
        "deals",
        written(tmp_path, "deals.csv", [deal("a", status="won", closed="2026-02-01", amount=10.5)]),
        "--as-of",
        "2026-03-01",
    )
    arguments = ["--metrics", "won_count,won_amount,win_rate_count", "--from", "2026-01-01", "--to", "2026-03-31"]
    code, out, _ = run("metrics", "--by", "rep", *arguments)
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(out))}
    assert code == DONE
    assert set(rows) == {"ravi", "rosa", "wim", "wanda"}
    assert (rows["ravi"]["won_count"], rows["ravi"]["won_amount"], rows["ravi"]["win_rate_count"]) == (
        "1",
        "10.5",
        "1.0",
    )
    assert (rows["wim"]["won_count"], rows["wim"]["win_rate_count"], rows["wim"]["win_rate_count_n"]) == ("0", "", "0")
    code, out, _ = run("metrics", "--by", "team", *arguments, "--every", "month", "--format", "json")
    table = json.loads(out)
    assert {row["period_start"] for row in table} == {"2026-01-01", "2026-02-01", "2026-03-01"}
    assert {row["id"]: row["parent_id"] for row in table}["East"] == "dana"


def test_metrics_as_a_viewer_stay_in_that_viewers_scope(run: Any, tmp_path: Path) -> None:
    run("import", "people", written(tmp_path, "people.csv", PEOPLE))
    arguments = ["--by", "rep", "--metrics", "won_count", "--from", "2026-01-01", "--to", "2026-03-31"]
    _, out, _ = run("metrics", *arguments, "--viewer", "maya")
    assert {row["id"] for row in csv.DictReader(io.StringIO(out))} == {"ravi", "rosa"}
    code, _, err = run("metrics", *arguments, "--viewer", "nobody")
    assert code == REFUSED
    assert "nobody" in err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--metrics", "wins", "--from", "2026-01-01", "--to", "2026-03-31"], "won_count"),
        (["--metrics", "won_count", "--from", "2026-03-01", "--to", "2026-01-31"], "--from"),
        (["--metrics", "", "--from", "2026-01-01", "--to", "2026-03-31"], "names no metric"),
    ],
)
def test_a_wrong_question_is_refused_with_what_would_be_right(run: Any, words: list[str], hint: str) -> None:
    code, _, err = run("metrics", "--by", "company", *words)
    assert code == REFUSED
    assert hint in err


def test_the_facts_are_checked_and_rebuilt(run: Any, tmp_path: Path) -> None:
    run("import", "deals", written(tmp_path, "d.csv", [deal("a", status="won", closed="2026-02-01")]))
    assert run("rollups", "check")[0] == DONE
    assert run("rollups", "rebuild")[0] == DONE
    assert run("check")[0] == DONE


def test_a_changed_audit_entry_is_a_fault(run: Any, tmp_path: Path, sqlite_database_url: str) -> None:
    import sqlalchemy as sa

    run("import", "deals", written(tmp_path, "d.csv", [deal("a")]))
    engine = sa.create_engine(sqlite_database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE audit_entry SET action = 'nothing' WHERE id = 1"))
    engine.dispose()
    code, _, err = run("check")
    assert code == FAULT
    assert "audit trail" in err


def test_settings_are_shown_changed_and_refused(run: Any) -> None:
    assert run("settings", "time_zone", "Europe/Berlin")[0] == DONE
    assert "time_zone = Europe/Berlin" in run("settings")[1]
    code, _, err = run("settings", "time_zone", "Atlantis")
    assert code == REFUSED
    assert "Atlantis" in err
    assert run("settings", "week_starts_on", "7")[0] == REFUSED


def test_a_backup_is_a_working_copy_and_never_overwrites(run: Any, tmp_path: Path) -> None:
    run("import", "people", written(tmp_path, "people.csv", PEOPLE))
    copy = tmp_path / "copy.sqlite3"
    assert run("backup", str(copy))[0] == DONE
    assert copy.stat().st_size > 0
    assert run("backup", str(copy))[0] == REFUSED


def test_without_tables_every_command_names_the_one_to_run(tmp_path: Path) -> None:
    environment = {**os.environ, "COACHING_DATABASE_URL": f"sqlite:///{tmp_path / 'none.sqlite3'}"}
    command = [sys.executable, "-m", "data_access", "check"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == NOT_MIGRATED
    assert "python -m data_access migrate" in done.stderr


def test_migrating_puts_the_scorecards_in_place_once(run: Any, sqlite_engine: sa.Engine) -> None:
    for _ in range(2):
        assert run("migrate")[0] == DONE
        with reading(sqlite_engine) as connection:
            assert scorecard_for(operator(), connection, "selling", TODAY) is not None
            assert len(scorecards(operator(), connection, TODAY)) == 2
