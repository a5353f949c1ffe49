"""Writing a result down as it was frozen: once for the product's command and the demo company alike."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa

from data_access.tables import frozen_evidence


def as_text(found: dict[str, Any]) -> str:
    """What is stored of a result: the same figures give the same text."""
    return json.dumps(found, sort_keys=True, allow_nan=False)


def keep(
    connection: sa.Connection,
    found: dict[str, Any],
    *,
    as_of: dt.date,
    reason: str | None,
    frozen_by: int | None,
    frozen_at: dt.datetime,
) -> int:
    """Append ``found`` (``queries.roi.evidence``) with its definitions, data hash and code; the id of the row.

    Decides nothing: who may, and whether there is to be another one, is for ``commands.programme``.
    """
    statement = (
        sa.insert(frozen_evidence)
        .values(
            as_of=as_of,
            result=as_text(found),
            definition_version=found["definition_version"],
            data_hash=found["data_hash"],
            code_version=found["code_version"],
            reason=reason,
            frozen_by=frozen_by,
            frozen_at=frozen_at,
        )
        .returning(frozen_evidence.c.id)
    )
    return int(connection.execute(statement).scalar_one())
