"""Finding stories and reading what they say."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.adapters.revocations import Fate, Revocation
from app.extensions import db
from app.media.models import Asset
from app.media.rules import Kind
from app.people.keys import unseal, unseal_all
from app.stories.lifecycle import State
from app.stories.models import Approval, Erasure, Message, Story, Version, VersionAsset
from app.stories.rules import Author, Change, Medium


@dataclass(frozen=True)
class Content:
    """What a version says, unsealed."""

    number: int
    title: str
    text: str
    helper: str
    help: str
    assets: tuple[Asset, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to hand in yet."""
        return not self.text.strip() and not self.assets


def by_id(story_id: str, *, lock: bool = False) -> Story | None:
    """A story by its id; with `lock` as whoever came before left it, in line as `actions.lock` puts everybody."""
    how = {"key_share": True} if lock else None
    return db.session.get(Story, story_id, with_for_update=how, populate_existing=lock)


def by_client_id(client_id: str) -> Story | None:
    """The story a browser began under this id."""
    return db.session.scalar(select(Story).where(Story.client_id == client_id))


def of_storyteller(storyteller_id: str) -> Sequence[Story]:
    """A storyteller's stories, newest first, the erased ones left out."""
    statement = (
        select(Story)
        .where(Story.storyteller_id == storyteller_id, Story.state != State.ERASED)
        .order_by(Story.created_at.desc())
    )
    return db.session.scalars(statement).all()


_VERSION = select(Version).where(Version.story_id == bindparam("story"), Version.number == bindparam("number"))


def find_version(story_id: str, number: int) -> Version | None:
    """A story's version by number, if there is one."""
    return db.session.scalar(_VERSION, {"story": story_id, "number": number})


def waits_for_child(story: Story) -> bool:
    """Whether somebody changed the story and the child has not accepted that: they look at it before anybody else."""
    version = version_of(story)
    return version.differs and version.accepted_at is None


def version_of(story: Story, number: int | None = None) -> Version:
    """A story's version by number; the current one when none is given."""
    return db.session.scalars(_VERSION, {"story": story.id, "number": number or story.current}).one()


def versions_of(story: Story) -> Sequence[Version]:
    """Every version that was handed in, newest first; what a child is still changing stays theirs."""
    statement = (
        select(Version)
        .where(Version.story_id == story.id, Version.number <= story.current)
        .order_by(Version.number.desc())
    )
    return db.session.scalars(statement).all()


def media_of(story_ids: Sequence[str]) -> dict[str, set[Medium]]:
    """What the current versions of several stories are made of, in two queries."""
    current = select(Story.id, Version.id.label("version_id"), Version.text_sealed.is_not(None).label("has_text")).join(
        Version, (Version.story_id == Story.id) & (Version.number == Story.current)
    )
    versions = db.session.execute(current.where(Story.id.in_(story_ids))).all()
    story_of = {row.version_id: row.id for row in versions}
    found: dict[str, set[Medium]] = {row.id: {Medium.TEXT} if row.has_text else set() for row in versions}
    files = (
        select(VersionAsset.version_id, Asset.kind)
        .join(Asset, Asset.id == VersionAsset.asset_id)
        .where(VersionAsset.version_id.in_(story_of))
    )
    for row in db.session.execute(files):
        found[story_of[row.version_id]].add(Medium.DRAWING if row.kind is Kind.IMAGE else Medium.SOUND)
    return found


_ASSETS = (
    select(Asset)
    .join(VersionAsset, VersionAsset.asset_id == Asset.id)
    .where(VersionAsset.version_id == bindparam("version"))
    .order_by(VersionAsset.position, Asset.created_at, Asset.id)
)


def assets_of_version(version_id: str) -> tuple[Asset, ...]:
    """The files of a version, in order."""
    return tuple(db.session.scalars(_ASSETS, {"version": version_id}))


def content(version: Version) -> Content:
    """Unseal what a version says. Raises `Gone` when its story was erased."""
    return content_with(version, assets_of_version(version.id))


def content_with(version: Version, assets: tuple[Asset, ...]) -> Content:
    """The same where the files of the version were read already."""
    title, text = f"title:{version.number}", f"text:{version.number}"
    words = unseal_all(version.story_id, {title: version.title_sealed, text: version.text_sealed})
    return Content(
        number=version.number,
        title=words[title],
        text=words[text],
        helper=version.helper or "",
        help=version.help or "",
        assets=assets,
    )


_APPROVALS = (
    select(Approval)
    .where(
        Approval.story_id == bindparam("story"),
        Approval.version_number == bindparam("version"),
        Approval.void_at.is_(None),
    )
    .order_by(Approval.at)
)


def valid_approvals(story: Story) -> Sequence[Approval]:
    """The approvals of the current version that were not voided, oldest first."""
    return db.session.scalars(_APPROVALS, {"story": story.id, "version": story.current}).all()


@dataclass(frozen=True)
class Words:
    """One message, unsealed."""

    author: str
    body: str
    at: datetime
    urgent: bool


def messages(story: Story) -> list[Words]:
    """The conversation about a story, oldest first."""
    statement = select(Message).where(Message.story_id == story.id).order_by(Message.at, Message.id)
    return [
        Words(row.author, unseal(story.id, f"message:{row.id}", row.body_sealed), row.at, row.urgent)
        for row in db.session.scalars(statement)
    ]


def calls_for_help(*, leaving: bool = False) -> dict[str, datetime]:
    """The stories whose child asked for help and was not written back to, with the moment; the longest waiting first.

    Those that the child is erasing only with `leaving`.
    """
    answer = aliased(Message)
    answered = exists().where(
        answer.story_id == Message.story_id, answer.author == Author.MODERATOR, answer.at > Message.at
    )
    since = func.min(Message.at)
    statement = (
        select(Message.story_id, since.label("since"))
        .join(Story, Story.id == Message.story_id)
        .where(Message.urgent, ~answered)
        .group_by(Message.story_id)
        .order_by(since, Message.story_id)
    )
    if not leaving:
        statement = statement.where(Story.erase_after.is_(None))
    return {row.story_id: row.since for row in db.session.execute(statement)}


def leaving_among(story_ids: Iterable[str]) -> set[str]:
    """Which of these stories somebody asked to erase, and can still stop."""
    leaving = (Story.erase_after.is_not(None), Story.state != State.ERASED)
    return set(db.session.scalars(select(Story.id).where(Story.id.in_(list(story_ids)), *leaving)))


def next_to_erase(now: datetime, drafts_before: datetime, waiting: Collection[str] = ()) -> Story | None:
    """A story whose time to undo is over, or a draft nobody came back to; locked, so that no undo comes between.

    Not one of those that are `waiting`.
    """
    asked = and_(Story.erase_after <= now, Story.state != State.ERASED, Story.id.not_in(waiting))
    left = and_(Story.state == State.DRAFT, func.coalesce(Story.worked_at, Story.created_at) < drafts_before)
    statement = select(Story).where(or_(asked, left)).order_by(Story.id).limit(1)
    return db.session.scalar(
        statement.with_for_update(key_share=True, skip_locked=True).execution_options(populate_existing=True)
    )


def changes(before: Content, after: Content) -> list[Change]:
    """What tells one version from another, in the order in which a page shows it."""
    found = [Change.TITLE] * (before.title != after.title) + [Change.WORDS] * (before.text != after.text)
    for kind, out, changed in (
        (Kind.IMAGE, Change.PICTURE_OUT, Change.PICTURE_CHANGED),
        (Kind.SOUND, Change.SOUND_OUT, Change.SOUND_CHANGED),
    ):
        old, new = ({asset.id for asset in words.assets if asset.kind is kind} for words in (before, after))
        found += [out] * (len(new) < len(old)) + [changed] * bool(new - old)
    return found


def handed_in(story: Story) -> Version:
    """The newest version that the child made: what a version of somebody else was made from."""
    version = version_of(story)
    while version.derived_from is not None:
        version = version_of(story, version.derived_from)
    return version


def erasures() -> list[Revocation]:
    """Every erasure the database knows, oldest first."""
    statement = select(Erasure.story_id, Erasure.at).order_by(Erasure.at, Erasure.story_id)
    return [Revocation(Fate.ERASED, *row) for row in db.session.execute(statement)]
