"""What becomes of a row of calls: how long it lasted and who listened in."""

from __future__ import annotations

from tests.data_access.importers.written import Read

ANN = "Ann,2026-01-31T10:0{}:00Z,{}\n"


def test_one_length_written_as_a_clock_shows_it_leaves_the_plain_seconds_alone(read: Read) -> None:
    cells = ["332", "61", "5:32", "0:05:32", "1:00:00", "", "7"]
    rows = "".join(ANN.format(minute, cell) for minute, cell in enumerate(cells))
    records = read("calls", f"rep,started_at,seconds\n{rows}")
    assert records.frame["seconds"].to_list() == [332, 61, 332, 332, 3600, None, 7]
    assert records.rejections.is_empty()


def test_a_length_that_is_neither_a_clock_nor_a_number_is_rejected_alone(read: Read) -> None:
    rows = "".join(ANN.format(minute, cell) for minute, cell in enumerate(["332", "5:32", "5:75", "a while"]))
    records = read("calls", f"rep,started_at,seconds\n{rows}")
    assert records.frame["seconds"].to_list() == [332, 332]
    assert records.rejections["line"].to_list() == [4, 5]


CALL = "c1,Ann,2026-01-31T10:00:00Z,{seconds},{supervisor},{mode}\n"


def listened(read: Read, *rows: tuple[int, str, str]) -> tuple[list[tuple[str | None, str | None]], int, list[int]]:
    """Supervisors and modes of one call, how many rows were duplicates, and the lines that were rejected."""
    lines = [CALL.format(seconds=seconds, supervisor=who, mode=mode) for seconds, who, mode in rows]
    records = read("calls", "id,rep,started_at,seconds,supervisor,mode\n" + "".join(lines))
    kept = records.frame.select("supervisor", "mode").rows()
    return kept, records.duplicates, records.rejections["line"].to_list()


def test_two_supervisors_may_have_listened_to_one_call(read: Read) -> None:
    kept, duplicates, rejected = listened(read, (62, "Bo", "listen"), (62, "Cy", "whisper"), (62, "Bo", "listen"))
    assert (kept, duplicates, rejected) == ([("Bo", "listen"), ("Cy", "whisper")], 1, [])


def test_a_supervisor_who_listens_and_then_barges_in_is_there_twice(read: Read) -> None:
    kept, _, rejected = listened(read, (62, "", ""), (62, "Bo", "listen"), (62, "Bo", "barge"))
    assert (kept, rejected) == ([(None, None), ("Bo", "listen"), ("Bo", "barge")], [])


def test_rows_of_one_call_must_agree_on_the_call_itself(read: Read) -> None:
    kept, _, rejected = listened(read, (62, "Bo", "listen"), (99, "Cy", "whisper"), (62, "Cy", "barge"))
    assert (kept, rejected) == ([("Bo", "listen"), ("Cy", "barge")], [3])
