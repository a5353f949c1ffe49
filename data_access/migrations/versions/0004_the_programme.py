"""The programme: what an hour costs, costs entered in the product, the terms of a drawn starting order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "hour_rate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "who",
            sa.Enum("coach", "rep", name="who", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reporting_amount", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("set_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_hour_rate_set_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_rate")),
        info={
            "about": "What an hour of a coach or a rep costs the company, effective-dated. Append-only: the latest row of a day holds."
        },
    )
    with op.batch_alter_table("programme_cost", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_programme_cost_entered_by_person"), "person", ["entered_by"], ["id"])

    with op.batch_alter_table("programme_enrolment", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("enrolled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_programme_enrolment_enrolled_by_person"), "person", ["enrolled_by"], ["id"]
        )

    with op.batch_alter_table("start_lottery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("terms", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("drawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_start_lottery_drawn_by_person"), "person", ["drawn_by"], ["id"])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("start_lottery", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_start_lottery_drawn_by_person"), type_="foreignkey")
        batch_op.drop_column("drawn_by")
        batch_op.drop_column("terms")

    with op.batch_alter_table("programme_enrolment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_programme_enrolment_enrolled_by_person"), type_="foreignkey")
        batch_op.drop_column("recorded_at")
        batch_op.drop_column("enrolled_by")

    with op.batch_alter_table("programme_cost", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_programme_cost_entered_by_person"), type_="foreignkey")
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("recorded_at")
        batch_op.drop_column("entered_by")

    op.drop_table("hour_rate")
