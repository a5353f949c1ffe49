"""Before the one-on-one: what people bring to it, edited questions, peer pairs, what was put off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "peer_capacity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pairs_at_most", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_peer_capacity_person_id_person")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_peer_capacity_set_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_capacity")),
        sa.UniqueConstraint("person_id", name=op.f("uq_peer_capacity_person_id")),
        info={"about": "In how many pairs somebody can be at a time, where it is not the company's usual number."},
    )
    op.create_table(
        "question_edit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("about_skill", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("edited_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edited_by"], ["person.id"], name=op.f("fk_question_edit_edited_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_edit")),
        info={"about": "What an admin changed in the question bank. Append-only: the latest row of a key holds."},
    )
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("topic", "answer", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("question_key", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_agenda_item_added_by_person")),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_agenda_item_rep_id_person")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_agenda_item_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        info={
            "about": "What somebody brings to the next one-on-one: a topic, or an answer to a question that will be asked."
        },
    )
    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agenda_item_rep_id"), ["rep_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agenda_item_session_id"), ["session_id"], unique=False)

    with op.batch_alter_table("alert_snooze", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("peer_meeting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("strong_tried", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("written_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_peer_meeting_written_by_person"), "person", ["written_by"], ["id"])

    with op.batch_alter_table("peer_pair", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("proposed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_peer_pair_proposed_by_person"), "person", ["proposed_by"], ["id"])

    with op.batch_alter_table("question_asked", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("about", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_question_asked_asked_by_person"), "person", ["asked_by"], ["id"])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("question_asked", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_question_asked_asked_by_person"), type_="foreignkey")
        batch_op.drop_column("recorded_at")
        batch_op.drop_column("about")
        batch_op.drop_column("asked_by")

    with op.batch_alter_table("peer_pair", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_peer_pair_proposed_by_person"), type_="foreignkey")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("recorded_at")
        batch_op.drop_column("proposed_by")

    with op.batch_alter_table("peer_meeting", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_peer_meeting_written_by_person"), type_="foreignkey")
        batch_op.drop_column("version")
        batch_op.drop_column("recorded_at")
        batch_op.drop_column("written_by")
        batch_op.drop_column("strong_tried")

    with op.batch_alter_table("alert_snooze", schema=None) as batch_op:
        batch_op.drop_column("lifted_at")
        batch_op.drop_column("recorded_at")

    with op.batch_alter_table("agenda_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agenda_item_session_id"))
        batch_op.drop_index(batch_op.f("ix_agenda_item_rep_id"))

    op.drop_table("agenda_item")
    op.drop_table("question_edit")
    op.drop_table("peer_capacity")
