"""Finding assets and renditions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from app.extensions import db
from app.media.models import Asset, Rendition
from app.media.rules import Purpose, State


def assets_of(story_id: str) -> Sequence[Asset]:
    """Every asset of a story, in the order they were handed in."""
    return db.session.scalars(
        select(Asset).where(Asset.story_id == story_id).order_by(Asset.created_at, Asset.id)
    ).all()


def renditions_of(asset_id: str) -> list[Rendition]:
    """Every rendition of an asset, always in the same order."""
    return renditions_of_all([asset_id])[asset_id]


_RENDITIONS = select(Rendition).where(Rendition.asset_id.in_(bindparam("assets", expanding=True)))


def renditions_of_all(asset_ids: Sequence[str]) -> dict[str, list[Rendition]]:
    """Every rendition of several assets, by asset and in the order of their purposes: a browser takes the first
    sound that it can play."""
    found: dict[str, list[Rendition]] = {asset_id: [] for asset_id in asset_ids}
    for rendition in sorted(db.session.scalars(_RENDITIONS, {"assets": asset_ids}), key=_place):
        found[rendition.asset_id].append(rendition)
    return found


_PLACES = {purpose: place for place, purpose in enumerate(Purpose)}


def _place(rendition: Rendition) -> int:
    return _PLACES[rendition.purpose]


def due(now: datetime, limit: int = 200) -> Sequence[Asset]:
    """Assets that still have to be decoded and whose time has come, the longest waiting first."""
    statement = (
        select(Asset)
        .where(Asset.state == State.QUARANTINED, Asset.next_attempt_at <= now)
        .order_by(Asset.next_attempt_at)
        .limit(limit)
    )
    return db.session.scalars(statement).all()


def vault_names() -> set[str]:
    """The name of every file in the vault that a row stands for."""
    originals = select(Asset.story_id, Asset.id, Asset.original)
    made = select(Asset.story_id, Asset.id, Rendition.name).join(Rendition, Rendition.asset_id == Asset.id)
    return {"/".join(row) for row in db.session.execute(originals.union_all(made))}


def vault_bytes() -> int:
    """What all assets and their renditions take in the vault."""
    return int(db.session.scalar(select(func.coalesce(func.sum(Asset.vault_bytes), 0))) or 0)
