"""``roi --panel``: the engine on any CSV, with the keys that were promised and sentences for what is no panel."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data_access import __main__ as command_line
from data_access import roi_panel
from data_access.importers.refusal import ImportRefused
from tests.coaching.roi.panels import CASES, SMALL

KEYS = [
    *("headline", "headline_team", "twfe", "callaway_santanna", "symmetric", "history", "before_after"),
    *("placebo_dip", "placebo_clean", "mde80", "event_curve", "verdict", "effect", "reasons"),
]
OURS = ["--unit", "rep", "--team", "team", "--period", "month", "--outcome", "bookings", "--start", "coached_from"]
OTHER = ["--unit", "rep_id", "--period", "month", "--outcome", "bookings_k", "--start", "coached_from"]
HEADER = "unit,year,y,first"


def run(capsys: pytest.CaptureFixture[str], file: Path, *words: str) -> dict[str, Any]:
    assert command_line.main(["roi", "--panel", str(file), *words]) == command_line.DONE
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def refused(capsys: pytest.CaptureFixture[str], file: Path, *words: str) -> str:
    assert command_line.main(["roi", "--panel", str(file), *words]) == command_line.REFUSED
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err.removeprefix("Refused, nothing was written. ").strip()


def table(folder: Path, *lines: str, header: str = HEADER) -> Path:
    file = folder / "panel.csv"
    file.write_text("\n".join([header, *lines]) + "\n")
    return file


WORDS = ["--unit", "unit", "--period", "year", "--outcome", "y", "--start", "first"]


def test_all_promised_keys_are_printed_without_any_database(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = tmp_path / "nowhere" / "none.sqlite3"
    monkeypatch.setenv("COACHING_DATABASE_URL", f"sqlite:///{nowhere}")
    found = run(capsys, SMALL, *OURS, "--format", "json")
    assert [key for key in found if key != "not_estimated"] == KEYS
    assert not nowhere.exists()
    assert set(found["headline"]) == {"estimate", "se", "clusters", "low", "high"}
    assert found["headline"]["estimate"] == pytest.approx(13.633909, abs=1e-6)
    assert (found["headline"]["clusters"], found["headline_team"]["clusters"]) == (60, 8)
    assert found["twfe"]["estimate"] == pytest.approx(13.189383, abs=1e-6)
    assert found["mde80"] == pytest.approx(2.8 * found["headline"]["se"])
    assert (found["verdict"], found["effect"], found["reasons"], found["not_estimated"]) == ("green", "raised", [], {})
    curve = found["event_curve"]
    assert [point["e"] for point in curve] == list(range(-6, 16))
    assert all(set(point) == {"e", "estimate", "se", "low", "high", "n"} for point in curve)


def test_what_cannot_be_estimated_is_null_with_a_reason(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = [
        f"{unit},{year},{unit + year % 3},{2005 if unit < 3 else 0}" for unit in range(6) for year in range(2001, 2009)
    ]
    found = run(capsys, table(tmp_path, *lines), *WORDS, "--skip", "0", "--min-pre", "1")
    assert found["headline"]["estimate"] == pytest.approx(0, abs=1e-9)
    assert found["history"] is None
    assert found["headline_team"] is None
    assert {"history", "headline_team"} <= set(found["not_estimated"])
    assert (found["verdict"], found["effect"]) == ("grey", "none")
    assert "few_coached" in found["reasons"]


def test_one_unit_may_be_treated_from_a_named_period_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    quarters = ["Q42010", "Q12011", "Q22011", "Q32011", "Q42011", "Q12012"]
    lines = [
        f"{name},{quarter},{place + number / 7 + (3 if name == 'C' and place >= 3 else 0)}"
        for number, name in enumerate("ABCD")
        for place, quarter in enumerate(quarters)
    ]
    file = table(tmp_path, *lines, header="state,quarter,rate")
    words = ["--unit", "state", "--period", "quarter", "--outcome", "rate", "--skip", "0", "--min-pre", "1"]
    found = run(capsys, file, *words, "--start", "Q32011", "--treated-unit", "C")
    assert found["headline"]["estimate"] == pytest.approx(3)
    assert found["twfe"]["estimate"] == pytest.approx(3)
    assert "no unit 'X'" in refused(capsys, file, *words, "--start", "Q32011", "--treated-unit", "X")
    assert "Name a column for --start" in refused(capsys, file, *words, "--start", "Q32011")
    assert "is no quarter" in refused(capsys, file, *words, "--start", "2011", "--treated-unit", "C")
    assert "Leave one of them out" in refused(capsys, file, *words, "--start", "rate", "--treated-unit", "C")


def test_the_order_of_rows_and_the_way_of_writing_do_not_matter(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    header, *lines = SMALL.read_text().splitlines()
    mixed = tmp_path / "mixed.csv"
    mixed.write_bytes(("\ufeff" + "\r\n".join([header, *reversed(lines), ""])).replace(",", ";").encode())
    one, two = run(capsys, SMALL, *OURS), run(capsys, mixed, *OURS)
    for key in KEYS[:9]:
        assert two[key] == pytest.approx(one[key])


def test_the_control_group_and_the_skip_are_choices(capsys: pytest.CaptureFixture[str]) -> None:
    usual = run(capsys, SMALL, *OURS)
    never, none = run(capsys, SMALL, *OURS, "--control", "never"), run(capsys, SMALL, *OURS, "--skip", "0")
    assert never["headline"] == usual["headline"]
    assert never["callaway_santanna"] != usual["callaway_santanna"]
    assert none["headline"]["estimate"] == pytest.approx(16.060698, abs=1e-6)
    assert none["callaway_santanna"] == usual["callaway_santanna"]


def test_the_verdict_can_be_read_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["roi", "--panel", str(SMALL), *OURS, "--format", "text"]) == command_line.DONE
    printed = capsys.readouterr().out
    assert "Likely caused by coaching. Coaching raised results by about 13.6 per rep and month" in printed
    assert "What we cannot claim:" in printed


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["A,2001,1,0", "A,2001,2,0"], "'A' has 2001 more than once. Give one row per unit and period."),
        (["A,2001,1,0", "A,2001.0,2,0"], "A unit has the same period twice"),
        (["A,2001,1,2003", "A,2002,2,2004"], "'A' has more than one 'first' ('2003' and '2004')."),
        (["A,2001,1,", "A,2002,2,2004"], "'A' has more than one 'first' (empty and '2004')."),
        (["A,2001,1,0", ",2002,2,0"], "Line 3 has no 'unit'."),
        (["A,2001,1,0", "A,,2,0"], "Line 3 has no 'year'."),
        (["A,2001,1,0", "A,2002,much,0"], "Line 3: 'much' in 'y' is not a number such as 1234.5."),
        (["A,2001,1,0", "A,2002,inf,0"], "Line 3: 'inf' in 'y' is not a number"),
        (["A,2001,1,0", "A,2002-01,2,0"], "The periods have different forms"),
        (["A,1,1,0", "A,900000000,2,0"], "are more than this takes"),
        (["A,2001,1,soon"], "'soon' is no period."),
        ([], "The file has a header and no rows."),
        (["A,2001,1,0,7"], "panel.csv is no table"),
    ],
)
def test_what_is_no_panel_is_refused_with_what_to_mend(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lines: list[str], sentence: str
) -> None:
    assert sentence in refused(capsys, table(tmp_path, *lines), *WORDS)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "panel.csv is empty."),
        ("\ufeff", "panel.csv is empty."),
        ("\n\n", "panel.csv is empty."),
        (HEADER + ",y\nA,2001,1,0,2\n", "The column 'y' stands twice in the header."),
        ("unit;year;y;first\nA;2001;9,500;0\n", "'9,500' in 'y' can be read in two ways."),
        ("Unit,Year,Y,First\nA,2001,1,0\n", "There is no column 'unit'. The columns are: Unit, Year, Y, First."),
    ],
)
def test_what_is_no_table_of_the_named_columns_is_said_in_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, sentence: str
) -> None:
    file = tmp_path / "panel.csv"
    file.write_text(text)
    assert sentence in refused(capsys, file, *WORDS)


def rows(n: int = 12, first: int = 2001, last: int = 2012, start: str = "2006", treated: int = 6) -> list[str]:
    return [
        f"{unit},{year},{(unit * 7 + year * 13) % 11},{start if unit < treated else ''}"
        for unit in range(n)
        for year in range(first, last + 1)
    ]


GAPS = [line for line in rows() if not 2004 <= int(line.split(",")[1]) <= 2007]


@pytest.mark.parametrize(
    "lines",
    [
        rows(n=1, treated=1),
        rows(last=2001),
        rows(last=2001, start="2001"),
        rows(start="-5"),
        rows(start="1990"),
        rows(start="2050"),
        rows(treated=0),
        rows(start="2001", treated=12),
        rows(treated=12),
        rows(first=-6, last=6, start="2"),
        rows(first=-6, last=6, start="0"),
        GAPS,
        [",".join([*line.split(",")[:2], "5", *line.split(",")[3:]]) for line in rows()],
        [",".join([*line.split(",")[:2], "0", *line.split(",")[3:]]) for line in rows()],
        [",".join([*line.split(",")[:2], "NA", *line.split(",")[3:]]) for line in rows()],
    ],
    ids=[
        "one unit",
        "one period",
        "one period, treated in it",
        "start before zero",
        "start before the periods",
        "start after the periods",
        "nobody treated",
        "everybody treated in the first period",
        "everybody treated in one period",
        "periods below zero",
        "start 0 is never",
        "periods missing",
        "constant outcome",
        "outcome of nothing",
        "no outcome",
    ],
)
@pytest.mark.parametrize("words", [["--format", "json"], ["--format", "text"]])
def test_a_thin_panel_is_grey_with_reasons_and_never_an_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lines: list[str], words: list[str]
) -> None:
    file = table(tmp_path, *lines)
    if words[1] == "text":
        assert command_line.main(["roi", "--panel", str(file), *WORDS, *words]) == command_line.DONE
        assert "Not enough evidence" in capsys.readouterr().out
        return
    found = run(capsys, file, *WORDS, *words)
    assert (found["verdict"], found["effect"]) == ("grey", "none")
    assert found["reasons"]
    nothing = {key for key in KEYS[:11] if found[key] in (None, [])}
    assert nothing == set(found["not_estimated"])
    assert all(sentence.endswith(".") for sentence in found["not_estimated"].values())


def test_an_empty_start_and_zero_are_the_same_and_blanks_around_names_are_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plain = run(capsys, table(tmp_path, *rows()), *WORDS)
    header = " unit , year , y , first , line "
    mixed = [f"{line or ''}{'0' if place % 2 and line.endswith(',') else ''},1" for place, line in enumerate(rows())]
    assert run(capsys, table(tmp_path, *mixed, header=header), *WORDS) == plain
    words = [*WORDS[:6], "--start", "0", "--treated-unit", "3"]
    assert "--start 0 means never" in refused(capsys, table(tmp_path, *rows()), *words)


def test_units_without_a_team_are_teams_of_their_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = [f"{line},{'East' if int(line.split(',')[0]) % 4 == 0 else ''}" for line in rows()]
    found = run(capsys, table(tmp_path, *lines, header=HEADER + ",team"), *WORDS, "--team", "team")
    # Three of the twelve are East, each of the others stands alone.
    assert found["headline_team"]["clusters"] == 10


def test_all_four_kinds_of_periods_give_the_same_numbers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kinds = {
        "year": lambda place: str(2001 + place),
        "integer": lambda place: str(place + 1),
        "month": lambda place: f"{2020 + (place + 7) // 12}-{(place + 7) % 12 + 1:02d}",
        "quarter": lambda place: f"{2020 + (place + 2) // 4}Q{(place + 2) % 4 + 1}",
        "Quarter": lambda place: f"Q{(place + 2) % 4 + 1}{2020 + (place + 2) // 4}",
    }
    found = []
    for name in kinds.values():
        lines = [
            f"{unit},{name(place)},{(unit * 7 + place * 13) % 11},{name(6) if unit < 6 else ''}"
            for unit in range(12)
            for place in range(12)
        ]
        found.append(run(capsys, table(tmp_path, *lines), *WORDS))
    assert all(one == found[0] for one in found)
    assert found[0]["headline"] is not None


@pytest.mark.parametrize(
    "written",
    [
        ("1,234.50", "12", "2,000", "7.25"),
        ("1.234,50", "12", "2.000", "7,25"),
        ("1 234.50", "12", "2 000", "7.25"),
        ("1234.50", "12", "2000", "7.25"),
    ],
)
def test_thousands_may_be_set_apart_where_the_column_leaves_no_doubt(tmp_path: Path, written: tuple[str, ...]) -> None:
    lines = [f"A;{2001 + place};{number};0" for place, number in enumerate(written)]
    file = table(tmp_path, *lines, header=HEADER.replace(",", ";"))
    panel = roi_panel.panel_of(roi_panel.read_rows(file), roi_panel.Columns("unit", "year", "y", "first"))
    assert panel.outcome.tolist() == [[1234.5, 12, 2000, 7.25]]


@pytest.mark.parametrize(
    ("words", "options", "name"),
    [
        ([*WORDS, "--team", "unit"], "--unit and --team", "unit"),
        (["--unit", "year", *WORDS[2:]], "--unit and --period", "year"),
        ([*WORDS[:4], "--outcome", "year", *WORDS[6:]], "--period and --outcome", "year"),
        ([*WORDS[:6], "--start", "year"], "--period and --start", "year"),
        ([*WORDS, "--team", "y"], "--outcome and --team", "y"),
    ],
)
def test_one_column_cannot_be_two_things(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], options: str, name: str
) -> None:
    file = table(tmp_path, "A,2001,1,0", "A,2002,2,0")
    assert refused(capsys, file, *words) == f"{options} both name the column '{name}'. Name a column of its own."


@pytest.mark.parametrize("constant", ["5", "0"])
def test_a_panel_in_which_nothing_varies_gets_an_answer(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, constant: str
) -> None:
    lines = [
        f"{unit},{2001 + month},{constant},{2013 + unit % 4 if unit < 100 else 0}"
        for unit in range(200)
        for month in range(24)
    ]
    found = run(capsys, table(tmp_path, *lines), *WORDS)
    assert found["history"] is None
    assert "differ too little" in found["not_estimated"]["history"]


def test_missing_columns_and_files_are_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = table(tmp_path, "A,2001,1,0")
    other = [word if word != "y" else "sales" for word in WORDS]
    assert refused(capsys, file, *other) == "There is no column 'sales'. The columns are: unit, year, y, first."
    assert "cannot be read" in refused(capsys, tmp_path / "none.csv", *WORDS)


def test_empty_outcomes_are_gaps_and_empty_lines_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = [
        f"{unit},{year},{unit * year % 7},{2005 if unit < 3 else ''}" for unit in range(9) for year in range(2001, 2009)
    ]
    whole = run(capsys, table(tmp_path, *lines), *WORDS, "--skip", "0")
    gaps = [*lines, "8,2009,NA,", "", "7,2009,,"]
    found = run(capsys, table(tmp_path, *gaps), *WORDS, "--skip", "0")
    assert found["headline"] == pytest.approx(whole["headline"])


@pytest.mark.parametrize(("option", "value"), [("--skip", "-1"), ("--min-pre", "0")])
def test_choices_below_their_lowest_are_refused(capsys: pytest.CaptureFixture[str], option: str, value: str) -> None:
    with pytest.raises(SystemExit):
        command_line.main(["roi", "--panel", str(SMALL), *OURS, option, value])
    assert f"{value} is less than" in capsys.readouterr().err


@pytest.mark.parametrize("case", CASES)
def test_the_shared_panels_come_out_as_written_beside_them(
    capsys: pytest.CaptureFixture[str], shared: Path, case: str
) -> None:
    folder = shared / "data" / "roi_cases"
    found = run(capsys, folder / f"{case}.csv", *OTHER, "--team", "team_id")
    written = json.loads((folder / f"{case}.json").read_text())
    pairs = {
        "headline": "imputation_skip3_rep",
        "headline_team": "imputation_skip3_team",
        "twfe": "twfe_rep",
        "callaway_santanna": "cs_nyt_rep",
        "symmetric": "cs_symmetric_e0_8",
        "history": "lp_history_H5",
        "before_after": "before_after_3m",
        "placebo_dip": "placebo_dip",
        "placebo_clean": "placebo_clean",
    }
    for key, theirs in pairs.items():
        value, error, clusters = written[theirs]
        assert found[key]["estimate"] == pytest.approx(value, abs=1e-4), key
        assert found[key]["se"] == pytest.approx(error, rel=1e-3, abs=1e-6), key
        assert found[key]["clusters"] == clusters, key
    by_team = found["verdict"] == "amber" and case == "team_effect8_200"
    if not by_team:
        assert found["mde80"] == pytest.approx(written["mde80"], abs=1e-4)
        assert [found["headline"]["low"], found["headline"]["high"]] == pytest.approx(written["ci95_skip3"], abs=1e-4)
    for key, words in (("imputation_skip0_rep", ["--skip", "0"]), ("imputation_skip4_rep", ["--skip", "4"])):
        again = run(capsys, folder / f"{case}.csv", *OTHER, *words)["headline"]
        assert [again["estimate"], again["se"]] == pytest.approx(written[key][:2], rel=1e-3), key


def test_published_panels_can_be_checked(capsys: pytest.CaptureFixture[str], shared: Path) -> None:
    causal = shared / "data" / "causal"
    counties = ["--unit", "countyreal", "--period", "year", "--outcome", "lemp", "--start", "first.treat"]
    found = run(capsys, causal / "mpdta.csv", *counties, "--skip", "0", "--min-pre", "1")
    assert found["headline"]["estimate"] == pytest.approx(-0.0477099, abs=1e-6)
    assert found["callaway_santanna"]["estimate"] == pytest.approx(-0.0397636, abs=1e-6)
    assert found["verdict"] == "grey"
    assert found["twfe"]["estimate"] == pytest.approx(-0.036549, abs=1e-6)
    # The cohort sizes and the never treated: 0 is never.
    never = run(capsys, causal / "mpdta.csv", *counties, "--skip", "0", "--min-pre", "1", "--control", "never")
    simple = never["callaway_santanna"]
    assert [simple["estimate"], simple["se"]] == pytest.approx([-0.0399513, 0.0120340], abs=1e-6)
    assert simple["clusters"] == 500
    states = ["--unit", "State", "--period", "Quarter", "--outcome", "Rate", "--skip", "0", "--min-pre", "1"]
    found = run(capsys, causal / "organ_donation.csv", *states, "--start", "Q32011", "--treated-unit", "California")
    assert found["twfe"]["estimate"] == pytest.approx(-0.022459, abs=1e-6)
    assert found["twfe"]["se"] == pytest.approx(0.006131, abs=1e-6)


CELLS = st.one_of(
    st.sampled_from(
        ["", "0", "1", "2001", "2002", "2003", "2004", "2005", "-1", "NA", "never", "1e400", "1e300", "-0.0"]
    ),
    st.sampled_from(
        ["2001-01", "2001-13", "2001Q1", "Q12001", "A", "B", '"', ",", ";", "1,5", "2001.0", "2001.5", "\t"]
    ),
    st.text(max_size=4),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=5).map(",".join), max_size=30), st.integers(0, 3))
@example(["A,2001,1e300,2002", "A,2002,-1e300,2002", "B,2001,1e300,0", "B,2002,1e300,0"], 0)
@pytest.mark.filterwarnings("ignore:overflow encountered", "ignore:invalid value encountered")
def test_whatever_stands_in_the_file_the_answer_is_a_report_or_a_sentence(lines: list[str], skip: int) -> None:
    file = Path(tempfile.mkdtemp()) / "panel.csv"
    file.write_text("\n".join([HEADER, *lines]), errors="replace")
    arguments = argparse.Namespace(
        panel=file,
        unit="unit",
        period="year",
        outcome="y",
        start="first",
        team=None,
        treated_unit=None,
        skip=skip,
        min_pre=1,
        control="notyet",
        format="json",
    )
    sentence, found = "", {}
    try:
        found = json.loads(roi_panel.run(arguments))
    except ImportRefused as refusal:
        sentence = str(refusal)
    finally:
        file.unlink()
        file.parent.rmdir()
    assert sentence or [key for key in found if key != "not_estimated"] == KEYS
