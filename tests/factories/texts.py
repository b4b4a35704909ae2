"""The texts that guardians and children are asked with."""

from app.consent.texts import ConsentText, load, versions


def newest(text_id: str, locale: str) -> ConsentText:
    """What a deployment asks that was set up today; needs no database."""
    return load(text_id, versions(text_id)[-1], locale)
