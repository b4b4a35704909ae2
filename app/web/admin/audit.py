"""The audit log, read and checked. Reading it is in it too."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.adapters import outside
from app.adapters.checkpoints import standing
from app.adapters.queue import rollback
from app.audit import queries
from app.audit.actions import record
from app.audit.rules import Verb
from app.people.permissions import Permission
from app.people.queries import staff_names
from app.web.admin import bp
from app.web.guard import Audience, open_to
from app.web.login import me
from app.web.transaction import start_writing, writes, writes_late

_SUBJECT = re.compile(r"[A-Za-z0-9_:.-]{1,64}")
_SEQ = re.compile(r"[0-9]{1,15}")
LOG = "audit"
"""What an entry about reading the log is about, when the reader asked for no subject."""


@bp.get("/audit")
@open_to(Audience.STAFF, Permission.AUDIT_READ)
@writes
def audit() -> str:
    """One page of the log, newest first; `?subject=` narrows it to one id."""
    asked = request.args.get("subject", "").strip()
    before = request.args.get("before", "")
    subject = asked if _SUBJECT.fullmatch(asked) else None
    entries = queries.newest(int(before) if _SEQ.fullmatch(before) else None, subject)
    record(me().id, Verb.AUDIT_READ, subject or LOG)
    return render_template(
        "admin/audit.html",
        entries=entries,
        names=staff_names({entry.actor for entry in entries}),
        asked=asked,
        understood=subject is not None or not asked,
        older=entries[-1].seq if len(entries) == queries.PAGE else None,
    )


@bp.post("/audit/verify")
@open_to(Audience.STAFF, Permission.AUDIT_READ)
@writes_late
def verify() -> ResponseReturnValue:
    """Check the whole chain. It is read before this request begins to write, so that nobody waits for it."""
    pinned = standing(outside().checkpoints.read())
    rollback()  # what is read now is no older than the checkpoints
    broken = queries.verify(pinned)
    start_writing()
    record(me().id, Verb.AUDIT_VERIFIED, LOG, broken=broken or 0)
    if broken is None:
        flash(gettext("The chain holds: no entry was changed, moved, added or lost."), "good")
    else:
        flash(gettext("The chain is broken at entry %(seq)s. Tell whoever runs this server.", seq=broken), "wrong")
    return redirect(url_for("admin.audit"), 303)
