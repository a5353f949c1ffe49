"""What an observation has to hold before it is written down, whether it comes from the form or from a file's row.

Knows scorecards as plain values: no database, no screen, no clock.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
import zoneinfo
from dataclasses import dataclass, replace
from typing import Literal

from coaching import numbers

Kind = Literal["coach", "self", "second_rater", "coach_the_coach"]
KINDS: tuple[Kind, ...] = ("coach", "self", "second_rater", "coach_the_coach")
CHANNELS = {
    "field": "In the field",
    "phone": "Phone",
    "video": "Video",
    "recorded": "Recorded call",
    "role_play": "Role-play",
}
"""How somebody watched, in the words of the form."""
LIVE_MODES = {"none": "Not live", "listen": "Listened", "whisper": "Whispered", "barge": "Joined in"}
"""The part an observer took in a live call."""
LIVE_CHANNELS = frozenset({"phone", "video"})
"""Where a coach can listen, whisper or join in while it happens."""
VISIBILITIES = ("shared", "private")

LONGEST_EVIDENCE = 2_000
LONGEST_WORDS = 2_000
HOURS_TO_UNDO = 24
DAYS_TO_OWN_VIEW = 7
"""A rep who was asked for their own view first sees the coach's scores after this many days at the latest."""
CLOCKS_APART = dt.timedelta(minutes=5)
"""A phone's clock may run ahead of the server's by this much: what was seen a moment ago is not in the future."""


# ---- Scorecards ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CardItem:
    """A skill on a scorecard with its scale and what each level looks like."""

    item_id: int
    skill: str
    """Slug."""
    name: str
    lowest: int
    highest: int
    anchors: tuple[tuple[int, str], ...] = ()
    """Level and behaviour, lowest first; a level may have none."""
    description: str = ""

    @property
    def levels(self) -> tuple[int, ...]:
        """Every level that can be given."""
        return tuple(range(self.lowest, self.highest + 1))

    def anchor(self, level: int | None) -> str:
        """What the level looks like in words; empty where nobody wrote it."""
        return dict(self.anchors).get(level, "") if level is not None else ""


@dataclass(frozen=True)
class Card:
    """One version of a scorecard."""

    slug: str
    version_id: int
    name: str
    kind: Literal["rep", "coach"]
    """Who is scored on it."""
    items: tuple[CardItem, ...] = ()
    number: int = 1

    def item(self, skill: str) -> CardItem | None:
        """The item of a skill by its slug; None where the skill is not on this card."""
        return next((item for item in self.items if item.skill == skill), None)


# ---- Drafts ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ScoreDraft:
    """A level on one skill, and what was seen or heard."""

    skill: str
    """Slug."""
    level: int
    evidence: str = ""

    def problems(self, card: Card) -> list[str]:
        """Why this score cannot stand on the card, each a sentence that says how to mend it."""
        item = card.item(self.skill)
        if item is None:
            known = ", ".join(each.skill for each in card.items)
            return [f"'{_short(self.skill)}' is not a skill on the scorecard {card.slug}. Skills on it: {known}."]
        found = []
        if isinstance(self.level, bool) or not isinstance(self.level, int) or self.level not in item.levels:
            found.append(
                f"{item.name}: the level is a whole number from {item.lowest} to {item.highest}, "
                f"not {_short(self.level)}."
            )
        if len(self.evidence or "") > LONGEST_EVIDENCE:
            found.append(
                f"{item.name}: the evidence has {len(self.evidence):,} characters. Shorten it to {LONGEST_EVIDENCE:,}."
            )
        return found


@dataclass(frozen=True)
class Rating:
    """What somebody adds about a call whose facts are known already: the rep's own view, a second coach's scores."""

    scores: tuple[ScoreDraft, ...]
    went_well: str = ""
    one_thing: str = ""
    visibility: str = "shared"


@dataclass(frozen=True)
class ObservationDraft:
    """Somebody watched a rep sell (or a coach coach), before it is written down. Ids of rows are database ids."""

    person_id: int
    observer_id: int | None
    """None = whoever records it."""
    observed_at: dt.datetime
    kind: str = "coach"
    channel: str | None = None
    live_mode: str | None = None
    deal_id: int | None = None
    account_id: int | None = None
    call_id: int | None = None
    session_id: int | None = None
    scorecard: str = "selling"
    """Slug."""
    scores: tuple[ScoreDraft, ...] = ()
    went_well: str = ""
    one_thing: str = ""
    visibility: str = "shared"
    time_zone: str | None = None
    """Zone in which the time was given; None = the company's."""
    ask_own_view: bool = False
    """The person scores the call first and only then sees these scores."""
    same_call_as: int | None = None
    """The person's own view of the same call, recorded before this one."""

    def problems(
        self, card: Card | None, now: dt.datetime, *, joined_on: dt.date | None = None, time_zone: str = "UTC"
    ) -> list[str]:
        """Why this cannot be written down, each a sentence that says how to mend it; empty where nothing is wrong.

        ``card``: the scorecard's version in use on the day, None where there is no such scorecard. ``joined_on``: the
        person's first day where known, a date in ``time_zone`` (the company's).
        """
        return [
            *self._problems_of_who(),
            *self._problems_of_when(now, joined_on, time_zone),
            *self._problems_of_how(),
            *self._problems_of_scores(card),
            *self._problems_of_words(),
        ]

    def tidy(self) -> ObservationDraft:
        """The same with clean words: no control characters that no database takes, no blanks around."""
        return replace(
            self,
            scores=tuple(replace(score, evidence=clean(score.evidence)) for score in self.scores),
            went_well=clean(self.went_well),
            one_thing=clean(self.one_thing),
        )

    def rated(self, rating: Rating) -> ObservationDraft:
        """The same call with another view of it."""
        return replace(
            self,
            scores=rating.scores,
            went_well=rating.went_well,
            one_thing=rating.one_thing,
            visibility=rating.visibility,
        )

    def observed_on(self, time_zone: str) -> dt.date:
        """The day in the company's time zone."""
        return self.observed_at.astimezone(zoneinfo.ZoneInfo(time_zone)).date()

    def _problems_of_who(self) -> list[str]:
        if self.kind not in KINDS:
            return [f"'{_short(self.kind)}' is not a kind of observation. Use one of: {', '.join(KINDS)}."]
        if self.observer_id is None:
            return []
        if (self.kind == "self") != (self.observer_id == self.person_id):
            return ["Scores of one's own conversation are the kind 'self', and only those."]
        return []

    def _problems_of_when(self, now: dt.datetime, joined_on: dt.date | None, time_zone: str) -> list[str]:
        if self.time_zone is not None and self.time_zone not in zoneinfo.available_timezones():
            return [f"'{_short(self.time_zone)}' is not a time zone. Use a name such as Europe/Berlin."]
        if self.observed_at.tzinfo is None:
            return ["The time needs a time zone, such as 2026-03-12T14:30+01:00."]
        if self.observed_at > now + CLOCKS_APART:
            return ["The conversation lies in the future. Correct the day or the time."]
        if joined_on is not None and self.observed_on(time_zone) < joined_on:
            return [f"The conversation was before the first day in the company, {numbers.day(joined_on)}. Correct it."]
        return []

    def _problems_of_how(self) -> list[str]:
        found = []
        if self.channel is not None and self.channel not in CHANNELS:
            found.append(f"'{_short(self.channel)}' is not a channel. Use one of: {', '.join(CHANNELS)}.")
        if self.live_mode is not None and self.live_mode not in LIVE_MODES:
            found.append(f"'{_short(self.live_mode)}' is not a live mode. Use one of: {', '.join(LIVE_MODES)}.")
        elif self.live_mode not in (None, "none") and self.channel not in LIVE_CHANNELS:
            found.append(
                "Listening in, whispering and joining in need a live call: choose phone or video, or not live."
            )
        return found

    def _problems_of_scores(self, card: Card | None) -> list[str]:
        if card is None:
            return [f"There is no scorecard '{_short(self.scorecard)}' in use on that day. Choose another one."]
        fitting = {"coach": "rep", "coach_the_coach": "coach"}.get(self.kind, card.kind)
        if card.kind != fitting:
            return [
                f"{card.name} is a scorecard for {'reps' if card.kind == 'rep' else 'coaches'}. Choose another one."
            ]
        if not self.scores:
            return ["Score at least one skill: choose a level."]
        found = [problem for score in self.scores for problem in score.problems(card)]
        skills = [score.skill for score in self.scores]
        for skill in sorted({skill for skill in skills if skills.count(skill) > 1}):
            item = card.item(skill)
            found.append(f"{item.name if item else _short(skill)} is scored twice. Keep one of the levels.")
        return found

    def _problems_of_words(self) -> list[str]:
        found = [
            f"{title} has {len(words):,} characters. Shorten it to {LONGEST_WORDS:,}."
            for title, words in (("What went well", self.went_well), ("The one thing", self.one_thing))
            if len(words or "") > LONGEST_WORDS
        ]
        if self.visibility not in VISIBILITIES:
            found.append(f"'{_short(self.visibility)}' is not a choice. The words are either shared or private.")
        return found


def clean(text: str | None) -> str:
    """A text as it is stored: line breaks stay, other control characters and half characters go, no blanks around."""
    kept = "".join(
        sign
        for sign in unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n"))
        if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}
    )
    return kept.strip()


def _short(value: object) -> str:
    return numbers.plain_name(str(value), 40)
