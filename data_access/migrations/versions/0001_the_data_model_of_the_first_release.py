"""The data model of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "data_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("data_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("demo", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_state")),
    )
    op.create_table(
        "fact_rep_period",
        sa.Column("rep_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_key", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("atom_on", sa.Date(), nullable=False),
        sa.Column("opened_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opened_amount_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opened_amount", sa.BigInteger(), nullable=False),
        sa.Column("won_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("won_amount_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("won_amount", sa.BigInteger(), nullable=False),
        sa.Column("lost_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lost_amount_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lost_amount", sa.BigInteger(), nullable=False),
        sa.Column("margin_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("margin_amount", sa.BigInteger(), nullable=False),
        sa.Column("margin_cost", sa.BigInteger(), nullable=False),
        sa.Column("discount_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("discount_amount", sa.BigInteger(), nullable=False),
        sa.Column("discount_list_amount", sa.BigInteger(), nullable=False),
        sa.Column("lost_reason_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lost_competitor_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("session_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("session_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("observation_count", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("atom_on", "rep_key", "team_key", name=op.f("pk_fact_rep_period")),
    )
    with op.batch_alter_table("fact_rep_period", schema=None) as batch_op:
        batch_op.create_index("ix_fact_rep_period_rep", ["rep_key", "atom_on"], unique=False)

    op.create_table(
        "import_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("file_sha256", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("is_base", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("mapping", sa.Text(), nullable=True),
        sa.Column("provided", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_count", sa.Integer(), nullable=True),
        sa.Column("accepted_count", sa.Integer(), nullable=True),
        sa.Column("rejected_count", sa.Integer(), nullable=True),
        sa.Column("ignored_count", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_run_file_sha256"), ["file_sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_run_published_at"), ["published_at"], unique=False)

    op.create_table(
        "programme",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("slug", name=op.f("uq_programme_slug")),
    )
    op.create_table(
        "scorecard",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("rep", "coach", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard")),
        sa.UniqueConstraint("slug", name=op.f("uq_scorecard_slug")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "skill",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("rep", "coach", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill")),
        sa.UniqueConstraint("slug", name=op.f("uq_skill_slug")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("parent_name", sa.Text(), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column("is_reference", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_account_import_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("external_id", "import_id", name=op.f("uq_account_external_id_import_id")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_external_id"), ["external_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_name_key"), ["name_key"], unique=False)

    op.create_table(
        "cadence_policy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "rep",
                "manager",
                "leader",
                "executive",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("tolerance_days", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_cadence_policy_import_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadence_policy")),
        sa.UniqueConstraint("role", "starts_on", name=op.f("uq_cadence_policy_role_starts_on")),
    )
    op.create_table(
        "currency_rate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_currency_rate_import_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_currency_rate")),
        sa.UniqueConstraint("currency", "starts_on", name=op.f("uq_currency_rate_currency_starts_on")),
    )
    op.create_table(
        "deal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_deal_import_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal")),
        sa.UniqueConstraint("source_key", "import_id", name=op.f("uq_deal_source_key_import_id")),
    )
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_source_key"), ["source_key"], unique=False)

    op.create_table(
        "holiday",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_holiday_import_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint("on_date", "region", name=op.f("uq_holiday_on_date_region")),
    )
    op.create_table(
        "import_rejection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.id"], name=op.f("fk_import_rejection_import_id_import_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rejection")),
    )
    with op.batch_alter_table("import_rejection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_rejection_import_id"), ["import_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "rep",
                "manager",
                "leader",
                "executive",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("is_reference", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_person_import_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("external_id", "import_id", name=op.f("uq_person_external_id_import_id")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_external_id"), ["external_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_name_key"), ["name_key"], unique=False)

    op.create_table(
        "product",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("list_amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("is_reference", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_product_import_id_import_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("external_id", "import_id", name=op.f("uq_product_external_id_import_id")),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_external_id"), ["external_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_name_key"), ["name_key"], unique=False)

    op.create_table(
        "role_model_template",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("skill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_role_model_template_skill_id_skill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_model_template")),
        sa.UniqueConstraint("slug", name=op.f("uq_role_model_template_slug")),
    )
    with op.batch_alter_table("role_model_template", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_model_template_skill_id"), ["skill_id"], unique=False)

    op.create_table(
        "scorecard_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scorecard_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecard.id"], name=op.f("fk_scorecard_version_scorecard_id_scorecard")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_version")),
        sa.UniqueConstraint("scorecard_id", "number", name=op.f("uq_scorecard_version_scorecard_id_number")),
    )
    with op.batch_alter_table("scorecard_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scorecard_version_scorecard_id"), ["scorecard_id"], unique=False)

    op.create_table(
        "start_lottery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("hypothesis", sa.Text(), nullable=False),
        sa.Column("drawn_order", sa.Text(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_start_lottery_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_lottery")),
    )
    with op.batch_alter_table("start_lottery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_start_lottery_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_absence_import_id_import_run")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("person_id", "starts_on", "ends_on", name=op.f("uq_absence_person_id_starts_on_ends_on")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "activity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("happens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happens_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("is_planned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("row_hash", sa.Text(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("known_to", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_activity_deal_id_deal")),
        sa.ForeignKeyConstraint(["ended_by"], ["import_run.id"], name=op.f("fk_activity_ended_by_import_run")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_activity_import_id_import_run")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_activity_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_source_key"), ["source_key"], unique=False)

    op.create_table(
        "alert_snooze",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule_key", sa.Text(), nullable=False),
        sa.Column("about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["person.id"], name=op.f("fk_alert_snooze_about_id_person")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_alert_snooze_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_snooze")),
    )
    with op.batch_alter_table("alert_snooze", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_snooze_about_id"), ["about_id"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_audit_entry_actor_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_table(
        "call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("direction", sa.Text(), nullable=True),
        sa.Column("row_hash", sa.Text(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("known_to", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_call_account_id_account")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_call_deal_id_deal")),
        sa.ForeignKeyConstraint(["ended_by"], ["import_run.id"], name=op.f("fk_call_ended_by_import_run")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_call_import_id_import_run")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_call_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_source_key"), ["source_key"], unique=False)

    op.create_table(
        "deal_lesson",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("coach_question", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_deal_lesson_deal_id_deal")),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_deal_lesson_rep_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_lesson")),
    )
    with op.batch_alter_table("deal_lesson", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_lesson_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deal_lesson_rep_id"), ["rep_id"], unique=False)

    op.create_table(
        "deal_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("known_to", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_known_on", sa.Date(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opening_owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("open", "won", "lost", name="status", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("expected_close_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("list_amount", sa.BigInteger(), nullable=True),
        sa.Column("reporting_amount", sa.BigInteger(), nullable=True),
        sa.Column("reporting_cost", sa.BigInteger(), nullable=True),
        sa.Column("reporting_list_amount", sa.BigInteger(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("lost_reason", sa.Text(), nullable=True),
        sa.Column("competitor", sa.Text(), nullable=True),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("row_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_deal_version_account_id_account")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_deal_version_deal_id_deal")),
        sa.ForeignKeyConstraint(["ended_by"], ["import_run.id"], name=op.f("fk_deal_version_ended_by_import_run")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_deal_version_import_id_import_run")),
        sa.ForeignKeyConstraint(
            ["opening_owner_id"], ["person.id"], name=op.f("fk_deal_version_opening_owner_id_person")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_deal_version_owner_id_person")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_deal_version_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_version")),
    )
    with op.batch_alter_table("deal_version", schema=None) as batch_op:
        batch_op.create_index("ix_deal_version_deal_known", ["deal_id", "known_from"], unique=False)
        batch_op.create_index("ix_deal_version_opened", ["opened_on"], unique=False)
        batch_op.create_index("ix_deal_version_owner", ["owner_id"], unique=False)
        batch_op.create_index("ix_deal_version_status_closed", ["status", "closed_on"], unique=False)

    op.create_table(
        "demo_truth",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_demo_truth_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_truth")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_draft_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("author_id", "form", name=op.f("uq_draft_author_id_form")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_author_id"), ["author_id"], unique=False)

    op.create_table(
        "frozen_evidence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("definition_version", sa.Text(), nullable=False),
        sa.Column("data_hash", sa.Text(), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("frozen_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["frozen_by"], ["person.id"], name=op.f("fk_frozen_evidence_frozen_by_person")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_frozen_evidence_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_evidence")),
    )
    with op.batch_alter_table("frozen_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_frozen_evidence_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "knowledge_gap",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("where_to_look", sa.Text(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_knowledge_gap_deal_id_deal")),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_knowledge_gap_rep_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_gap")),
    )
    with op.batch_alter_table("knowledge_gap", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_knowledge_gap_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_knowledge_gap_rep_id"), ["rep_id"], unique=False)

    op.create_table(
        "motivation_preference",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "trigger",
            sa.Enum(
                "praise",
                "recognition",
                "relationships",
                "money",
                "competition",
                "challenge_positive",
                "challenge_negative",
                name="trigger",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_motivation_preference_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motivation_preference")),
    )
    with op.batch_alter_table("motivation_preference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_motivation_preference_person_id"), ["person_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("shared", "private", name="visibility", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["person.id"], name=op.f("fk_note_about_id_person")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_note_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_about_id"), ["about_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_note_author_id"), ["author_id"], unique=False)

    op.create_table(
        "peer_pair",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("skill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("strong_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("learner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "proposed", "accepted", "closed", name="status", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["person.id"], name=op.f("fk_peer_pair_learner_id_person")),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_peer_pair_skill_id_skill")),
        sa.ForeignKeyConstraint(["strong_id"], ["person.id"], name=op.f("fk_peer_pair_strong_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_pair")),
    )
    with op.batch_alter_table("peer_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_peer_pair_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_peer_pair_skill_id"), ["skill_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_peer_pair_strong_id"), ["strong_id"], unique=False)

    op.create_table(
        "person_login",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("valid_after", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_login_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_login")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_person_login_issuer_subject")),
    )
    with op.batch_alter_table("person_login", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_login_person_id"), ["person_id"], unique=False)

    op.create_table(
        "person_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("row_hash", sa.Text(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("known_to", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["ended_by"], ["import_run.id"], name=op.f("fk_person_record_ended_by_import_run")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_person_record_import_id_import_run")),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name=op.f("fk_person_record_manager_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_record_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_record")),
        sa.UniqueConstraint(
            "person_id", "known_from", "import_id", name=op.f("uq_person_record_person_id_known_from_import_id")
        ),
    )
    with op.batch_alter_table("person_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_record_person_id"), ["person_id"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coach_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("draft", "active", "closed", name="status", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_plan_coach_id_person")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_plan_import_id_import_run")),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_plan_rep_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("source_key", name=op.f("uq_plan_source_key")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_coach_id"), ["coach_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_rep_id"), ["rep_id"], unique=False)

    op.create_table(
        "programme_cost",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reporting_amount", sa.BigInteger(), nullable=False),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("coach_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_programme_cost_coach_id_person")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_programme_cost_import_id_import_run")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_cost_programme_id_programme")
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_programme_cost_rep_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_cost")),
        sa.UniqueConstraint(
            "programme_id",
            "kind",
            "starts_on",
            "ends_on",
            "rep_id",
            "coach_id",
            name=op.f("uq_programme_cost_programme_id_kind_starts_on_ends_on_rep_id_coach_id"),
        ),
    )
    with op.batch_alter_table("programme_cost", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_cost_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "programme_enrolment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("programme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.id"], name=op.f("fk_programme_enrolment_import_id_import_run")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_programme_enrolment_person_id_person")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_enrolment_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_enrolment")),
        sa.UniqueConstraint("programme_id", "person_id", name=op.f("uq_programme_enrolment_programme_id_person_id")),
    )
    with op.batch_alter_table("programme_enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_enrolment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_enrolment_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "quota",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reporting_amount", sa.BigInteger(), nullable=False),
        sa.Column("row_hash", sa.Text(), nullable=True),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("known_to", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["ended_by"], ["import_run.id"], name=op.f("fk_quota_ended_by_import_run")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_quota_import_id_import_run")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_quota_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota")),
        sa.UniqueConstraint(
            "person_id",
            "starts_on",
            "ends_on",
            "known_from",
            "import_id",
            name=op.f("uq_quota_person_id_starts_on_ends_on_known_from_import_id"),
        ),
    )
    with op.batch_alter_table("quota", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quota_person_id"), ["person_id"], unique=False)

    op.create_table(
        "scorecard_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scorecard_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("skill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lowest", sa.Integer(), server_default="1", nullable=False),
        sa.Column("highest", sa.Integer(), server_default="5", nullable=False),
        sa.ForeignKeyConstraint(
            ["scorecard_version_id"],
            ["scorecard_version.id"],
            name=op.f("fk_scorecard_item_scorecard_version_id_scorecard_version"),
        ),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_scorecard_item_skill_id_skill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_item")),
        sa.UniqueConstraint(
            "scorecard_version_id", "skill_id", name=op.f("uq_scorecard_item_scorecard_version_id_skill_id")
        ),
    )
    with op.batch_alter_table("scorecard_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scorecard_item_scorecard_version_id"), ["scorecard_version_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_scorecard_item_skill_id"), ["skill_id"], unique=False)

    op.create_table(
        "shadowed_cycle",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_shadowed_cycle_account_id_account")),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_shadowed_cycle_rep_id_person")),
        sa.ForeignKeyConstraint(["seller_id"], ["person.id"], name=op.f("fk_shadowed_cycle_seller_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadowed_cycle")),
        sa.UniqueConstraint("rep_id", "number", name=op.f("uq_shadowed_cycle_rep_id_number")),
    )
    with op.batch_alter_table("shadowed_cycle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shadowed_cycle_rep_id"), ["rep_id"], unique=False)

    op.create_table(
        "sign_off",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_sign_off_rep_id_person")),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_sign_off_signed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
    )
    with op.batch_alter_table("sign_off", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_off_rep_id"), ["rep_id"], unique=False)

    op.create_table(
        "stage_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "won", "lost", name="status", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("reporting_amount", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_stage_entry_deal_id_deal")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_stage_entry_import_id_import_run")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_stage_entry_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_entry")),
        sa.UniqueConstraint("deal_id", "entered_at", "stage", name=op.f("uq_stage_entry_deal_id_entered_at_stage")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("leader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_team_import_id_import_run")),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_team_leader_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("source_key", name=op.f("uq_team_source_key")),
    )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_leader_id"), ["leader_id"], unique=False)

    op.create_table(
        "call_supervision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supervisor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "mode",
            sa.Enum(
                "listen",
                "whisper",
                "barge",
                "unknown",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_supervision_call_id_call")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.id"], name=op.f("fk_call_supervision_import_id_import_run")
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_call_supervision_rep_id_person")),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["person.id"], name=op.f("fk_call_supervision_supervisor_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_supervision")),
        sa.UniqueConstraint("source_key", "import_id", name=op.f("uq_call_supervision_source_key_import_id")),
    )
    with op.batch_alter_table("call_supervision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_supervision_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_supervision_rep_id"), ["rep_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_supervision_source_key"), ["source_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_supervision_supervisor_id"), ["supervisor_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("member", "leader", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_home", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on > starts_on", name=op.f("ck_membership_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_membership_import_id_import_run")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_membership_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_team_id"), ["team_id"], unique=False)

    op.create_table(
        "objective",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("metric_key", sa.Text(), nullable=False),
        sa.Column("baseline_value", sa.Float(), nullable=True),
        sa.Column("baseline_count", sa.Integer(), nullable=True),
        sa.Column("baseline_as_of", sa.Date(), nullable=True),
        sa.Column("target_value", sa.Float(), nullable=False),
        sa.Column(
            "target_kind",
            sa.Enum(
                "absolute",
                "relative",
                "points",
                name="target_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("why_business", sa.Text(), nullable=True),
        sa.Column("why_rep", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "accepted",
                "countered",
                "objected",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_objective_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective")),
    )
    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objective_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "peer_meeting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("peer_pair_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=True),
        sa.Column("worked", sa.Text(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["peer_pair_id"], ["peer_pair.id"], name=op.f("fk_peer_meeting_peer_pair_id_peer_pair")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peer_meeting")),
    )
    with op.batch_alter_table("peer_meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_peer_meeting_peer_pair_id"), ["peer_pair_id"], unique=False)

    op.create_table(
        "plan_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_revision_plan_id_plan")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_plan_revision_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_revision")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_revision_plan_id_number")),
    )
    with op.batch_alter_table("plan_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_revision_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_signature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_signature_person_id_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_signature_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_signature")),
        sa.UniqueConstraint("plan_id", "person_id", name=op.f("uq_plan_signature_plan_id_person_id")),
    )
    with op.batch_alter_table("plan_signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_signature_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_signature_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "pulse",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wave", sa.Text(), nullable=False),
        sa.Column("respondent_hash", sa.Text(), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.Column("clear", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_pulse_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse")),
        sa.UniqueConstraint("wave", "respondent_hash", name=op.f("uq_pulse_wave_respondent_hash")),
    )
    with op.batch_alter_table("pulse", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pulse_team_id"), ["team_id"], unique=False)

    op.create_table(
        "scorecard_anchor",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scorecard_item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("behaviour", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scorecard_item_id"],
            ["scorecard_item.id"],
            name=op.f("fk_scorecard_anchor_scorecard_item_id_scorecard_item"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_anchor")),
        sa.UniqueConstraint("scorecard_item_id", "level", name=op.f("uq_scorecard_anchor_scorecard_item_id_level")),
    )
    with op.batch_alter_table("scorecard_anchor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scorecard_anchor_scorecard_item_id"), ["scorecard_item_id"], unique=False)

    op.create_table(
        "shadowed_stage",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shadowed_cycle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "prospecting",
                "discovery",
                "presentation",
                "negotiation",
                "close",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("noticed", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["shadowed_cycle_id"],
            ["shadowed_cycle.id"],
            name=op.f("fk_shadowed_stage_shadowed_cycle_id_shadowed_cycle"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shadowed_stage")),
        sa.UniqueConstraint("shadowed_cycle_id", "stage", name=op.f("uq_shadowed_stage_shadowed_cycle_id_stage")),
    )
    with op.batch_alter_table("shadowed_stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shadowed_stage_shadowed_cycle_id"), ["shadowed_cycle_id"], unique=False)

    op.create_table(
        "team_placement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_team_placement_import_id_import_run")),
        sa.ForeignKeyConstraint(["parent_id"], ["team.id"], name=op.f("fk_team_placement_parent_id_team")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_placement_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_placement")),
    )
    with op.batch_alter_table("team_placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_placement_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_placement_team_id"), ["team_id"], unique=False)

    op.create_table(
        "objective_response",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("objective_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "response",
            sa.Enum(
                "accept", "counter", "object", name="response", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("counter_value", sa.Float(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["objective.id"], name=op.f("fk_objective_response_objective_id_objective")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_objective_response_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective_response")),
    )
    with op.batch_alter_table("objective_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objective_response_objective_id"), ["objective_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objective_response_person_id"), ["person_id"], unique=False)

    op.create_table(
        "plan_action",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("skill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "method",
            sa.Enum(
                "training",
                "reinforcement",
                "role_play",
                "test",
                "challenge",
                "questioning",
                "technology",
                "demonstration",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("repetitions", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_revision_id"], ["plan_revision.id"], name=op.f("fk_plan_action_plan_revision_id_plan_revision")
        ),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_plan_action_skill_id_skill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
    )
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_action_plan_revision_id"), ["plan_revision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_action_skill_id"), ["skill_id"], unique=False)

    op.create_table(
        "resistance_step",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("objective_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "listen_again",
                "other_angle",
                "difficult_conversation",
                "escalate",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["objective.id"], name=op.f("fk_resistance_step_objective_id_objective")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_resistance_step_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resistance_step")),
    )
    with op.batch_alter_table("resistance_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resistance_step_objective_id"), ["objective_id"], unique=False)

    op.create_table(
        "session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coach_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "own_manager",
                "other_coach",
                "peer",
                "group",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "held",
                "moved",
                "missed",
                "excused",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "missed_by",
            sa.Enum("rep", "coach", name="missed_by", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("preparation_minutes", sa.Integer(), nullable=True),
        sa.Column(
            "method",
            sa.Enum(
                "training",
                "reinforcement",
                "role_play",
                "test",
                "challenge",
                "questioning",
                "technology",
                "demonstration",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("angle", sa.Text(), nullable=True),
        sa.Column("skill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("plan_action_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("questions", sa.Integer(), nullable=True),
        sa.Column("instructions", sa.Integer(), nullable=True),
        sa.Column(
            "trigger",
            sa.Enum(
                "praise",
                "recognition",
                "relationships",
                "money",
                "competition",
                "challenge_positive",
                "challenge_negative",
                name="trigger",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("tone", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "visibility",
            sa.Enum("shared", "private", name="visibility", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_session_coach_id_person")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_session_import_id_import_run")),
        sa.ForeignKeyConstraint(
            ["plan_action_id"], ["plan_action.id"], name=op.f("fk_session_plan_action_id_plan_action")
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_session_rep_id_person")),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_session_skill_id_skill")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("source_key", name=op.f("uq_session_source_key")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_coach_id"), ["coach_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_held_on"), ["held_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_plan_action_id"), ["plan_action_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_rep_id"), ["rep_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_skill_id"), ["skill_id"], unique=False)

    op.create_table(
        "commitment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("promise", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_commitment_by_id_person")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_commitment_session_id_session")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_commitment_to_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitment_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitment_to_id"), ["to_id"], unique=False)

    op.create_table(
        "observation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("observer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "coach",
                "self",
                "second_rater",
                "coach_the_coach",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("paired_observation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "field",
                "phone",
                "video",
                "recorded",
                "role_play",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "live_mode",
            sa.Enum(
                "none",
                "listen",
                "whisper",
                "barge",
                name="live_mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("call_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("scorecard_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("went_well", sa.Text(), nullable=True),
        sa.Column("one_thing", sa.Text(), nullable=True),
        sa.Column(
            "visibility",
            sa.Enum("shared", "private", name="visibility", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_example", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_observation_account_id_account")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_observation_call_id_call")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_observation_deal_id_deal")),
        sa.ForeignKeyConstraint(["import_id"], ["import_run.id"], name=op.f("fk_observation_import_id_import_run")),
        sa.ForeignKeyConstraint(["observer_id"], ["person.id"], name=op.f("fk_observation_observer_id_person")),
        sa.ForeignKeyConstraint(
            ["paired_observation_id"], ["observation.id"], name=op.f("fk_observation_paired_observation_id_observation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_observation_person_id_person")),
        sa.ForeignKeyConstraint(
            ["scorecard_version_id"],
            ["scorecard_version.id"],
            name=op.f("fk_observation_scorecard_version_id_scorecard_version"),
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_observation_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint("source_key", name=op.f("uq_observation_source_key")),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_observation_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_observation_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_observation_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_observation_observed_on"), ["observed_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_observation_observer_id"), ["observer_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_observation_paired_observation_id"), ["paired_observation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_observation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_observation_scorecard_version_id"), ["scorecard_version_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_observation_session_id"), ["session_id"], unique=False)

    op.create_table(
        "question_asked",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_question_asked_rep_id_person")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_question_asked_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_asked")),
    )
    with op.batch_alter_table("question_asked", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_asked_rep_id"), ["rep_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_asked_session_id"), ["session_id"], unique=False)

    op.create_table(
        "session_participant",
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_participant_person_id_person")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_participant_session_id_session")),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_session_participant")),
    )
    with op.batch_alter_table("session_participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_participant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_participant_session_id"), ["session_id"], unique=False)

    op.create_table(
        "session_topic",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_session_topic_added_by_person")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_topic_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_topic")),
    )
    with op.batch_alter_table("session_topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_topic_session_id"), ["session_id"], unique=False)

    op.create_table(
        "trigger_use",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rep_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("coach_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "trigger",
            sa.Enum(
                "praise",
                "recognition",
                "relationships",
                "money",
                "competition",
                "challenge_positive",
                "challenge_negative",
                name="trigger",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("tone", sa.Text(), nullable=True),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("followed", sa.Boolean(), nullable=True),
        sa.Column("followed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_trigger_use_coach_id_person")),
        sa.ForeignKeyConstraint(["rep_id"], ["person.id"], name=op.f("fk_trigger_use_rep_id_person")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_trigger_use_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trigger_use")),
    )
    with op.batch_alter_table("trigger_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trigger_use_coach_id"), ["coach_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trigger_use_rep_id"), ["rep_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trigger_use_session_id"), ["session_id"], unique=False)

    op.create_table(
        "score",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("observation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scorecard_item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name=op.f("fk_score_observation_id_observation")
        ),
        sa.ForeignKeyConstraint(
            ["scorecard_item_id"], ["scorecard_item.id"], name=op.f("fk_score_scorecard_item_id_scorecard_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score")),
        sa.UniqueConstraint(
            "observation_id", "scorecard_item_id", name=op.f("uq_score_observation_id_scorecard_item_id")
        ),
    )
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_observation_id"), ["observation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_scorecard_item_id"), ["scorecard_item_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_scorecard_item_id"))
        batch_op.drop_index(batch_op.f("ix_score_observation_id"))

    op.drop_table("score")
    with op.batch_alter_table("trigger_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trigger_use_session_id"))
        batch_op.drop_index(batch_op.f("ix_trigger_use_rep_id"))
        batch_op.drop_index(batch_op.f("ix_trigger_use_coach_id"))

    op.drop_table("trigger_use")
    with op.batch_alter_table("session_topic", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_topic_session_id"))

    op.drop_table("session_topic")
    with op.batch_alter_table("session_participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_participant_session_id"))
        batch_op.drop_index(batch_op.f("ix_session_participant_person_id"))

    op.drop_table("session_participant")
    with op.batch_alter_table("question_asked", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_asked_session_id"))
        batch_op.drop_index(batch_op.f("ix_question_asked_rep_id"))

    op.drop_table("question_asked")
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_observation_session_id"))
        batch_op.drop_index(batch_op.f("ix_observation_scorecard_version_id"))
        batch_op.drop_index(batch_op.f("ix_observation_person_id"))
        batch_op.drop_index(batch_op.f("ix_observation_paired_observation_id"))
        batch_op.drop_index(batch_op.f("ix_observation_observer_id"))
        batch_op.drop_index(batch_op.f("ix_observation_observed_on"))
        batch_op.drop_index(batch_op.f("ix_observation_deal_id"))
        batch_op.drop_index(batch_op.f("ix_observation_call_id"))
        batch_op.drop_index(batch_op.f("ix_observation_account_id"))

    op.drop_table("observation")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitment_to_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_session_id"))
        batch_op.drop_index(batch_op.f("ix_commitment_by_id"))

    op.drop_table("commitment")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_skill_id"))
        batch_op.drop_index(batch_op.f("ix_session_rep_id"))
        batch_op.drop_index(batch_op.f("ix_session_plan_action_id"))
        batch_op.drop_index(batch_op.f("ix_session_held_on"))
        batch_op.drop_index(batch_op.f("ix_session_coach_id"))

    op.drop_table("session")
    with op.batch_alter_table("resistance_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resistance_step_objective_id"))

    op.drop_table("resistance_step")
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_action_skill_id"))
        batch_op.drop_index(batch_op.f("ix_plan_action_plan_revision_id"))

    op.drop_table("plan_action")
    with op.batch_alter_table("objective_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objective_response_person_id"))
        batch_op.drop_index(batch_op.f("ix_objective_response_objective_id"))

    op.drop_table("objective_response")
    with op.batch_alter_table("team_placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_placement_team_id"))
        batch_op.drop_index(batch_op.f("ix_team_placement_parent_id"))

    op.drop_table("team_placement")
    with op.batch_alter_table("shadowed_stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shadowed_stage_shadowed_cycle_id"))

    op.drop_table("shadowed_stage")
    with op.batch_alter_table("scorecard_anchor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scorecard_anchor_scorecard_item_id"))

    op.drop_table("scorecard_anchor")
    with op.batch_alter_table("pulse", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pulse_team_id"))

    op.drop_table("pulse")
    with op.batch_alter_table("plan_signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_signature_plan_id"))
        batch_op.drop_index(batch_op.f("ix_plan_signature_person_id"))

    op.drop_table("plan_signature")
    with op.batch_alter_table("plan_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_revision_plan_id"))

    op.drop_table("plan_revision")
    with op.batch_alter_table("peer_meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_peer_meeting_peer_pair_id"))

    op.drop_table("peer_meeting")
    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objective_plan_id"))

    op.drop_table("objective")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_team_id"))
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))

    op.drop_table("membership")
    with op.batch_alter_table("call_supervision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_supervision_supervisor_id"))
        batch_op.drop_index(batch_op.f("ix_call_supervision_source_key"))
        batch_op.drop_index(batch_op.f("ix_call_supervision_rep_id"))
        batch_op.drop_index(batch_op.f("ix_call_supervision_call_id"))

    op.drop_table("call_supervision")
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_leader_id"))

    op.drop_table("team")
    op.drop_table("stage_entry")
    with op.batch_alter_table("sign_off", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_off_rep_id"))

    op.drop_table("sign_off")
    with op.batch_alter_table("shadowed_cycle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shadowed_cycle_rep_id"))

    op.drop_table("shadowed_cycle")
    with op.batch_alter_table("scorecard_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scorecard_item_skill_id"))
        batch_op.drop_index(batch_op.f("ix_scorecard_item_scorecard_version_id"))

    op.drop_table("scorecard_item")
    with op.batch_alter_table("quota", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quota_person_id"))

    op.drop_table("quota")
    with op.batch_alter_table("programme_enrolment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_enrolment_programme_id"))
        batch_op.drop_index(batch_op.f("ix_programme_enrolment_person_id"))

    op.drop_table("programme_enrolment")
    with op.batch_alter_table("programme_cost", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_cost_programme_id"))

    op.drop_table("programme_cost")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_rep_id"))
        batch_op.drop_index(batch_op.f("ix_plan_coach_id"))

    op.drop_table("plan")
    with op.batch_alter_table("person_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_record_person_id"))

    op.drop_table("person_record")
    with op.batch_alter_table("person_login", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_login_person_id"))

    op.drop_table("person_login")
    with op.batch_alter_table("peer_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_peer_pair_strong_id"))
        batch_op.drop_index(batch_op.f("ix_peer_pair_skill_id"))
        batch_op.drop_index(batch_op.f("ix_peer_pair_learner_id"))

    op.drop_table("peer_pair")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_author_id"))
        batch_op.drop_index(batch_op.f("ix_note_about_id"))

    op.drop_table("note")
    with op.batch_alter_table("motivation_preference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_motivation_preference_person_id"))

    op.drop_table("motivation_preference")
    with op.batch_alter_table("knowledge_gap", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_knowledge_gap_rep_id"))
        batch_op.drop_index(batch_op.f("ix_knowledge_gap_deal_id"))

    op.drop_table("knowledge_gap")
    with op.batch_alter_table("frozen_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_frozen_evidence_programme_id"))

    op.drop_table("frozen_evidence")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_author_id"))

    op.drop_table("draft")
    op.drop_table("demo_truth")
    with op.batch_alter_table("deal_version", schema=None) as batch_op:
        batch_op.drop_index("ix_deal_version_status_closed")
        batch_op.drop_index("ix_deal_version_owner")
        batch_op.drop_index("ix_deal_version_opened")
        batch_op.drop_index("ix_deal_version_deal_known")

    op.drop_table("deal_version")
    with op.batch_alter_table("deal_lesson", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deal_lesson_rep_id"))
        batch_op.drop_index(batch_op.f("ix_deal_lesson_deal_id"))

    op.drop_table("deal_lesson")
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_source_key"))
        batch_op.drop_index(batch_op.f("ix_call_person_id"))

    op.drop_table("call")
    op.drop_table("audit_entry")
    with op.batch_alter_table("alert_snooze", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_snooze_about_id"))

    op.drop_table("alert_snooze")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_source_key"))
        batch_op.drop_index(batch_op.f("ix_activity_person_id"))
        batch_op.drop_index(batch_op.f("ix_activity_deal_id"))

    op.drop_table("activity")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_person_id"))

    op.drop_table("absence")
    with op.batch_alter_table("start_lottery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_start_lottery_programme_id"))

    op.drop_table("start_lottery")
    with op.batch_alter_table("scorecard_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scorecard_version_scorecard_id"))

    op.drop_table("scorecard_version")
    with op.batch_alter_table("role_model_template", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_model_template_skill_id"))

    op.drop_table("role_model_template")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_name_key"))
        batch_op.drop_index(batch_op.f("ix_product_external_id"))

    op.drop_table("product")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_name_key"))
        batch_op.drop_index(batch_op.f("ix_person_external_id"))
        batch_op.drop_index(batch_op.f("ix_person_email"))

    op.drop_table("person")
    with op.batch_alter_table("import_rejection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_rejection_import_id"))

    op.drop_table("import_rejection")
    op.drop_table("holiday")
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deal_source_key"))

    op.drop_table("deal")
    op.drop_table("currency_rate")
    op.drop_table("cadence_policy")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_name_key"))
        batch_op.drop_index(batch_op.f("ix_account_external_id"))

    op.drop_table("account")
    op.drop_table("skill")
    op.drop_table("setting")
    op.drop_table("scorecard")
    op.drop_table("programme")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_published_at"))
        batch_op.drop_index(batch_op.f("ix_import_run_file_sha256"))

    op.drop_table("import_run")
    with op.batch_alter_table("fact_rep_period", schema=None) as batch_op:
        batch_op.drop_index("ix_fact_rep_period_rep")

    op.drop_table("fact_rep_period")
    op.drop_table("data_state")
