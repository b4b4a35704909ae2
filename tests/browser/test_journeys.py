"""Five families, each as far as they have to go: what every person does at a browser, and what they read there.

They share one product, whose clock each of them moves on. At the end of each journey pictures of its last pages lie
in the test's folder.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app import clock
from app.people.permissions import Role
from app.people.rules import AgeBand, Locale
from tests.browser import actors
from tests.browser.families import letter_to, place, says, told
from tests.factories.people import make_organisation, make_staff
from tests.services.chromium import Visitor
from tests.services.live import Moving

pytestmark = [pytest.mark.timeout(120), pytest.mark.xdist_group("journeys")]

PHONE = {"width": 360, "height": 740}
A_DAY_LATER = {"days": 1, "minutes": 1}
CONFIRM = "Please confirm your yes"
HEAR = """sound => Promise.all([
    new Promise(heard => { sound.ontimeupdate = () => sound.currentTime > 0 && heard(null) }), sound.play(),
])"""


@pytest.fixture
def phone(new_visitor: Callable[..., Visitor]) -> Callable[..., Page]:
    """Another person's telephone."""

    def pick_up(**options: object) -> Page:
        return new_visitor(viewport=PHONE, **options).page()

    return pick_up


def keep(folder: Path, **pages: Page) -> None:
    """Pictures of these people's pages as they are now, in both looks; each fits the telephone."""
    for name, page in pages.items():
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name}: wider than the phone"
        for look in ("dark", "light"):
            page.emulate_media(color_scheme=look)
            page.screenshot(path=folder / f"{name}-{look}.png", full_page=True, animations="disabled")


def at_work(moving: Moving, page: Page, email: str, address: str) -> Page:
    """Somebody from the team logs in and goes to a page."""
    with clock.fixed(moving.now):
        actors.log_in(page, moving.url, email)
    page.goto(f"{moving.url}/staff/consent{address}")
    return page


def test_a_mother_in_italy_says_yes_by_letter_and_says_it_again(
    moving: Moving, phone: Callable[..., Page], tmp_path: Path
) -> None:
    family, address = told(moving, locale=Locale.RO), "mamma@example.org"
    family.name_guardian(address, Locale.IT)
    words, link = letter_to(moving, address, "Un bambino o una bambina Le chiede di leggere una storia")
    assert "Nessuno può vederla finché Lei non risponde." in words
    mother = phone(locale="it-IT")
    mother.goto(link)
    says(mother, "Questa storia si può mostrare?", "Rifiutare non ha conseguenze", "Non è ancora tradotta.")
    actors.answer(mother, {"gallery": "yes", "press": "no", "shown_name": "yes", "age": "no"})
    mother.get_by_label("Il Suo nome").fill("Elena")
    actors.pick(mother, "relation", "mother")
    actors.pick(mother, "alone", "alone")
    actors.press(mother, "Salva le mie risposte")
    says(mother, "Che cosa ha risposto", "Un altro passo: lo dica ancora una volta.")
    assert place(mother, "La nostra galleria").endswith("Lo dica ancora una volta con il nuovo link. Non si vede")
    assert not family.is_shown(mother)
    moving.go_on(**A_DAY_LATER)
    words, link = letter_to(moving, address, "Confermi il Suo sì")
    assert "Se Lei non fa nulla, la storia non viene mostrata." in words
    mother.goto(link)
    says(mother, "È ancora questo che vuole?")
    actors.press(mother, "Sì, è questo che voglio")
    says(mother, "Grazie. Abbiamo scritto che Lei l’ha detto di nuovo.")
    assert "Si può vedere" in place(mother, "La nostra galleria")
    anybody = phone(locale="it-IT")
    anybody.goto(family.address)
    says(anybody, "Firefly", "La vedi perché hanno detto di sì chi racconta e un genitore o tutore.")
    keep(tmp_path, mother=mother, anybody=anybody)


def test_the_key_of_a_carer_whom_a_court_appointed_ends_with_the_act(
    moving: Moving, phone: Callable[..., Page], tmp_path: Path
) -> None:
    family, address = told(moving), "carer@example.org"
    link, carer, child = family.name_guardian(address), phone(), phone()
    with moving.hands():
        make_staff(Role.SAFEGUARDING_LEAD, email="lead@example.org")
    carer.goto(link)
    actors.answer(carer, {"gallery": "yes"})
    carer.get_by_label("Your name").fill("An aunt")
    actors.pick(carer, "relation", "court_carer")
    carer.get_by_label("Who decided that you are responsible").fill("District court, decision 12 (made up).")
    carer.get_by_label("Until which day").fill((moving.now + timedelta(days=30)).date().isoformat())
    actors.press(carer, "Save my answers")
    says(carer, "A second person looks at the decision first.", "One more step: you say it once more.")
    lead = at_work(moving, phone(), "lead@example.org", "/acts")
    lead.get_by_role("link", name="Look at act 1").click()
    says(lead, "District court, decision 12 (made up).", "Identity papers are never asked for.")
    actors.press(lead, "Accept: they hold a key")
    moving.go_on(**A_DAY_LATER)
    _words, link = letter_to(moving, address, CONFIRM)
    actors.confirm_as_guardian(carer, link)
    assert family.is_shown(carer)
    moving.go_on(days=31)
    assert not family.is_shown(carer)
    carer.reload()
    says(carer, "We know of no decision that holds now.", "The one you told us about ran out on")
    says(carer, "Whoever answered may not decide for the child at the moment.")
    actors.open_with_card(child, moving.url, family.card)
    says(child, "Nobody can see it now.", "Your carer has answered, but may not decide for you at the moment.")
    anybody = phone()
    anybody.goto(family.address)
    says(anybody, "This story has been taken back", "That is how it should be.")
    keep(tmp_path, carer=carer, child=child, anybody=anybody)


def test_a_grandmother_speaks_a_neighbour_is_her_witness_and_a_second_person_listens(
    moving: Moving, phone: Callable[..., Page], tmp_path: Path
) -> None:
    family = told(moving)
    link, child, grandmother = family.name_guardian(), phone(), phone()
    family.has_act(days=300)
    with moving.hands():
        organisation = make_organisation()
        for email in ("helper@example.org", "second@example.org"):
            make_staff(Role.FACILITATOR, email=email, organisation=organisation)
    helper = at_work(moving, phone(), "helper@example.org", f"?reference={family.reference}")
    helper.get_by_role("link", name="Record their voice").click()
    says(helper, "Somebody who does not decide is with you from beginning to end: the witness.", "Read this aloud")
    helper.get_by_label("The name of the witness").fill("A neighbour")
    actors.speak(helper, "Record their voice")
    actors.press(helper, "Hand in the recording")
    says(helper, "The recording is safe with us. Somebody else listens to it now.", "Waits for a second person")
    helper.goto(f"{moving.url}/staff/consent/rulings")
    says(helper, "You took it: somebody else must look")
    actors.open_with_card(child, moving.url, family.card)
    says(child, "Somebody from our team must first read or hear what your parent or carer said.")
    second = at_work(moving, phone(), "second@example.org", "/rulings")
    second.get_by_role("link", name=f"Look at {family.reference}").click()
    says(second, "A neighbour")
    second.locator("audio.evidence__sound").evaluate(HEAR)
    actors.answer(second, {"gallery": "yes", "press": "no"})
    second.get_by_label("The guardian's name").fill("A grandmother")
    actors.pick(second, "relation", "court_carer")
    second.get_by_label("I heard the witness say their name").check()
    assert not family.is_shown(second)
    actors.press(second, "Accept these answers")
    says(second, "The answers are kept.")
    assert family.is_shown(second)
    grandmother.goto(f"{link}/receipt")
    says(grandmother, "May it be shown in our public gallery?")
    assert "Can be seen" in place(grandmother, "Our gallery")
    assert "You said no; then it is not shown, and that is fine." in place(grandmother, "Newspapers and television")
    child.reload()
    assert "Can be seen" in place(child, "Our gallery")
    keep(tmp_path, helper=helper, second=second, grandmother=grandmother, child=child)


def test_two_parents_do_not_agree_and_later_they_do(moving: Moving, phone: Callable[..., Page], tmp_path: Path) -> None:
    family, address = told(moving), "father@example.org"
    hers = family.hears_yes_from_mother("mother@example.org", alone=False)
    his = family.name_guardian(address)
    father, mother, child = phone(), phone(), phone()
    assert family.is_shown(father)
    father.goto(his)
    actors.answer(father, {"gallery": "no"})
    father.get_by_label("Your name").fill("A father")
    actors.pick(father, "relation", "father")
    actors.pick(father, "alone", "together")
    actors.press(father, "Save my answers")
    assert "You said no; then it is not shown, and that is fine. Not shown" in place(father, "Our gallery")
    assert not family.is_shown(father)
    mother.goto(f"{hers}/receipt")
    assert "Not everybody who decides said yes; then it is not shown, and that is fine." in place(mother, "Our gallery")
    expect(mother.get_by_text("father")).to_have_count(0)
    actors.open_with_card(child, moving.url, family.card)
    says(child, "Your parent or carer said no", "Both of you may. Nobody did anything wrong.")
    keep(tmp_path, father=father, mother=mother, child=child)
    father.get_by_role("link", name="Look at the story and change my answers").click()
    actors.answer(father, {"gallery": "yes"})
    actors.press(father, "Save my answers")
    says(father, "One more step: you say it once more.")
    assert "Please say it once more by the fresh link. Not shown" in place(father, "Our gallery")
    assert not family.is_shown(father)
    moving.go_on(**A_DAY_LATER)
    _words, link = letter_to(moving, address, CONFIRM)
    actors.confirm_as_guardian(father, link)
    assert family.is_shown(father)
    father.reload()
    mother.reload()
    actors.open_with_card(child, moving.url, family.card)
    for page in (father, mother, child):
        assert "Can be seen" in place(page, "Our gallery")


def test_a_young_person_comes_of_the_age_at_which_they_decide_alone(
    moving: Moving, phone: Callable[..., Page], tmp_path: Path
) -> None:
    family, address = told(moving, age_band=AgeBand.THIRTEEN_TO_FIFTEEN), "mum@example.org"
    link = family.hears_yes_from_mother(address, alone=True)
    mother, child = phone(), phone()
    mother.goto(f"{link}/receipt")
    mother.locator("summary", has_text="When does the child turn 18?").click()
    soon = moving.now.date().replace(day=1) + timedelta(days=40)
    mother.get_by_label("The month of the 18th birthday").fill(f"{soon.year + 2}-{soon.month:02}")
    actors.press(mother, "Tell the month")
    says(mother, "It counts when you tell it once more, by the fresh link that we send you.")
    moving.go_on(days=2)
    _words, link = letter_to(moving, address, "Please confirm your yes")
    mother.goto(link)
    says(mother, f"Does the child turn 18 in {soon:%B} {soon.year + 2}?")
    actors.press(mother, "Yes, that is right")
    says(mother, "Thank you. We ask the child in time.")
    moving.go_on(days=75)
    words, link = letter_to(moving, address, "Your child is old enough to decide")
    assert "the age at which the law lets young people decide about their story themselves" in words
    actors.open_with_card(child, moving.url, family.card)
    says(child, "You are old enough to decide yourself now. Please answer again.")
    child.get_by_role("link", name="Answer again").click()
    says(child, "You decide alone where it is shown.")
    actors.answer(child, {"gallery": "yes"})
    actors.press(child, "Keep my answers")
    expect(child.get_by_text("Please answer again.")).to_have_count(0)
    mother.goto(link)
    actors.press(mother, "Take everything back")
    says(mother, "You have taken everything back. It can still be seen where your yes is not needed.")
    expect(mother.get_by_role("button", name="Take everything back")).to_have_count(0)
    assert "The child is old enough to decide about this alone. Can be seen" in place(mother, "Our gallery")
    assert family.is_shown(mother)
    child.reload()
    says(child, "You decide alone where it is shown.")
    assert "Can be seen" in place(child, "Our gallery")
    keep(tmp_path, mother=mother, child=child)
    actors.press(child, "Hide my story")
    assert not family.is_shown(mother)
    mother.reload()
    assert "The child said no about this place" in place(mother, "Our gallery")
