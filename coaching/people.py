"""Who is looking and what a role may see. Holds no query: the database decides which people are in scope."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Role(enum.StrEnum):
    """What a viewer comes for. ``OPERATOR`` is the person at the command line: every figure, no words about people."""

    REP = "rep"
    MANAGER = "manager"
    LEADER = "leader"
    EXECUTIVE = "executive"
    ADMIN = "admin"
    OPERATOR = "operator"


AN_ADMIN = "an admin"
"""Who changed something, where somebody kept the data without a name of their own."""
SMALLEST_TEAM = 5
"""An executive sees a team's figures from this many people on; smaller teams are folded into the one above."""


@dataclass(frozen=True)
class Viewer:
    """Who is looking. Built by ``data_access.scope`` from the database, anew in every run."""

    person_id: int | None
    role: Role
    name: str

    @property
    def sees_reps(self) -> bool:
        """Rows about single reps, within the scope that the database allows."""
        return self.role in {Role.REP, Role.MANAGER, Role.LEADER, Role.OPERATOR}

    @property
    def sees_teams(self) -> bool:
        """Team totals."""
        return self.role in {Role.MANAGER, Role.LEADER, Role.EXECUTIVE, Role.OPERATOR}

    @property
    def reads_words(self) -> bool:
        """Notes, evidence, what moves somebody: within scope, for the person and the line above; never for others."""
        return self.role in {Role.REP, Role.MANAGER, Role.LEADER}

    @property
    def coaches(self) -> bool:
        """Records coaching of others, within scope."""
        return self.role in {Role.MANAGER, Role.LEADER}

    @property
    def sees_programme(self) -> bool:
        """What the programme cost and changed: figures of the whole company, nobody's record."""
        return self.role in {Role.LEADER, Role.EXECUTIVE, Role.ADMIN, Role.OPERATOR}

    @property
    def loads_data(self) -> bool:
        """Imports, rejections, people and settings."""
        return self.role in {Role.ADMIN, Role.OPERATOR}
