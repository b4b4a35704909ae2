"""Seeding the demo: every made-up story walks the real way, by the real actions, to where it should stand.

Each act happens at the moment it would have happened: the clock is set back by the story's age.
"""

import io
import secrets
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import clock
from app.adapters import outside
from app.campaigns.models import Campaign
from app.cli.demo_material.beside import RECORDINGS
from app.cli.demo_material.drawings import paint
from app.cli.demo_material.story import Answers, MadeUpStory, Situation, stories
from app.cli.log_ins import LogIn
from app.cli.seed_campaign import add_campaign, build_campaign
from app.cli.seed_reach import add_reach
from app.cli.seed_words import add_words
from app.cli.writing import transaction
from app.consent import actions as consent
from app.consent.evidence import take
from app.consent.rules import OWN_VOICE, Attribute, Method, Party, Scope, campaign_scope
from app.consent.texts import current
from app.extensions import db
from app.media import vault
from app.media.actions import claim as claim_asset, finish, receive
from app.media.rules import Kind
from app.moderation import actions as moderation
from app.moderation.rules import Line, Mark
from app.people.actions import add_guardian, add_staff, declare_guardian, forget_card, issue_card
from app.people.keys import seal
from app.people.models import Guardian, Organisation, Staff
from app.people.permissions import Role
from app.safeguarding.actions import open_case
from app.safeguarding.rules import Level
from app.stories import actions as telling
from app.stories.models import Story, Version
from app.stories.queries import version_of
from app.stories.rules import Author

FINE = {line.value: Mark.FINE.value for line in Line}
SCOPES = {"research": Scope.RESEARCH_MICRODATA.value, "counts": Scope.RESEARCH_COUNTS.value}
SHOWN_OF_A_CHILD = {Attribute.NAME.value: "invented", Attribute.AGE.value: "band", Attribute.PLACE.value: "region"}
VOICE = RECORDINGS / "en_pancakes.ogg"
"""What stands for a guardian's voice: nobody's, like every recording of the demo."""
TEAM = {
    "moderator": Role.MODERATOR,
    "second-moderator": Role.MODERATOR,
    "lead": Role.SAFEGUARDING_LEAD,
    "facilitator": Role.FACILITATOR,
    "curator": Role.CURATOR,
    "second-curator": Role.CURATOR,
    "second-facilitator": Role.FACILITATOR,
    "administrator": Role.ADMINISTRATOR,
}
"""The demo's log-ins: the part of the address before the @, and the role."""


@dataclass(frozen=True)
class Cast:
    """Who acts in the demo beside the children."""

    first: Staff
    second: Staff
    helper: Staff
    campaign: Campaign


def seed() -> list[LogIn]:
    """Fill an empty database; the log-ins of its staff."""
    material = stories()
    with ProcessPoolExecutor() as painters:
        painted = list(painters.map(MadeUpStory.paintings, material))
    paintings = {made_up.key: pages for made_up, pages in zip(material, painted, strict=True)}
    with transaction():
        members, log_ins = add_team()
        campaign = add_campaign()
    ids = {}
    for made_up in sorted(material, key=lambda story: story.age, reverse=True):
        with transaction():
            cast = Cast(members["moderator"], members["second-moderator"], members["facilitator"], campaign)
            ids[made_up.key] = walk(made_up, paintings[made_up.key], cast)
        with transaction():
            add_words(db.session.get_one(Story, ids[made_up.key]), made_up, members)
            afterwards(db.session.get_one(Story, ids[made_up.key]), made_up, cast)
    with transaction():
        build_campaign(db.session.get_one(Campaign, campaign.id), ids)
        add_reach(db.session.get_one(Campaign, campaign.id))
    return log_ins


def add_team() -> tuple[dict[str, Staff], list[LogIn]]:
    """One member of staff for each role of the demo, with random passwords."""
    team = Organisation(name="Eyes on Me demo team", country="RO")
    db.session.add(team)
    db.session.flush()
    members, log_ins = {}, []
    for name, role in TEAM.items():
        words = f"Demo {name.replace('-', ' ')}"
        member, password, totp = add_staff(team, f"{name}@demo.invalid", words, role)
        members[name] = member
        log_ins.append(LogIn(member.email, role.value, password, totp))
    return members, log_ins


def walk(made_up: MadeUpStory, paintings: list[bytes], cast: Cast) -> str:
    """Let one story be told, answered and reviewed up to its situation; its id."""
    told = clock.now() - made_up.age
    with clock.fixed(told):
        story = tell(made_up, paintings, cast.campaign)
    if made_up.situation is Situation.DRAFT:
        return story.id
    with clock.fixed(told):
        telling.submit(story, Role.CHILD)
        if made_up.situation is Situation.FINAL_NOT_ACCEPTED:
            change_as_staff(story, made_up, cast.first)
        guardian = ask(story, made_up)
    with clock.fixed(told + timedelta(minutes=30)):
        if made_up.evidence:
            leave_evidence(story, guardian, made_up.evidence, cast.helper)
        elif made_up.guardian:
            answer_as_guardian(story, guardian, made_up, cast.campaign)
    review(story, made_up, cast, min(told + timedelta(hours=2), clock.now()))
    return story.id


def tell(made_up: MadeUpStory, paintings: list[bytes], campaign: Campaign) -> Story:
    """The child's part, up to the moment before sending."""
    story = telling.begin(secrets.token_urlsafe(16), made_up.locale)
    teller = story.storyteller
    teller.age_band, teller.country = made_up.age_band, made_up.country
    teller.invented_name_sealed = seal(teller.id, "invented_name", made_up.invented_name)
    teller.region_sealed = seal(teller.id, "region", made_up.region)
    version = version_of(story)
    telling.write(version, made_up.title, made_up.first_text or made_up.text)
    telling.tell_helper(version, made_up.helper, made_up.help)
    for painting in paintings:
        add_file(story, version, painting, Kind.IMAGE)
    sound = made_up.sound()
    if sound is not None:
        add_file(story, version, sound, Kind.SOUND)
    said = made_up.first_child or made_up.child
    if said:
        consent.answer_as_child(story, answers(said, made_up, campaign), current("child", made_up.locale.value))
    issue_card(teller)
    forget_card(teller)
    return story


def change_as_staff(story: Story, made_up: MadeUpStory, reviewer: Staff) -> None:
    """A second version that a reviewer changed: shown nowhere until the child accepts it."""
    moderation.claim(reviewer, story)
    telling.derive(reviewer, story, title=made_up.title, text=made_up.text, replaced={})
    moderation.release_claim(reviewer, story)


def add_file(story: Story, version: Version, content: bytes, kind: Kind) -> None:
    """Take a file in and make its renditions at once."""
    asset = receive(story.id, io.BytesIO(content), kind=kind)
    telling.attach(version, asset)
    work = claim_asset(asset.id)
    if work is not None:
        finish(work, vault.make(work.shelf, work.form))


def answers(said: Answers, made_up: MadeUpStory, campaign: Campaign) -> dict[str, str]:
    """A party's words as answers by scope; whoever brings a recording lets the voice be heard."""
    named = SCOPES | {"campaign": campaign_scope(campaign.id)}
    values = {named.get(place, place): answer.value for place, answer in said.items()}
    voice = {Attribute.VOICE.value: OWN_VOICE} if made_up.recording else {}
    return values | (SHOWN_OF_A_CHILD | voice if values else {})


def ask(story: Story, made_up: MadeUpStory) -> Guardian:
    """A guardian is named: most get a link that is handed over, so that no letter is needed."""
    email = f"{made_up.key}@demo.invalid" if made_up.guardian_locale else ""
    guardian = add_guardian(story.storyteller_id, made_up.guardian_locale or made_up.locale, email)
    consent.ask_guardian(story, guardian)
    return guardian


def answer_as_guardian(story: Story, guardian: Guardian, made_up: MadeUpStory, campaign: Campaign) -> None:
    """The guardian says who they are and answers."""
    declare_guardian(guardian, "A made-up parent", made_up.relation, alone=True)
    text = current("guardian", guardian.locale.value)
    values = answers(made_up.guardian, made_up, campaign)
    wait = outside().settings.confirm_after
    for link_made_at in (clock.now(), clock.now() + wait):  # the yes, and a day later the yes once more
        consent.answer_as_guardian(
            story, guardian, values, consent.Asked(Method.LINK, text, story.current, link_made_at)
        )


def leave_evidence(story: Story, guardian: Guardian, method: Method, helper: Staff) -> None:
    """A made-up form was photographed, or a voice recorded, and waits for a second person."""
    content = paint("consent_form", 5) if method is Method.PAPER else VOICE.read_bytes()
    witness = "" if method is Method.PAPER else "A made-up neighbour"
    text, stream = current("guardian", guardian.locale.value), io.BytesIO(content)
    take(story, guardian, method, text, taken_by=helper, witness=witness, stream=stream)


WAITING = (Situation.SUBMITTED, Situation.CHANGES_ASKED, Situation.RESUBMITTED, Situation.DECLINED, Situation.OBJECTED)


def review(story: Story, made_up: MadeUpStory, cast: Cast, at: datetime) -> None:
    """The team's part, and what the child did afterwards."""
    situation = made_up.situation
    if situation is Situation.SUBMITTED:
        return
    if situation is Situation.IN_REVIEW:
        moderation.claim(cast.first, story)
        return
    with clock.fixed(at):
        if situation in WAITING:
            answer_the_child(story, made_up, cast)
            return
        approve(story, made_up, cast, last=situation is not Situation.SECOND_APPROVAL)
    if situation is Situation.COOLING_OFF:
        story.approved_at = clock.now()


def answer_the_child(story: Story, made_up: MadeUpStory, cast: Cast) -> None:
    """A question or a decline, and the child's reply."""
    moderation.claim(cast.first, story)
    decide = (
        moderation.decline if made_up.situation in (Situation.DECLINED, Situation.OBJECTED) else moderation.ask_changes
    )
    decide(cast.first, story, {}, made_up.message)
    if made_up.situation is Situation.OBJECTED:
        telling.object_to_decline(story, made_up.reply)
    if made_up.situation is Situation.RESUBMITTED:
        version = telling.working_version(story)
        telling.write(version, made_up.title, made_up.text)
        if made_up.reply:
            telling.say(story, Author.CHILD, made_up.reply)
        telling.submit(story, Role.CHILD)


def approve(story: Story, made_up: MadeUpStory, cast: Cast, *, last: bool) -> None:
    """As many reviewers as the story needs say yes; without `last`, one fewer."""
    needed = moderation.approvals_asked(story)
    for reviewer in (cast.first, cast.second)[: needed if last else needed - 1]:
        moderation.claim(reviewer, story)
        moderation.approve(reviewer, story, FINE, [theme.value for theme in made_up.themes])


def afterwards(story: Story, made_up: MadeUpStory, cast: Cast) -> None:
    """What happened to an approved story later on."""
    match made_up.situation:
        case Situation.HIDDEN_BY_CHILD:
            consent.hide(story, Party.CHILD)
        case Situation.CHANGED_MIND:
            values = answers(made_up.child, made_up, cast.campaign)
            consent.answer_as_child(story, values, current("child", made_up.locale.value))
        case Situation.HELD:
            open_case(cast.first.id, story, Level.GREEN, "Made up for the demo: the child sounds very lonely.")
        case Situation.ERASE_PENDING:
            telling.ask_erasure(story, Role.CHILD, now=False)
        case Situation.ERASED:
            telling.ask_erasure(story, Role.CHILD, now=True)
