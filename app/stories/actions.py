"""What happens to a story. Each verb checks, changes, records and notifies, in that order."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app import clock
from app.adapters import outside
from app.adapters.queue import afterwards, later
from app.adapters.revocations import Fate, Revocation
from app.audit.actions import record
from app.audit.rules import Verb as Audit
from app.errors import Conflict, Invalid, NotAllowed
from app.extensions import db, new_id
from app.media.models import Asset
from app.people.actions import add_storyteller, erase_storyteller
from app.people.keys import create_key, destroy_key, seal, seal_all
from app.people.models import Guardian, GuardianLink, Staff
from app.people.permissions import STAFF_ROLES, Permission, Role, may
from app.people.queries import decides_about_all, is_surely_of_age
from app.people.rules import Help, Helper, Locale
from app.stories import queries
from app.stories.lifecycle import State, Verb, follow
from app.stories.models import Approval, Erasure, Message, Story, Version, VersionAsset, Wording
from app.stories.rules import (
    ERASE_UNDO_DAYS,
    FILES_MAX,
    MESSAGE_MAX,
    TEXT_MAX,
    TITLE_MAX,
    Author,
    may_undo,
    version_digest,
)

AN_HOUR = timedelta(hours=1)
"""How exactly it is known when a child last worked at a draft: a row is not written for each word."""


def begin(client_id: str, locale: Locale) -> Story:
    """Begin a draft under the id the browser made; the same id again finds the same story."""
    if not 16 <= len(client_id) <= 64:
        raise Invalid("client_id")
    story = queries.by_client_id(client_id)
    if story is not None:
        return story
    try:
        with db.session.begin_nested():
            return _add_draft(client_id, locale)
    except IntegrityError:
        story = queries.by_client_id(client_id)  # the same request, sent twice at once
        if story is None:
            raise
        return story


def _add_draft(client_id: str, locale: Locale) -> Story:
    storyteller = add_storyteller(locale)
    story = Story(id=new_id(), storyteller_id=storyteller.id, client_id=client_id, locale=locale, current=1)
    db.session.add(story)
    create_key(story.id)
    db.session.add(Version(story_id=story.id, number=1))
    db.session.flush()
    return story


def lock(story: Story) -> None:
    """Put everybody who acts on a story in line, and see it as whoever came before left it.

    Each verb does this first: two at once never decide on the same past, and as a story is always locked before
    the end of the audit chain, they never wait for each other in a circle.
    """
    db.session.refresh(story, with_for_update={"key_share": True})


def working_version(story: Story) -> Version:
    """The version a child is still writing: the draft's own, or a copy of the last one when changes were asked.

    Whoever has it holds the story's lock, so that what is handed in meanwhile stays as it was handed in.
    """
    lock(story)
    if story.state not in (State.DRAFT, State.CHANGES_ASKED):
        raise Conflict("not_in_this_state")
    newest = queries.version_of(story)
    if story.state is State.DRAFT:
        if clock.now() - (story.worked_at or story.created_at) > AN_HOUR:
            story.worked_at = clock.now()
        return newest
    number = story.current + 1
    return queries.find_version(story.id, number) or copy_version(newest, number)


def copy_version(source: Version, number: int) -> Version:
    """A new version that says what `source` says, still to be written to."""
    words = queries.content(source)
    copy = Version(story_id=source.story_id, number=number, helper=source.helper, help=source.help)
    db.session.add(copy)
    db.session.flush()
    write(copy, words.title, words.text)
    for position, asset in enumerate(words.assets):
        db.session.add(VersionAsset(version_id=copy.id, asset_id=asset.id, position=position))
    db.session.flush()
    return copy


def write(version: Version, title: str, text: str) -> None:
    """Save a draft's words."""
    if len(title) > TITLE_MAX:
        raise Invalid("title_too_long", "title")
    if len(text) > TEXT_MAX:
        raise Invalid("text_too_long", "text")
    title, text = title.strip(), text.replace("\r\n", "\n").strip()
    fields = {f"title:{version.number}": title, f"text:{version.number}": text}
    version.title_sealed, version.text_sealed = seal_all(version.story_id, fields).values()


def attach(version: Version, asset: Asset) -> None:
    """Put a received file into a draft; again is the same as once."""
    present = queries.assets_of_version(version.id)
    if asset.id in {other.id for other in present}:
        return
    if len(present) >= FILES_MAX:
        raise Invalid("too_many_files", "file")
    db.session.add(VersionAsset(version_id=version.id, asset_id=asset.id, position=len(present)))
    db.session.flush()


def detach(version: Version, asset_id: str) -> None:
    """Take a file out of a draft."""
    row = db.session.get(VersionAsset, (version.id, asset_id))
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def tell_helper(version: Version, helper: Helper, how: Help) -> None:
    """Say who sat beside the child, and what they did."""
    version.helper, version.help = helper, how if helper is not Helper.NOBODY else Help.NONE


def submit(story: Story, role: Role) -> None:
    """Hand in a draft, or the changed version that was asked for."""
    version = working_version(story)
    verb = Verb.SUBMIT if story.state is State.DRAFT else Verb.RESUBMIT
    target = follow(story.state, verb, role)
    settle(version)
    story.state, story.current = target, version.number
    story.submitted_at = clock.now()
    db.session.flush()
    record(role.value, Audit.STORY_SUBMITTED if verb is Verb.SUBMIT else Audit.STORY_RESUBMITTED, story.id)


def settle(version: Version) -> None:
    """What a version says is final: its digest names exactly its words and files. Raises `Invalid` for an empty one."""
    words = queries.content(version)
    if words.is_empty:
        raise Invalid("nothing_told", "text")
    version.digest = version_digest(words.title, words.text, [asset.sha256 for asset in words.assets])


def object_to_decline(story: Story, body: str) -> None:
    """The child does not agree with a decline: the story is looked at again."""
    lock(story)
    story.state = follow(story.state, Verb.OBJECT, Role.CHILD)
    story.submitted_at = clock.now()
    say(story, Author.CHILD, body)
    record(Role.CHILD.value, Audit.STORY_OBJECTED, story.id)


def correct(story: Story) -> None:
    """The child wants to change what was handed in: nothing of it is shown until the new version was reviewed.

    Raises `Conflict` for a story that is being erased.
    """
    lock(story)
    if story.erase_after is not None:
        raise Conflict("not_in_this_state")
    story.state = follow(story.state, Verb.CORRECT, Role.CHILD)
    db.session.flush()
    record(Role.CHILD.value, Audit.STORY_CORRECTED, story.id, version=story.current)


def derive(staff: Staff, story: Story, *, title: str, text: str, replaced: Mapping[str, Asset | None]) -> Version:
    """Make the version that protects the child: changed words, and files put in place of others or left out (None).

    It has a digest of its own, and is shown nowhere before the child has accepted it; what everybody answered was about
    another one. So nothing is made where nothing is different. Raises `Invalid`, or `Conflict` unless the story is in
    review.
    """
    lock(story)
    if story.state is not State.IN_REVIEW:
        raise Conflict("not_in_this_state")
    source = queries.version_of(story)
    words = queries.content(source)
    if not replaced and (title.strip(), text.strip()) == (words.title.strip(), words.text.strip()):
        raise Invalid("nothing_changed", "text")
    version = Version(
        story_id=story.id,
        number=story.current + 1,
        helper=source.helper,
        help=source.help,
        differs=True,
        derived_from=source.number,
        made_by=staff.id,
    )
    db.session.add(version)
    db.session.flush()
    write(version, title, text)
    kept = [replaced.get(asset.id, asset) for asset in words.assets]
    for asset in kept:
        if asset is not None:
            attach(version, asset)
    settle(version)
    story.current = version.number
    db.session.flush()
    record(staff.id, Audit.VERSION_DERIVED, story.id, version=version.number, source=source.number)
    return version


def accept_final(story: Story) -> None:
    """The child saw the version that differs from theirs, and accepts it."""
    lock(story)
    version = queries.version_of(story)
    version.accepted_at, version.refused_at = clock.now(), None
    record(Role.CHILD.value, Audit.FINAL_ACCEPTED, story.id, version=version.number)


def refuse_final(story: Story) -> None:
    """The child does not want to be shown like that: this version never is."""
    lock(story)
    version = queries.version_of(story)
    if not version.differs:
        raise Conflict("not_in_this_state")
    version.accepted_at, version.refused_at = None, clock.now()
    record(Role.CHILD.value, Audit.FINAL_REFUSED, story.id, version=version.number)


def say(story: Story, author: Author, body: str, *, urgent: bool = False) -> None:
    """Add a message to the conversation about a story."""
    if not body.strip() or len(body) > MESSAGE_MAX:
        raise Invalid("message_length", "message")
    message = Message(id=new_id(), story_id=story.id, author=author, body_sealed=b"", urgent=urgent)
    message.body_sealed = seal(story.id, f"message:{message.id}", body.strip())
    db.session.add(message)
    db.session.flush()


def ask_for_help(story: Story, body: str) -> None:
    """The child needs somebody: the team reads it first. The story stays where it is, seen or unseen."""
    lock(story)
    say(story, Author.CHILD, body, urgent=True)
    record(Role.CHILD.value, Audit.HELP_ASKED, story.id)


def void_approvals(story: Story) -> None:
    """The approvals of a reopened story no longer count."""
    for approval in queries.valid_approvals(story):
        approval.void_at = clock.now()


def ask_erasure(story: Story, role: Role, *, now: bool, actor: str = "") -> None:
    """Stop showing a story at once and erase it: after the days in which it can be undone, or, for the child, now.

    Asked again nothing changes, and what somebody else asked stands: raises `Conflict` for that.
    """
    lock(story)
    follow(story.state, Verb.ERASE, role)
    actor = actor or role.value
    if now and role is not Role.CHILD:
        raise NotAllowed
    if story.erase_after is not None and not now:
        if (story.erase_asked_by or Role.CHILD.value) != actor:
            raise Conflict("not_in_this_state")
        return
    story.erase_after = clock.now() if now else clock.now() + timedelta(days=ERASE_UNDO_DAYS)
    story.erase_asked_by = actor
    record(actor, Audit.STORY_ERASE_ASKED, story.id, now=now)
    if now:
        erase(story, role)


def ask_erasure_as_guardian(story: Story, guardian: Guardian) -> None:
    """The same by a guardian. Raises `NotAllowed` for whoever does not decide about all of it at this moment."""
    lock(story)
    if guardian.storyteller_id != story.storyteller_id or not decides_about_all(guardian):
        raise NotAllowed
    ask_erasure(story, Role.GUARDIAN, now=False, actor=guardian.actor)


def can_undo_erasure(story: Story, role: Role, actor: str = "") -> bool:
    """Whether a story is on its way out, and this is somebody who may stop that."""
    if story.erase_after is None or story.state is State.ERASED:
        return False
    is_lead = role in STAFF_ROLES and may(role, Permission.STORY_ERASE)
    of_age = is_surely_of_age(story.storyteller)
    return may_undo(story.erase_asked_by, actor or role.value, is_lead=is_lead, of_age=of_age)


def undo_erasure(story: Story, role: Role = Role.CHILD, actor: str = "") -> None:
    """Whoever asked changed their mind in time. The story is shown again where what everybody says allows it."""
    lock(story)
    if not can_undo_erasure(story, role, actor):
        raise Conflict("not_in_this_state")
    story.erase_after = story.erase_asked_by = None
    record(actor or role.value, Audit.STORY_ERASE_UNDONE, story.id)


def drop_erasure(story: Story, actor: str) -> None:
    """Whoever asked to erase it does not decide about that any more: it stays."""
    lock(story)
    story.erase_after = story.erase_asked_by = None
    record(actor, Audit.STORY_ERASE_UNDONE, story.id)


def erase(story: Story, role: Role) -> None:
    """Destroy a story's key and rows; what backups still hold is noise. The ledger and the files follow the commit."""
    lock(story)
    story.state = follow(story.state, Verb.ERASE, role)
    story.erase_after = story.erase_after or clock.now()
    story.themes = []
    destroy_key(story.id)
    for table in (Version, Wording, Message, Approval, Asset, GuardianLink):
        gone = delete(table).where(table.story_id == story.id)
        db.session.execute(gone.execution_options(stories_are_touched=True))  # the story itself was changed above
    erasure = Erasure(story_id=story.id, at=clock.now())
    db.session.add(erasure)
    db.session.flush()
    afterwards(partial(outside().revocations.append, [Revocation(Fate.ERASED, erasure.story_id, erasure.at)]))
    record(role.value, Audit.STORY_ERASED, story.id)
    if not queries.of_storyteller(story.storyteller_id):
        erase_storyteller(story.storyteller)
    later("media.delete_files", story.id)
