"""By what a guardian decides, how an answer was obtained, and who asked that a story be suspended."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Written as SQL, because both databases add a column in place with it, and SQLite would otherwise copy the table
# and lose its triggers.
COLUMNS = {
    "data_key": {"dies_with": "VARCHAR(22)"},
    "asset": {
        "alteration": "VARCHAR(32) DEFAULT 'none' NOT NULL "
        "CONSTRAINT ck_asset_alteration CHECK (alteration IN ('none', 'voice', 'face'))"
    },
    "storyteller": {"reference": "VARCHAR(9)", "own_age_from": "DATE", "majority_from": "DATE"},
    "version": {
        "refused_at": {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"},
        "derived_from": "INTEGER",
        "made_by": "VARCHAR(22) CONSTRAINT fk_version_made_by REFERENCES staff (id)",
    },
    "message": {
        "urgent": {"sqlite": "BOOLEAN DEFAULT 0 NOT NULL", "postgresql": "BOOLEAN DEFAULT false NOT NULL"},
    },
    "answer": {
        "confirmed": {"sqlite": "BOOLEAN DEFAULT 1 NOT NULL", "postgresql": "BOOLEAN DEFAULT true NOT NULL"},
        "evidence_id": "VARCHAR(22) CONSTRAINT fk_answer_evidence_id REFERENCES evidence (id)",
    },
}

LIVING = sa.text("ended_at IS NULL")


def words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    make_authority()
    make_evidence()
    make_notice()
    make_card_request()
    make_suspension()
    dialect = op.get_bind().dialect.name
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind if isinstance(kind, str) else kind[dialect]}")
    op.create_index("uq_storyteller_reference", "storyteller", ["reference"], unique=True)
    op.create_index("ix_data_key_dies_with", "data_key", ["dies_with"], unique=False)
    op.create_index("ix_answer_expires_at", "answer", ["expires_at"], unique=False)
    calls = sa.text("urgent")
    op.create_index("ix_message_urgent", "message", ["at"], unique=False, sqlite_where=calls, postgresql_where=calls)
    waits = sa.text("NOT confirmed")
    op.create_index(
        "ix_answer_unconfirmed", "answer", ["answered_at"], unique=False, sqlite_where=waits, postgresql_where=waits
    )
    # A parent declared their own authority. What a court decided must be accepted by somebody before it counts.
    op.execute(
        "INSERT INTO authority (id, guardian_id, basis, alone, accepted_at, created_at) "
        "SELECT id, id, 'parent', false, created_at, created_at FROM guardian "
        "WHERE holds_key AND relation IN ('mother', 'father')"
    )
    op.drop_column("guardian", "holds_key")
    op.drop_column("guardian", "key_until")


def make_authority() -> None:
    op.create_table(
        "authority",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("guardian_id", sa.String(length=22), nullable=False),
        sa.Column("basis", words("basis", "parent", "court_act", "institution", "young_person"), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=True),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        moment("closes_at", nullable=True),
        sa.Column("accepted_by", sa.String(length=22), nullable=True),
        moment("accepted_at", nullable=True),
        moment("ended_at", nullable=True),
        moment("created_at"),
        sa.CheckConstraint("basis <> 'young_person'", name=op.f("ck_authority_a_guardian_is_somebody_else")),
        sa.CheckConstraint("basis <> 'court_act' OR closes_at IS NOT NULL", name=op.f("ck_authority_a_court_act_ends")),
        sa.CheckConstraint(
            "basis = 'parent' OR (accepted_at IS NULL) = (accepted_by IS NULL)",
            name=op.f("ck_authority_an_act_is_accepted_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardian.id"], name=op.f("fk_authority_guardian_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["accepted_by"], ["staff.id"], name=op.f("fk_authority_accepted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority")),
    )
    op.create_index("ix_authority_guardian_id", "authority", ["guardian_id"], unique=False)
    for name, column, unique in (
        ("uq_authority_one_living", "guardian_id", True),
        ("ix_authority_dying", "closes_at", False),
    ):
        op.create_index(name, "authority", [column], unique=unique, sqlite_where=LIVING, postgresql_where=LIVING)


def make_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("guardian_id", sa.String(length=22), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("method", words("method", "self", "link", "paper", "voice", "live"), nullable=False),
        sa.Column("state", words("evidencestate", "waiting", "accepted", "ask_again"), nullable=False),
        sa.Column("text_id", sa.String(length=32), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("text_locale", sa.String(length=8), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("witness_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("taken_by", sa.String(length=22), nullable=True),
        moment("taken_at"),
        sa.Column("ruled_by", sa.String(length=22), nullable=True),
        moment("ruled_at", nullable=True),
        sa.CheckConstraint("method IN ('paper', 'voice', 'live')", name=op.f("ck_evidence_a_method_that_leaves_one")),
        sa.CheckConstraint("(state = 'waiting') = (ruled_at IS NULL)", name=op.f("ck_evidence_a_ruling_has_a_moment")),
        sa.CheckConstraint(
            "method = 'live' OR ruled_by IS NULL OR ruled_by <> taken_by",
            name=op.f("ck_evidence_ruled_by_a_second_person"),
        ),
        sa.CheckConstraint("(media_type IS NULL) = (sha256 IS NULL)", name=op.f("ck_evidence_a_file_is_hashed")),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], name=op.f("fk_evidence_guardian_id")),
        sa.ForeignKeyConstraint(["ruled_by"], ["staff.id"], name=op.f("fk_evidence_ruled_by")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_evidence_story_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_evidence_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_story_id", "evidence", ["story_id"], unique=False)
    op.create_index("ix_evidence_guardian_id", "evidence", ["guardian_id"], unique=False)
    op.create_index("ix_evidence_waiting", "evidence", ["state", "taken_at"], unique=False)


def make_notice() -> None:
    op.create_table(
        "guardian_notice",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("guardian_id", sa.String(length=22), nullable=False),
        sa.Column("kind", words("notice", "confirm", "runs_out", "new_version", "new_text", "own_age"), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        moment("at"),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardian.id"], name=op.f("fk_guardian_notice_guardian_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_guardian_notice_story_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_notice")),
        sa.UniqueConstraint(
            "guardian_id", "story_id", "kind", "about", name=op.f("uq_guardian_notice_guardian_id_story_id_kind_about")
        ),
    )
    op.create_index("ix_guardian_notice_story_id", "guardian_notice", ["story_id"], unique=False)


def make_card_request() -> None:
    op.create_table(
        "card_request",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("storyteller_id", sa.String(length=22), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        moment("created_at"),
        moment("expires_at"),
        sa.Column("approved_by", sa.String(length=22), nullable=True),
        moment("approved_at", nullable=True),
        moment("taken_at", nullable=True),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)", name=op.f("ck_card_request_approved_by_somebody")
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name=op.f("fk_card_request_approved_by")),
        sa.ForeignKeyConstraint(
            ["storyteller_id"], ["storyteller.id"], name=op.f("fk_card_request_storyteller_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_card_request")),
    )
    op.create_index("ix_card_request_storyteller_id", "card_request", ["storyteller_id"], unique=False)
    op.create_index("ix_card_request_code", "card_request", ["code"], unique=False)


def make_suspension() -> None:
    op.create_table(
        "suspension",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("story_id", sa.String(length=22), nullable=False),
        sa.Column("asked_by", words("asker", "child", "guardian", "carer"), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        moment("asked_at"),
        moment("due_at"),
        sa.Column("decided_by", sa.String(length=22), nullable=True),
        moment("decided_at", nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_suspension_decided_by_somebody")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_suspension_decided_by")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_suspension_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_index("ix_suspension_story_id", "suspension", ["story_id"], unique=False)
    op.create_index("ix_suspension_open", "suspension", ["decided_at", "due_at"], unique=False)


def downgrade() -> None:
    op.execute("ALTER TABLE guardian ADD COLUMN holds_key BOOLEAN DEFAULT false NOT NULL")
    moments = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
    op.execute(f"ALTER TABLE guardian ADD COLUMN key_until {moments[op.get_bind().dialect.name]}")
    op.drop_index("uq_storyteller_reference", "storyteller")
    op.drop_index("ix_data_key_dies_with", "data_key")
    op.drop_index("ix_answer_expires_at", "answer")
    op.drop_index("ix_answer_unconfirmed", "answer")
    op.drop_index("ix_message_urgent", "message")
    for table, columns in COLUMNS.items():
        for name in columns:
            op.drop_column(table, name)
    for table in ("suspension", "card_request", "guardian_notice", "evidence", "authority"):
        op.drop_table(table)
