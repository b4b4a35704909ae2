"""Stories, their versions, files and messages."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "story",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("storyteller_id", sa.String(length=22), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "in_review",
                "changes_asked",
                "approved",
                "declined",
                "erased",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "locale",
            sa.Enum("en", "zh", "ro", name="locale", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erase_after", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'approved' OR approved_at IS NOT NULL", name=op.f("ck_story_approved_has_a_moment")
        ),
        sa.CheckConstraint("state <> 'draft' OR submitted_at IS NULL", name=op.f("ck_story_a_draft_was_not_submitted")),
        sa.CheckConstraint("state <> 'erased' OR erase_after IS NOT NULL", name=op.f("ck_story_erased_has_a_moment")),
        sa.CheckConstraint(
            "state IN ('draft', 'erased') OR submitted_at IS NOT NULL",
            name=op.f("ck_story_submitted_has_a_moment"),
        ),
        sa.ForeignKeyConstraint(["storyteller_id"], ["storyteller.id"], name=op.f("fk_story_storyteller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("client_id", name=op.f("uq_story_client_id")),
    )
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.create_index(
            "ix_story_erase_after",
            ["erase_after"],
            unique=False,
            postgresql_where=sa.text("erase_after IS NOT NULL"),
        )
        batch_op.create_index("ix_story_queue", ["state", "submitted_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_story_storyteller_id"), ["storyteller_id"], unique=False)

    op.create_table(
        "guardian_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("guardian_id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardian.id"], name=op.f("fk_guardian_link_guardian_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_guardian_link_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_guardian_link")),
    )
    with op.batch_alter_table("guardian_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_guardian_link_guardian_id_created_at"), ["guardian_id", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_guardian_link_story_id"), ["story_id"], unique=False)

    op.create_table(
        "version",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "helper",
            sa.Enum(
                "nobody",
                "parent",
                "grandparent",
                "teacher",
                "friend",
                "other",
                name="helper",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "help",
            sa.Enum(
                "none",
                "read_aloud",
                "typed_my_words",
                "technical",
                "gave_ideas",
                "told_for_me",
                name="help",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_version_counts_from_one")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_version_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("story_id", "number", name=op.f("uq_version_story_id_number")),
    )

    op.create_table(
        "asset",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("image", "sound", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "quarantined",
                "ready",
                "refused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "refusal",
            sa.Enum(
                "empty",
                "too_large",
                "too_many_pixels",
                "too_long",
                "not_a_picture",
                "not_a_sound",
                "video",
                "unsupported",
                "broken",
                "hostile",
                name="refusal",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("placeholder", sa.String(length=400), nullable=True),
        sa.Column("vault_bytes", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name=op.f("ck_asset_refused_says_why")),
        sa.CheckConstraint(
            "state <> 'ready'"
            " OR (kind = 'image' AND coalesce(width, 0) > 0 AND coalesce(height, 0) > 0 AND placeholder IS NOT NULL)"
            " OR (kind = 'sound' AND coalesce(duration_ms, -1) >= 0)",
            name=op.f("ck_asset_ready_is_measured"),
        ),
        sa.CheckConstraint("attempts >= crashes AND crashes >= 0", name=op.f("ck_asset_attempts_are_counted")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_asset_sha256_is_whole")),
        sa.CheckConstraint("size > 0", name=op.f("ck_asset_size_is_positive")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_asset_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
    )
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asset_story_id_created_at"), ["story_id", "created_at"], unique=False)
        batch_op.create_index(
            "ix_asset_unfinished",
            ["next_attempt_at"],
            unique=False,
            sqlite_where=sa.text("state = 'quarantined'"),
            postgresql_where=sa.text("state = 'quarantined'"),
        )
        batch_op.create_index(batch_op.f("ix_asset_vault_bytes"), ["vault_bytes"], unique=False)

    op.create_table(
        "version_asset",
        sa.Column("version_id", sa.String(length=22), nullable=False),
        sa.Column("asset_id", sa.String(length=22), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_version_asset_asset_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version.id"], name=op.f("fk_version_asset_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "asset_id", name=op.f("pk_version_asset")),
    )
    with op.batch_alter_table("version_asset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_version_asset_asset_id"), ["asset_id"], unique=False)

    op.create_table(
        "rendition",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("asset_id", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "image-320",
                "image-800",
                "image-1600",
                "image-jpeg",
                "sound-opus",
                "sound-aac",
                "peaks",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(width IS NULL) = (height IS NULL)", name=op.f("ck_rendition_both_sides_or_none")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_rendition_sha256_is_whole")),
        sa.CheckConstraint("size > 0", name=op.f("ck_rendition_size_is_positive")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_rendition_asset_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rendition")),
        sa.UniqueConstraint("name", name=op.f("uq_rendition_name")),
    )
    with op.batch_alter_table("rendition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rendition_asset_id_purpose"), ["asset_id", "purpose"], unique=True)

    op.create_table(
        "approval",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_approval_staff_id")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_approval_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(
            "uq_approval_one_each",
            ["story_id", "version_number", "staff_id"],
            unique=True,
            sqlite_where=sa.text("void_at IS NULL"),
            postgresql_where=sa.text("void_at IS NULL"),
        )

    op.create_table(
        "message",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column(
            "author",
            sa.Enum("child", "moderator", name="author", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_message_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_story_id_at"), ["story_id", "at"], unique=False)

    op.create_table(
        "erasure",
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_erasure")),
    )


def downgrade() -> None:
    op.drop_table("erasure")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_story_id_at"))

    op.drop_table("message")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_approval_one_each",
            sqlite_where=sa.text("void_at IS NULL"),
            postgresql_where=sa.text("void_at IS NULL"),
        )

    op.drop_table("approval")
    with op.batch_alter_table("rendition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rendition_asset_id_purpose"))

    op.drop_table("rendition")
    with op.batch_alter_table("version_asset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_version_asset_asset_id"))

    op.drop_table("version_asset")
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_vault_bytes"))
        batch_op.drop_index(
            "ix_asset_unfinished",
            sqlite_where=sa.text("state = 'quarantined'"),
            postgresql_where=sa.text("state = 'quarantined'"),
        )
        batch_op.drop_index(batch_op.f("ix_asset_story_id_created_at"))

    op.drop_table("asset")
    op.drop_table("version")
    with op.batch_alter_table("guardian_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guardian_link_story_id"))
        batch_op.drop_index(batch_op.f("ix_guardian_link_guardian_id_created_at"))

    op.drop_table("guardian_link")
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_storyteller_id"))
        batch_op.drop_index("ix_story_queue")
        batch_op.drop_index("ix_story_erase_after", postgresql_where=sa.text("erase_after IS NOT NULL"))

    op.drop_table("story")
