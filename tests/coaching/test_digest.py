"""The digest: the list's own words and order, nothing that a mail or chat program could obey."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from coaching.attention.order import Entry, Listing, PutOff, Reason
from coaching.digest import NO_NEWS, Digest, as_html, as_markdown, quiet

TODAY = dt.date(2026, 11, 20)
HOSTILE = "[x](javascript:1) <img src=x onerror=y> http://evil.example **b** & \u202eRavi"


def entry(rep_id: int, name: str, *told: str) -> Entry:
    reasons = tuple(Reason("stalled_deals", text, 1, 9.0, 100.0, True, 1.0, 1.0, 100.0, True, ()) for text in told)
    return Entry(rep_id, name, reasons, 100.0 * len(told), 1.0, 3.0, 17.0)


NEEDS = (entry(14, "Ravi Nair", "4 of 12 open deals stalled", "One-on-one was due", "Third"), entry(2, "Wim", "+ 1"))
NEWS = (entry(14, "Ravi Nair", "Oct 2026 was the best month"),)
AWAY = PutOff(1, 3, "Rosa Marin", "stalled_deals", "words", "She is on leave", TODAY)
FOUND = Digest("Maya Lindgren", TODAY, ("2 of 2 reps.",), Listing(NEEDS, NEWS, (AWAY,), 2), "USD", True)


class Seen(HTMLParser):
    """Tags, links and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        assert all(name in {"style", "lang", "charset", "name", "content", "href"} for name, _ in attrs), attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_people_and_reasons_stand_in_the_order_of_the_list_in_both_forms() -> None:
    for text in (as_markdown(FOUND), Seen(as_html(FOUND)).text):
        shown = text.replace("\u00a0", " ").replace("\\", "")
        words = ["Ravi Nair", "4 of 12 open deals stalled", "One-on-one was due", "and 1 more reason", "Wim"]
        places = [shown.index(word) for word in [*words, "Good news", "Oct 2026 was the best month", "1 put off"]]
        assert places == sorted(places)
        assert "Third" not in shown
        assert "Why this rep: $300 at stake × 100 % sure × 1.00 for neglect = $300" in shown
        assert "every 4 weeks" not in shown


def test_who_stands_there_for_the_floor_is_marked_in_both_forms() -> None:
    marked = (replace(NEEDS[0], is_for_floor=True), NEEDS[1])
    found = replace(FOUND, listed=replace(FOUND.listed, needs=marked), floor_weeks=6)
    for text in (as_markdown(found), Seen(as_html(found)).text):
        assert text.replace("\u00a0", " ").count("so that every rep is seen at least every 6 weeks") == 1


def test_why_something_was_put_off_stays_with_its_author() -> None:
    assert "She is on leave" not in as_markdown(FOUND) + as_html(FOUND)


def test_without_an_address_there_is_no_link_and_with_one_only_its_own() -> None:
    assert Seen(as_html(FOUND)).links == []
    assert not re.search(r"\]\(|https?://", as_markdown(FOUND))
    linked = replace(FOUND, address="https://coaching.example.com")
    briefs = [f"https://coaching.example.com/rep-one_on_one?rep={rep}" for rep in (14, 2, 14)]
    assert Seen(as_html(linked)).links == [*briefs, "https://coaching.example.com/team-overview"]
    assert re.findall(r"\]\(<([^>]+)>\)", as_markdown(linked)) == briefs


def test_names_and_words_from_the_database_are_text_in_both_forms() -> None:
    hostile = replace(FOUND, reader=HOSTILE, listed=replace(FOUND.listed, needs=(entry(9, HOSTILE, HOSTILE),)))
    page = as_html(hostile)
    assert "<img" not in page
    assert Seen(page).links == []
    assert "img" not in Seen(page).tags
    text = as_markdown(hostile)
    assert not re.search(r"(?<!\\)[\[<*]x|(?<!\\)\]\(|(?<!\\)<img", text)
    assert "http://" not in text + page
    assert "\u202e" not in text + page


@pytest.mark.parametrize("start", ["# head", "- item", "+ item", "1. item", "2) item", "= rule"])
def test_no_word_at_a_lines_start_begins_a_list_or_a_heading(start: str) -> None:
    listed = replace(FOUND.listed, needs=(entry(9, "Wim", start),))
    line = next(row for row in as_markdown(replace(FOUND, listed=listed)).splitlines() if start[2:] in row)
    assert re.match(r"   - \u2060", line)


def test_what_programs_turn_into_links_by_themselves_is_parted() -> None:
    assert quiet("see http://a.b, www.c.d or e@f.g").replace("\u2060", "") == "see http://a.b, www.c.d or e@f.g"
    assert not re.search(r"https?://|www\.|\w@", quiet("see http://a.b, WWW.c.d or e@f.g"))


def test_an_empty_list_says_so_in_both_forms() -> None:
    empty = replace(FOUND, listed=Listing((), (), (), 2))
    for text in (as_markdown(empty), Seen(as_html(empty)).text):
        assert "Nobody stands out." in text
        assert NO_NEWS in text


def test_the_page_stands_alone() -> None:
    page = as_html(FOUND)
    assert page.startswith("<!doctype html>")
    assert not {"script", "link", "img", "iframe", "style"} & set(Seen(page).tags)
