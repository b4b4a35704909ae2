"""How Alembic reaches the database: the engine of the running app, batch mode for SQLite."""

from alembic import context

import app.audit.models
import app.campaigns.models
import app.consent.models
import app.mail.models
import app.media.models
import app.moderation.models
import app.people.models
import app.release.models
import app.safeguarding.models
import app.stories.models  # noqa: F401
from app.cli.database import include_object
from app.extensions import Base, UtcDateTime, writing


def render_item(kind, value, _context):
    """Write our column types into migrations as what the database sees."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrate in one transaction: the caller's, where it gave us its connection."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        migrate(connection)
        return
    writing.set(True)
    with context.config.attributes["engine"].connect() as connection:
        migrate(connection)


def migrate(connection) -> None:
    """Run the migrations over this connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        include_object=include_object,
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
