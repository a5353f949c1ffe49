"""Cached reads of the brief and of the rows behind it. What other pages have read already is taken from there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from coaching.brief import Brief, Row
from data_access.queries import brief as queries
from data_access.queries import brief_rows as row_queries
from ui import loaders
from ui.loaders import Sight, diagnosis, questions


def brief(sight: Sight, *, rep_id: int, as_of: dt.date) -> Brief | None:
    """The brief of a rep; None where there is nobody like that in view."""
    if loaders.person(sight, rep_id, as_of) is None:
        return None
    diagnosed = diagnosis.diagnosis(sight, rep_id, as_of)
    # Levels do not depend on who looks; whose are told does, and the query sees to that.
    standings = diagnosis.peers(sight, as_of).skills["standings"]
    chosen = questions.questions_for(sight, rep_id=rep_id, as_of=as_of)
    to_look_at = loaders.deals_to_look_at(sight, rep_id=rep_id, as_of=as_of)
    won = loaders.won_times(sight, as_of)
    today = sight.company.today
    return loaders.read(
        "brief",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: queries.brief(
            sight.viewer,
            c,
            rep_id=rep_id,
            as_of=as_of,
            today=today,
            diagnosed=diagnosed,
            standings=standings,
            chosen=chosen,
            to_look_at=to_look_at,
            won=won,
        ),
    )


def rows_behind(
    sight: Sight, *, rep_id: int, source_ids: Sequence[str], as_of: dt.date, since: dt.date | None = None
) -> list[Row]:
    """The rows behind the facts of a brief that the viewer may read, in their order; see ``rows_behind`` there."""
    asked: dict[str, Any] = {"rep_id": rep_id, "source_ids": list(source_ids), "as_of": as_of, "since": since}
    today = sight.company.today
    looked_at = loaders.deals_to_look_at(sight, rep_id=rep_id, as_of=as_of)
    return loaders.read(
        "rows_behind_brief",
        sight,
        asked,
        lambda c: row_queries.rows_behind(sight.viewer, c, today=today, to_look_at=looked_at, **asked),
    )
