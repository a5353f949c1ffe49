"""The coaching loop: second raters, the pulse's rounds, who looked, and what later files corrected."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "pulse_wave",
        sa.Column("wave", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("wave", name=op.f("pk_pulse_wave")),
        info={
            "about": "A round of the pulse. Its key keeps answers to one per person and is destroyed when the round closes."
        },
    )
    op.create_table(
        "record_look",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("viewer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("looked_on", sa.Date(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_record_look_rep_id_person")),
        sa.ForeignKeyConstraint(["viewer_id"], ["person.id"], name=op.f("fk_record_look_viewer_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_look")),
        sa.UniqueConstraint(
            "rep_id", "viewer_id", "page", "looked_on", name=op.f("uq_record_look_rep_id_viewer_id_page_looked_on")
        ),
        info={
            "about": "Somebody opened a page about a rep: what the rep reads under who looked at my record. One row a day and page."
        },
    )
    op.create_table(
        "second_rating",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("observation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rater_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_second_rating_asked_by_person")),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name=op.f("fk_second_rating_observation_id_observation")
        ),
        sa.ForeignKeyConstraint(["rater_id"], ["person.id"], name=op.f("fk_second_rating_rater_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_rating")),
        sa.UniqueConstraint("observation_id", "rater_id", name=op.f("uq_second_rating_observation_id_rater_id")),
        info={"about": "Another coach was asked to score the same call without seeing the first scores."},
    )
    with op.batch_alter_table("second_rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_second_rating_observation_id"), ["observation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_second_rating_rater_id"), ["rater_id"], unique=False)

    with op.batch_alter_table("knowledge_gap", schema=None) as batch_op:
        batch_op.add_column(sa.Column("noted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_knowledge_gap_noted_by_person"), "person", ["noted_by"], ["id"])

    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_key", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("baseline_basis", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_objective_source_key"), ["source_key"])
        batch_op.create_foreign_key(
            batch_op.f("fk_objective_import_id_import_run"), "import_run", ["import_id"], ["id"]
        )

    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_audit_entry_actor_id_person"), type_="foreignkey")

    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("time_zone", sa.Text(), nullable=True))

    with op.batch_alter_table("cadence_policy", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("superseded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.drop_constraint(batch_op.f("uq_cadence_policy_role_starts_on"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_cadence_policy_role_starts_on_superseded_by"), ["role", "starts_on", "superseded_by"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_cadence_policy_superseded_by_import_run"), "import_run", ["superseded_by"], ["id"]
        )

    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("superseded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_session_superseded_by_import_run"), "import_run", ["superseded_by"], ["id"]
        )
        batch_op.add_column(
            sa.Column("moved_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_session_moved_from_id"), ["moved_from_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_session_moved_from_id_session"), "session", ["moved_from_id"], ["id"]
        )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_session_moved_from_id_session"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_session_moved_from_id"))
        batch_op.drop_column("moved_from_id")
        batch_op.drop_constraint(batch_op.f("fk_session_superseded_by_import_run"), type_="foreignkey")
        batch_op.drop_column("superseded_by")

    with op.batch_alter_table("cadence_policy", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_cadence_policy_superseded_by_import_run"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_cadence_policy_role_starts_on_superseded_by"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_cadence_policy_role_starts_on"), ["role", "starts_on"])
        batch_op.drop_column("superseded_by")

    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_column("time_zone")

    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f("fk_audit_entry_actor_id_person"), "person", ["actor_id"], ["id"])

    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_objective_import_id_import_run"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_objective_source_key"), type_="unique")
        batch_op.drop_column("import_id")
        batch_op.drop_column("baseline_basis")
        batch_op.drop_column("source_key")

    with op.batch_alter_table("knowledge_gap", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_knowledge_gap_noted_by_person"), type_="foreignkey")
        batch_op.drop_column("noted_by")

    with op.batch_alter_table("second_rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_second_rating_rater_id"))
        batch_op.drop_index(batch_op.f("ix_second_rating_observation_id"))

    op.drop_table("second_rating")
    op.drop_table("record_look")
    op.drop_table("pulse_wave")
