"""The sweeper asks the database what is unfinished or due, and sees to it; any time, twice, anywhere."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from app import clock
from app.adapters import outside
from app.adapters.queue import commit, rollback
from app.audit.actions import write_checkpoint
from app.cli.following import catch_up_a_little
from app.cli.patience import is_patient, look_at_clock
from app.consent.actions import end_guardians_erasure
from app.consent.naming import erased_by_doubted
from app.consent.notices import send_due as send_due_notices
from app.consent.sweeping import sweep_evidence
from app.curation.choosing import follow_rule, ruled_blocks
from app.extensions import db, writing
from app.impact.actions import forget_old_reach, forget_reach_of_erased
from app.mail.queries import waiting
from app.media.queries import due
from app.media.sweeping import sweep_orphans
from app.moderation.actions import expire_claim
from app.moderation.queries import expired_claims
from app.people.authority import end_act
from app.people.growing import note_what_has_come
from app.people.keys import forget_old_keys, rotate_keys
from app.people.models import Authority, Guardian
from app.people.permissions import Role
from app.people.queries import dead_acts, decides_about_all
from app.release.indexing import forget_words
from app.release.notices import follow_expiries
from app.release.publishing import sweep as sweep_public
from app.release.telling import waiting as waiting_notices
from app.release.withdrawals import write_down_revocations
from app.safeguarding.queries import held_for_guardians
from app.stories.actions import drop_erasure, erase
from app.stories.models import Story
from app.stories.queries import next_to_erase
from app.stories.rules import guardian_who_erases

log = structlog.get_logger()


def sweep() -> None:
    """Do every round; one that fails does not keep the others from running. `FOREVER` waits for a sure clock."""
    round_of(look_at_clock)
    patient = is_patient()
    rollback()
    for work in (
        requeue_media,
        requeue_letters,
        expire_claims,
        end_dead_acts,
        note_what_has_come,
        send_due_notices,
        erase_due,
        follow_expiries,
        follow_rules,
        requeue_notices,
        write_down_revocations,
        write_checkpoint,
        sweep_orphans,
        sweep_evidence,
        sweep_public,
        catch_up_a_little,
        forget_words,
        forget_old_reach,
        forget_reach_of_erased,
        rewrap_keys,
        forget_old_keys,
    ):
        if patient and work in FOREVER:
            continue
        try:
            round_of(work)
        except Exception as error:  # noqa: BLE001  the next minute tries again
            log.error("sweep.failed", round=work.__name__, error=type(error).__name__)


def round_of(work: Callable[[], object]) -> None:
    """One round of the sweeper in its own transaction."""
    token = writing.set(True)
    try:
        work()
        commit(outside().queue)
    except BaseException:
        rollback()
        raise
    finally:
        writing.reset(token)


def requeue_media() -> None:
    """Files whose renditions were not made."""
    for asset in due(clock.now()):
        outside().queue.send("media.make_renditions", asset.id)


def requeue_letters() -> None:
    """Letters that were not sent."""
    for letter_id in waiting(clock.now()):
        outside().queue.send("people.send_letter", letter_id)


def requeue_notices() -> None:
    """Sites that were not told that a story was taken back, or have not answered."""
    for notice_id in waiting_notices(clock.now()):
        outside().queue.send("release.tell_site", notice_id)


def expire_claims() -> None:
    """Stories whose reviewer went away; a commit for each, because whoever holds one story never waits for another."""
    for story_id in [claim.story_id for claim in expired_claims()]:
        expire_claim(db.session.get_one(Story, story_id))
        commit(outside().queue)


def follow_rules() -> None:
    """Blocks that are filled by a rule; a commit for each, so that stories are locked before the audit log's end."""
    for campaign_id, block_id in ruled_blocks():
        follow_rule(campaign_id, block_id)
        commit(outside().queue)


def end_dead_acts() -> None:
    """Acts that ran out, so that what their holders said binds nobody any more; a commit for each."""
    for act_id in dead_acts():
        end_act(Role.CLOCK.value, db.session.get_one(Authority, act_id))
        commit(outside().queue)


def erase_due() -> None:
    """Stories whose time to undo is over, and drafts nobody came back to; a commit for each.

    What a guardian asked for waits while a case is open, or a lead has to say whether they decide; it is dropped when
    they do not any more.
    """
    drafts_before = clock.now() - timedelta(days=outside().settings.draft_days)
    waiting = held_for_guardians() | erased_by_doubted()
    while (story := next_to_erase(clock.now(), drafts_before, waiting)) is not None:
        if is_still_asked(story):
            erase(story, Role.CLOCK)
        else:
            end_guardians_erasure(story)
            drop_erasure(story, Role.CLOCK.value)
        commit(outside().queue)


def is_still_asked(story: Story) -> bool:
    """Whether whoever asked to erase a story may still ask it."""
    guardian_id = guardian_who_erases(story.erase_asked_by)
    guardian = db.session.get(Guardian, guardian_id) if guardian_id else None
    return not guardian_id or (guardian is not None and decides_about_all(guardian))


FOREVER = {
    end_dead_acts,
    note_what_has_come,
    send_due_notices,
    erase_due,
    sweep_orphans,
    sweep_evidence,
    forget_old_reach,
    forget_old_keys,
}
"""What cannot be undone; a letter cannot either. Nothing shown depends on it: what is over is dark by itself."""


def rewrap_keys() -> None:
    """Data keys that were wrapped while the keyring was being rotated.

    The keys that nothing needs any more are forgotten in a round of its own: while this one is not committed, the
    data keys may still turn out to be wrapped by them.
    """
    rotate_keys()
