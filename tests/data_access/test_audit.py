"""The audit trail notices what was changed or taken out."""

from __future__ import annotations

import sqlalchemy as sa

from data_access import audit
from data_access.engine import reading, writing
from data_access.tables import audit_entry
from tests.companies import NOW


def written(engine: sa.Engine, entries: int) -> None:
    for number in range(entries):
        with writing(engine) as connection:
            audit.record(connection, None, f"did {number}", subject="deal 1", detail={"n": number}, now=NOW)


def first_broken(engine: sa.Engine) -> int | None:
    with reading(engine) as connection:
        return audit.first_broken_entry(connection)


def test_an_untouched_trail_holds(engine: sa.Engine) -> None:
    written(engine, 5)
    assert first_broken(engine) is None


def test_a_changed_detail_is_found(engine: sa.Engine) -> None:
    written(engine, 5)
    with writing(engine) as connection:
        third = connection.scalar(sa.select(audit_entry.c.id).order_by(audit_entry.c.id).offset(2))
        connection.execute(sa.update(audit_entry).where(audit_entry.c.id == third).values(detail='{"n": 99}'))
    assert first_broken(engine) == third


def test_a_removed_entry_is_found_at_the_one_after_it(engine: sa.Engine) -> None:
    written(engine, 5)
    with writing(engine) as connection:
        ids = list(connection.scalars(sa.select(audit_entry.c.id).order_by(audit_entry.c.id)))
        connection.execute(sa.delete(audit_entry).where(audit_entry.c.id == ids[1]))
    assert first_broken(engine) == ids[2]
