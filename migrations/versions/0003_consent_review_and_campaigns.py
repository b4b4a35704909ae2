"""The ledger of answers, reviews, cases and campaigns."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column(
            "party",
            sa.Enum("child", "guardian", name="party", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("guardian_id", sa.String(length=22), nullable=True),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=16), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "self",
                "link",
                "paper",
                "voice",
                "live",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text_id", sa.String(length=32), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("text_locale", sa.String(length=8), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(party = 'guardian') = (guardian_id IS NOT NULL)", name=op.f("ck_answer_guardian_is_named")
        ),
        sa.CheckConstraint(
            "scope IN ('name', 'voice', 'face', 'age', 'place') OR value IN ('yes', 'no', 'unsure')",
            name=op.f("ck_answer_scope_is_answered_in_words"),
        ),
        sa.CheckConstraint("value <> 'yes' OR expires_at IS NOT NULL", name=op.f("ck_answer_a_yes_expires")),
        sa.CheckConstraint("length(text_sha256) = 64", name=op.f("ck_answer_text_is_hashed")),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], name=op.f("fk_answer_guardian_id")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_answer_story_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_answer")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_story_id_seq"), ["story_id", "seq"], unique=False)

    op.create_table(
        "claim",
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("staff_id", sa.String(length=22), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_claim_staff_id")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_claim_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "review",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(length=22), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "approve",
                "ask_changes",
                "decline",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_review_staff_id")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_review_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_story_id_at"), ["story_id", "at"], unique=False)

    op.create_table(
        "safeguarding_case",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "red",
                "amber",
                "green",
                "illegal_image",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("worry_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("outcome_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("opened_by", sa.String(length=22), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=22), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_safeguarding_case_closed_by_somebody")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_safeguarding_case_closed_by")),
        sa.ForeignKeyConstraint(["opened_by"], ["staff.id"], name=op.f("fk_safeguarding_case_opened_by")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_safeguarding_case_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_case")),
    )
    with op.batch_alter_table("safeguarding_case", schema=None) as batch_op:
        batch_op.create_index("ix_safeguarding_case_open", ["closed_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_safeguarding_case_story_id"), ["story_id"], unique=False)

    op.create_table(
        "campaign",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("appeal", sa.JSON(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("embedding_sites", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("closes_at IS NULL OR closes_at > opens_at", name=op.f("ck_campaign_closes_after_it_opens")),
        sa.CheckConstraint("length(slug) > 0", name=op.f("ck_campaign_slug_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("slug", name=op.f("uq_campaign_slug")),
    )

    op.create_table(
        "campaign_item",
        sa.Column("campaign_id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_item_campaign_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_campaign_item_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("campaign_id", "story_id", name=op.f("pk_campaign_item")),
        sa.UniqueConstraint("campaign_id", "position", name=op.f("uq_campaign_item_campaign_id_position")),
    )
    with op.batch_alter_table("campaign_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_item_story_id"), ["story_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("campaign_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_item_story_id"))

    op.drop_table("campaign_item")
    op.drop_table("campaign")
    with op.batch_alter_table("safeguarding_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safeguarding_case_story_id"))
        batch_op.drop_index("ix_safeguarding_case_open")

    op.drop_table("safeguarding_case")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_story_id_at"))

    op.drop_table("review")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_staff_id"))
        batch_op.drop_index(batch_op.f("ix_claim_expires_at"))

    op.drop_table("claim")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_story_id_seq"))

    op.drop_table("answer")
