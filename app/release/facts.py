"""Collecting the facts about one story from the tables, for the policy to judge.

The statements behind it are constants: SQLAlchemy takes longer to build one than to ask it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from app.adapters import outside
from app.campaigns.models import Campaign, CampaignItem
from app.consent.queries import is_evidence_waiting, said_now
from app.consent.rules import Given, theirs
from app.extensions import db
from app.media.models import Asset
from app.media.rules import Alteration, Kind, State as AssetState
from app.people.profiles import strictest
from app.people.queries import Deciders, asked_anew, growing_up, who_decides
from app.people.rules import AgeBand
from app.release.terms import FOREVER, Facts, Key
from app.safeguarding.queries import is_held
from app.stories.models import Story, Version, Wording
from app.stories.queries import assets_of_version, valid_approvals, version_of
from app.stories.rules import Beside, puts_into_another_language
from app.stories.wordings import checked_beside


def facts_of(story: Story) -> Facts:
    """Everything the rule looks at for `story`."""
    version = version_of(story)
    return facts_with(story, version, assets_of_version(version.id), checked_beside(story.id, version.number))


def facts_with(story: Story, version: Version, assets: Sequence[Asset], checked: Sequence[Wording]) -> Facts:
    """The same where its current version, and the files and the checked words of that, were read already."""
    teller = story.storyteller
    child, by_guardian = said_now(story.id)
    deciders = who_decides(teller.id)
    keys = _keys(deciders, by_guardian)
    own_age, majority = growing_up(teller)
    beside = [(row.kind, row.locale) for row in checked]
    cooling_off = timedelta(minutes=outside().settings.cooling_off_minutes)
    return Facts(
        state=story.state,
        version=story.current,
        approvals=len(valid_approvals(story)),
        shown_from=story.approved_at + cooling_off if story.approved_at else None,
        under_ten=teller.age_band in (None, AgeBand.SIX_TO_NINE),
        joint=is_joint(teller.country, teller.age_band),
        has_sound=_has(assets, Kind.SOUND, Alteration.NONE),
        has_altered=_has(assets, Kind.SOUND, Alteration.VOICE),
        has_blurred=_has(assets, Kind.IMAGE, Alteration.FACE),
        has_other=_has_other(version, assets) or (Beside.TRANSCRIPT, story.locale) in beside,
        has_translation=any(puts_into_another_language(*each, story.locale) for each in beside),
        media_ready=not any(asset.state is AssetState.QUARANTINED for asset in assets),
        differs=version.differs,
        accepted=version.accepted_at is not None,
        refused=version.refused_at is not None,
        held=is_held(story.id),
        leaving=story.erase_after is not None,
        evidence_waiting=is_evidence_waiting(story.id),
        child=child,
        keys=keys,
        keyless=bool(by_guardian),
        unheard=deciders.unheard,
        own_age=own_age,
        majority=majority,
        asked_anew=asked_anew(teller),
        campaigns=_chosen_for(story.id),
    )


def _keys(deciders: Deciders, said: dict[str, dict[str, Given]]) -> tuple[Key, ...]:
    """The keys, with what was said by each, which is taken out of `said`: what is left there was said without one.

    A yes from before somebody declared themselves a parent, or was left out, was said by another key, or by none.
    """
    return tuple(
        Key(
            theirs(said.pop(act.guardian_id, {}), act.yes_since),
            act.closes_at,
            None if act.scopes is None else frozenset(act.scopes),
            act.alone,
            act.guardian_id in deciders.claimed,
        )
        for act in deciders.keys
    )


def usable(asset: Asset) -> bool:
    """Whether an asset came out of the decoder whole."""
    return asset.state is AssetState.READY


def _has_other(version: Version, assets: Iterable[Asset]) -> bool:
    return version.text_sealed is not None or _has(assets, Kind.IMAGE, Alteration.NONE)


def _has(assets: Iterable[Asset], kind: Kind, alteration: Alteration) -> bool:
    return any(usable(asset) and (asset.kind, asset.alteration) == (kind, alteration) for asset in assets)


def is_joint(country: str, band: AgeBand | None) -> bool:
    """Whether the law of a child's country, or of this deployment's, asks every holder of a key about everything."""
    below = strictest(country, outside().settings.country).joint.below
    return below > 0 and not _is_past(band, below)


def _is_past(band: AgeBand | None, age: int) -> bool:
    """Whether every child of this band has reached an age."""
    return band is not None and band.youngest >= age


_DATES = (
    select(Campaign.id, Campaign.opens_at, Campaign.closes_at, Campaign.announced_at)
    .join(CampaignItem, CampaignItem.campaign_id == Campaign.id)
    .where(CampaignItem.story_id == bindparam("story"))
)


def _chosen_for(story_id: str) -> dict[str, tuple[datetime, datetime | None]]:
    rows = db.session.execute(_DATES, {"story": story_id})
    return {row.id: span_of(row.opens_at, row.closes_at, row.announced_at) for row in rows}


def dates_of(campaign: Campaign) -> tuple[datetime, datetime | None]:
    """When a campaign is open. One that was not announced never begins."""
    return span_of(campaign.opens_at, campaign.closes_at, campaign.announced_at)


def span_of(opens: datetime, closes: datetime | None, announced: datetime | None) -> tuple[datetime, datetime | None]:
    """The same of its three dates."""
    return opens if announced else FOREVER, closes
