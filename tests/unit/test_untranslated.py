"""Why a story may not be put into other languages: a no is one thing, and silence another."""

from dataclasses import replace

import pytest

from app.consent.rules import Given
from app.curation.worded import Untranslated, why_untranslated
from app.release.terms import Key
from tests.factories.facts import SHOWN, yes

CASES = [
    (yes(), yes(), None),
    (None, None, Untranslated.UNHEARD),
    (yes(), None, Untranslated.UNANSWERED),
    (None, yes(), Untranslated.UNANSWERED),
    (yes("no"), None, Untranslated.REFUSED),
    (None, yes("no"), Untranslated.REFUSED),
    (yes(), yes("unsure"), Untranslated.REFUSED),
    (yes(), yes(confirmed=False), Untranslated.ONCE_MORE),
    (yes(superseded=True), yes(), Untranslated.ONCE_MORE),
    (yes(), yes(version=1), Untranslated.ONCE_MORE),
]


@pytest.mark.parametrize(("child", "guardian", "why"), CASES)
def test_silence_is_not_told_as_a_no(child: Given | None, guardian: Given | None, why: Untranslated | None) -> None:
    def said(given: Given | None) -> dict[str, Given]:
        return {} if given is None else {"translate": given}

    assert why_untranslated(replace(SHOWN, child=said(child), keys=(Key(said(guardian)),))) == why


@pytest.mark.parametrize("keyless", [False, True])
def test_where_nobody_holds_a_key_somebody_has_not_answered(keyless: bool) -> None:
    facts = replace(SHOWN, child={"translate": yes()}, keys=(), keyless=keyless)
    assert why_untranslated(facts) == Untranslated.UNANSWERED
