"""The method behind a frozen result as one text to keep beside it, with the thresholds that the result was made with.

For somebody who was not there. docs/roi.md tells the same at more length.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from coaching import numbers
from coaching import programme_words as words

Found = Mapping[str, Any]


def method_text(found: Found, frozen: Mapping[str, Any]) -> str:
    """Markdown. ``found``: the result; ``frozen``: its frozen_id, as_of and frozen_at (UTC)."""
    parts = [
        _head(found, frozen),
        _panel(found),
        _effect(found),
        _sureness(found),
        _checks(found),
        _verdict(found),
        _money(found),
        _history(found),
        _limits(found),
        _again(found),
    ]
    return "\n\n".join(parts) + "\n"


def _section(title: str, *paragraphs: str) -> str:
    return "\n\n".join([f"## {title}", *(text for text in paragraphs if text)])


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _head(found: Found, frozen: Mapping[str, Any]) -> str:
    said, moment = found["said"], frozen["frozen_at"]
    return "\n\n".join(
        [
            "# How the programme's result was made",
            f"Result {frozen['frozen_id']}, which speaks for {numbers.day(frozen['as_of'])}; frozen on"
            f" {numbers.day(moment.date())} (UTC). Definitions {found['definition_version']}, data"
            f" {found['data_hash']}, code {found['code_version']}.",
            f"Verdict: {said['badge']}. {said['sentence']}",
            said["visible"],
        ]
    )


def _panel(found: Found) -> str:
    d = found["definitions"]
    span = words.span(found) or "no month yet"
    return _section(
        "What is counted",
        f"One row per rep spell and calendar month, {span}. {words.counted(found)} A spell is a rep in one team; who"
        " changes team begins a new one, because a territory has a level of its own.",
        f"The outcome is {words.outcome(found)} of deals won in the month, by the day they were won, in"
        f" {found['currency']}. Margin is used where deals carry their cost, bookings otherwise. Values above the"
        f" {numbers.share(d['smoothed_at_share'])} point of all rep-months are cut to it. Months in the first"
        f" {d['months_of_tenure_left_out']} months of employment are left out: new people grow without coaching.",
        "A rep counts as coached from the month in which they were enrolled, and stays so, also if sessions lapse:"
        " the question is what it does to enrol somebody, and not what it does to those who kept at it.",
    )


def _effect(found: Found) -> str:
    d = found["definitions"]
    skip = d["skip_when_drawn"] if found["drawn"] else d["skip"]
    left = (
        "The order of starts was drawn, so no months before the start have to be left out."
        if found["drawn"] and not skip
        else f"The {skip} months right before a start are no base and are left out, because reps are picked after bad"
        " months and recover from those by themselves."
    )
    return _section(
        "The effect",
        "Level of each rep and effect of each month are fitted by least squares on the months in which nobody counted"
        " was being coached yet. For every coached month that gives what would have been expected; the effect is the"
        " mean of actual minus expected over the coached months (imputation; Borusyak, Jaravel and Spiess; Gardner).",
        left + f" A rep takes part with {d['fewest_clean_months']} such months or more.",
        "A regression with one coefficient for coached months is not used as the headline: it compares some coached"
        " reps with others who were coached earlier. Neither is a comparison with the month just before the start.",
    )


def _sureness(found: Found) -> str:
    d = found["definitions"]
    clusters = "team" if found["by_team"] else "rep"
    return _section(
        "How sure it is",
        f"Errors are clustered by {clusters}, the unit that was given a start. Starts count as given to whole teams"
        f" where {numbers.share(d['same_start_share'])} of the teams with two coached reps or more share one"
        f" month; with fewer than {d['jackknife_below']} teams the error comes from leaving out one team at a time."
        " Intervals are 95 %, with as many degrees of freedom as there are clusters, less one.",
        "The smallest visible effect is 2.8 standard errors: what would be found in 80 of 100 companies like this one"
        f" at the usual level. Figures are written to the second digit of their error. {found['said']['visible']}",
    )


def _checks(found: Found) -> str:
    labels = [one["label"] for one in found["checks"] if "estimate" in one and one["key"] != "headline"]
    return _section(
        "Checks",
        "The same question asked in other ways; three of them rest on other assumptions than the headline:",
        _list(labels),
        "A made-up start three to six months too early must not show an effect. That it does not is no proof: the page"
        " says what it could have missed. Who left is compared between coached and others, and if months of those who"
        " left are counted as months without any effect, the interval is shown as well.",
    )


def _verdict(found: Found) -> str:
    d = found["definitions"]
    return _section(
        "The verdict",
        "Grey, nothing is shown, where there is one of these:",
        _list(
            [
                f"fewer than {d['fewest_coached']} coached reps with {d['months_after']} months after the start,"
                f" or fewer than {d['fewest_comparison']} to compare with in the month in the middle of all starts",
                f"fewer than {numbers.share(d['share_with_history'])} of the coached with {d['months_before']}"
                " months before",
                f"starts by team and fewer than {d['fewest_started_teams']} teams that started or"
                f" {d['fewest_unstarted_teams']} that did not",
                f"more than {numbers.share(d['thin_share'])} of the coached months where fewer than"
                f" {d['thin_month_reps']} reps are left to compare with",
                f"a smallest visible effect above {numbers.share(d['visible_grey'])} of the average, or the outcome"
                f" missing in more than {numbers.share(d['missing_share'])} of the months",
            ]
        ),
        "Amber, the interval and no money, where there is one of these:",
        _list(
            [
                f"a smallest visible effect above {numbers.share(d['visible_amber'])}",
                f"a drift before the start with p below {d['placebo_p']} that is larger than"
                f" {numbers.share(d['placebo_share'])} of the effect",
                "three methods that differ in sign, or two that lie further apart than"
                f" {d['agreement_errors']:g} of their common errors",
                f"different rates of leaving (p below {d['leaving_p']}) that undo the effect in the worst case",
                f"more than {numbers.share(d['largest_deals_share'])} of the effect from the {d['largest_deals']}"
                " largest deals",
                f"an effect that moves by more than {d['spill_over_errors']:g} of its error without team-mates of"
                " coached reps",
                "a definition that changed since the last frozen result",
            ]
        ),
        "Green otherwise; blue where the order of starts was drawn and nobody's start was moved. The words follow the"
        " interval: above zero “raised”, below “lowered”, else “no clear effect”. No p value and no star decides.",
    )


def _money(found: Found) -> str:
    d, cost = found["definitions"], found["cost"]
    margin = "the outcome is margin already" if found["outcome"] == "margin" else "margin of what coached reps sold"
    return _section(
        "Money",
        "Benefit = effect in the first twelve months × coached rep-months that could be compared × margin × share that"
        f" is invoiced. Here: {margin}; share invoiced {d['realisation']:g}"
        f"{' (assumed)' if d['realisation'] == 1 else ''}. Months without data bring nothing.",
        f"Cost from {_day(cost['first'])} to {_day(cost['last'])}: hours of coaches and reps times what an hour costs,"
        f" preparation, tools, training, evaluation. A session without minutes counts {d['assumed_minutes']} minutes."
        f" {cost.get('rule', '')} Selling time that was lost is in the effect already and is not charged again.",
        "Return = (benefit − cost) ÷ cost; its interval carries the error of the effect. The chance that it paid is"
        " told twice: as it stands, and for somebody who expects effects of about a twentieth of the average at most."
        " No second year is counted. A return is shown in green and blue alone, and only where learning and application"
        " are known for half of the coached.",
    )


def _day(text: str) -> str:
    return numbers.day(dt.date.fromisoformat(text))


def _history(found: Found) -> str:
    return _section("Why not before and after", found["words"]["before_after"], words.HISTORY)


def _limits(found: Found) -> str:
    return _section("What cannot be claimed", _list(list(found["said"]["cannot_claim"])))


def _again(found: Found) -> str:
    return _section(
        "Doing it again",
        "The panel that can be downloaded beside this text, given to the engine at the command line, brings the same"
        " estimates:",
        "    python -m data_access roi --panel programme-panel.csv --unit rep --team team --period month --outcome"
        " outcome --start coached_from --format json",
        f"Every threshold: {', '.join(f'{key} = {value}' for key, value in found['definitions'].items())}.",
    )
