"""Claiming a story and deciding about it. Only whoever holds the claim decides."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from app import clock
from app.audit.actions import record
from app.audit.rules import Verb as Audit
from app.consent.rules import CAMPAIGN, OWN_VOICE, Attribute, Scope, Value
from app.errors import Conflict, Invalid, NotAllowed
from app.extensions import db, new_id
from app.moderation.models import Claim, Review, Takeover
from app.moderation.queries import declined_by
from app.moderation.rules import CLAIM_LASTS, MAX_THEMES, REASON_MAX, REASON_MIN, Decision, check_approval
from app.people.keys import seal
from app.people.models import Staff
from app.people.permissions import Permission, Role, may
from app.release.facts import facts_of
from app.release.terms import Facts
from app.stories import actions as stories
from app.stories.lifecycle import State, Verb, follow
from app.stories.models import Approval, Story
from app.stories.queries import valid_approvals
from app.stories.rules import Author, Theme, approvals_needed


def claim(staff: Staff, story: Story) -> None:
    """Take a story for review; taking it again lengthens the claim. Raises `Conflict("claimed")`.

    A claim outlives a correction: what comes back under it is taken anew by whoever holds it.
    """
    held = expire_claim(story)
    if held is not None and held.staff_id != staff.id:
        raise Conflict("claimed")
    is_lengthened = held is not None and story.state is State.IN_REVIEW
    if not is_lengthened:
        story.state = follow(story.state, Verb.CLAIM, staff.role)
    if held is None:
        db.session.add(Claim(story_id=story.id, staff_id=staff.id, expires_at=clock.now() + CLAIM_LASTS))
    else:
        held.expires_at = clock.now() + CLAIM_LASTS
    db.session.flush()
    record(staff.id, Audit.STORY_CLAIM_LENGTHENED if is_lengthened else Audit.STORY_CLAIMED, story.id)


def release_claim(staff: Staff, story: Story) -> None:
    """Put a story back into the queue."""
    db.session.delete(_own_claim(staff, story))
    story.state = follow(story.state, Verb.RELEASE_CLAIM, staff.role)
    db.session.flush()
    record(staff.id, Audit.STORY_CLAIM_RELEASED, story.id)


def let_go(staff: Staff, story: Story) -> None:
    """Put a story back that this member of staff may not open any more, if they hold it."""
    with suppress(Conflict):
        release_claim(staff, story)


def break_claim(staff: Staff, story: Story, reason: str) -> None:
    """Take over a story that somebody else claimed, saying why. The words die with the story: the audit has none."""
    held = _live_claim(story)
    if held is None or held.staff_id == staff.id:
        raise Conflict("not_claimed")
    if len(reason.strip()) < REASON_MIN:
        raise Invalid("reason_too_short", "reason")
    if story.state is not State.IN_REVIEW:
        story.state = follow(story.state, Verb.CLAIM, staff.role)
    taken = Takeover(id=new_id(), story_id=story.id, staff_id=staff.id, claimed_by=held.staff_id)
    taken.reason_sealed = seal(story.id, f"takeover:{taken.id}", reason.strip()[:REASON_MAX])
    db.session.add(taken)
    record(staff.id, Audit.STORY_CLAIM_BROKEN, story.id, claimed_by=held.staff_id)
    held.staff_id, held.claimed_at, held.expires_at = staff.id, clock.now(), clock.now() + CLAIM_LASTS


def expire_claim(story: Story) -> Claim | None:
    """The clock puts a story back whose claim ran out; the claim that still holds, if any."""
    left = _claim_on(story)
    if left is None or left.expires_at > clock.now():
        return left
    db.session.delete(left)
    if story.state is State.IN_REVIEW:
        story.state = follow(story.state, Verb.EXPIRE_CLAIM, Role.CLOCK)
    db.session.flush()
    record(Role.CLOCK.value, Audit.STORY_CLAIM_RELEASED, story.id)
    return None


def approve(staff: Staff, story: Story, marks: Mapping[str, str], themes: Sequence[str]) -> bool:
    """Approve the current version; True when it was the last approval needed.

    Otherwise the story goes back to the queue for somebody else.
    """
    held = _own_claim(staff, story)
    check_approval(marks)
    _check_themes(themes)
    facts, before = facts_of(story), valid_approvals(story)
    if not facts.media_ready:
        raise Conflict("media_not_ready")
    if any(approval.staff_id == staff.id for approval in before):
        raise NotAllowed("second_approver")
    last = len(before) + 1 >= _asked_by(facts)
    story.state = follow(story.state, Verb.APPROVE if last else Verb.RELEASE_CLAIM, staff.role)
    if last:
        story.approved_at = clock.now()
    story.themes = list(themes)
    db.session.add(Approval(story_id=story.id, version_number=story.current, staff_id=staff.id))
    _close(staff, story, held, Decision.APPROVE, marks)
    record(staff.id, Audit.STORY_APPROVED, story.id, version=story.current, last=last)
    return last


def ask_changes(staff: Staff, story: Story, marks: Mapping[str, str], message: str) -> None:
    """Ask the child to change something, in kind words."""
    held = _own_claim(staff, story)
    story.state = follow(story.state, Verb.ASK_CHANGES, staff.role)
    stories.say(story, Author.MODERATOR, message)
    _close(staff, story, held, Decision.ASK_CHANGES, marks)
    record(staff.id, Audit.STORY_CHANGES_ASKED, story.id, version=story.current)


def decline(staff: Staff, story: Story, marks: Mapping[str, str], message: str) -> None:
    """Decide that a story will not be shown; the child gets an answer in kind words, never only a refusal.

    Where the child did not agree, somebody else decides: raises `NotAllowed` for whoever declined it.
    """
    held = _own_claim(staff, story)
    if staff.id in declined_by([story.id]).get(story.id, ()):
        raise NotAllowed("second_decliner")
    story.state = follow(story.state, Verb.DECLINE, staff.role)
    stories.say(story, Author.MODERATOR, message)
    _close(staff, story, held, Decision.DECLINE, marks)
    record(staff.id, Audit.STORY_DECLINED, story.id, version=story.current)


def protect(staff: Staff, story: Story, *, title: str, text: str, left_out: Collection[str]) -> None:
    """Make the version that protects the child: other words, and without the files `left_out`. The review goes on with
    it, and it is shown nowhere before the child has accepted it. Raises `Invalid` when nothing would be left.
    """
    _own_claim(staff, story)
    stories.derive(staff, story, title=title, text=text, replaced=dict.fromkeys(left_out))


def write_to_child(staff: Staff, story: Story, message: str) -> None:
    """Say something to the child without deciding anything."""
    if not may(staff.role, Permission.STORY_REVIEW):
        raise NotAllowed
    stories.lock(story)
    if story.state in (State.DRAFT, State.ERASED):
        raise Conflict("not_in_this_state")
    stories.say(story, Author.MODERATOR, message)
    record(staff.id, Audit.MESSAGE_WRITTEN, story.id)


def reopen(staff: Staff, story: Story) -> None:
    """Take an approved story back into review: from the commit on it is shown nowhere."""
    stories.lock(story)
    story.state = follow(story.state, Verb.REOPEN, staff.role)
    stories.void_approvals(story)
    db.session.add(Claim(story_id=story.id, staff_id=staff.id, expires_at=clock.now() + CLAIM_LASTS))
    db.session.flush()
    record(staff.id, Audit.STORY_REOPENED, story.id)


def approvals_asked(story: Story) -> int:
    """How many approvals this version needs for everything the child said yes to, whatever the guardians say."""
    return _asked_by(facts_of(story))


def _asked_by(facts: Facts) -> int:
    opened = {scope for scope, given in facts.child.items() if given.value == Value.YES}
    voice = facts.child.get(Attribute.VOICE)
    return approvals_needed(
        under_ten=facts.under_ten,
        own_voice=facts.has_sound and voice is not None and voice.value == OWN_VOICE,
        press_or_campaign=Scope.PRESS in opened or any(scope.startswith(CAMPAIGN) for scope in opened),
    )


def _claim_on(story: Story) -> Claim | None:
    """The claim on a story, read behind the story's lock; it may have run out."""
    stories.lock(story)
    return db.session.get(Claim, story.id, populate_existing=True)


def _live_claim(story: Story) -> Claim | None:
    held = _claim_on(story)
    return held if held is not None and held.expires_at > clock.now() else None


def _own_claim(staff: Staff, story: Story) -> Claim:
    held = _live_claim(story)
    if held is None or held.staff_id != staff.id:
        raise Conflict("claim_lost")
    if story.state is not State.IN_REVIEW:  # it was erased in the meantime
        raise Conflict("not_in_this_state")
    return held


def _check_themes(themes: Sequence[str]) -> None:
    known = {theme.value for theme in Theme}
    if not 1 <= len(set(themes)) <= MAX_THEMES or not set(themes) <= known:
        raise Invalid("themes", "themes")


def _close(staff: Staff, story: Story, held: Claim, decision: Decision, marks: Mapping[str, str]) -> None:
    db.session.delete(held)
    db.session.add(
        Review(
            story_id=story.id,
            version_number=story.current,
            staff_id=staff.id,
            decision=decision,
            marks=dict(marks),
        )
    )
    db.session.flush()
