"""Recording observations, answering them, and sharing strong moments."""

from __future__ import annotations

from coaching.observations import ObservationDraft, Rating
from data_access.commands import library as library_commands
from data_access.commands import observations as commands
from ui.actions import Refused, carry_out
from ui.loaders import Sight
from ui.loaders import observations as reads


def record(draft: ObservationDraft) -> int | Refused:
    """Write down an observation; its id."""
    return carry_out(lambda viewer, c, now: commands.record_observation(viewer, c, draft, now))


def record_self_view(observation_id: int, rating: Rating) -> int | Refused:
    """The viewer's own view of a call that a coach has scored; the new id."""
    return carry_out(lambda viewer, c, now: commands.record_self_view(viewer, c, observation_id, rating, now))


def skip_own_view(observation_id: int) -> Refused | None:
    """Show the viewer the coach's scores without their own view."""
    return carry_out(lambda viewer, c, now: commands.skip_own_view(viewer, c, observation_id, now))


def record_second_rating(observation_id: int, rating: Rating) -> int | Refused:
    """The viewer's blind scores of a call; the new id."""
    return carry_out(lambda viewer, c, now: commands.record_second_rating(viewer, c, observation_id, rating, now))


def ask_second_rating(observation_id: int, rater_id: int) -> Refused | None:
    """Ask another coach to score a call blind."""
    return carry_out(lambda viewer, c, now: commands.ask_second_rating(viewer, c, observation_id, rater_id, now))


def decline_second_rating(observation_id: int) -> Refused | None:
    """Not this time."""
    return carry_out(lambda viewer, c, now: commands.decline_second_rating(viewer, c, observation_id, now))


def undo(observation_id: int) -> Refused | None:
    """Take back what the viewer has just written down."""
    return carry_out(lambda viewer, c, now: commands.undo_observation(viewer, c, observation_id, now))


def offer_example(observation_id: int) -> Refused | None:
    """Offer a strong moment to the library."""
    return carry_out(lambda viewer, c, now: library_commands.offer_example(viewer, c, observation_id, now))


def agree_to_example(observation_id: int) -> Refused | None:
    """Let everybody who sells or coaches read it."""
    return carry_out(lambda viewer, c, now: library_commands.agree_to_example(viewer, c, observation_id, now))


def take_back_example(observation_id: int) -> Refused | None:
    """Decline, revoke or withdraw an example."""
    return carry_out(lambda viewer, c, now: library_commands.take_back_example(viewer, c, observation_id, now))


def open_what_is_due(sight: Sight) -> None:
    """Open what has waited for a rep's own view for seven days. Costs a remembered number on most runs."""
    if reads.overdue(sight):
        carry_out(lambda viewer, c, now: commands.release_overdue(viewer, c, now))
