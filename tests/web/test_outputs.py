"""What a campaign takes out of the browser: each story only where everybody said yes, and gone at once afterwards."""

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app import clock
from app.adapters import outside
from app.campaigns.blocks import Kind, digest_of
from app.campaigns.models import Campaign
from app.campaigns.queries import blocks_of
from app.consent.actions import hide
from app.consent.rules import Party, campaign_scope
from app.curation.building import add_block, change_block
from app.curation.choosing import choose_story
from app.errors import NotFound
from app.people.rules import Locale
from app.stories.models import Story
from app.stories.rules import Beside
from app.web.campaigns.press_kit import chosen_of, jpeg_of
from tests.factories.media import photograph, webp
from tests.factories.stories import make_shown
from tests.factories.wordings import put_beside, write_beside
from tests.web.public_side import change, choose, file_names, say, shown
from tests.web.test_campaign_page import FIGURE, PAGE, SENTENCE, WHO, begin, make

EXHIBITION, PRINT, PRESS, KIT, BRIEF = (
    f"{PAGE}/{name}" for name in ("exhibition", "print", "press", "press-kit.zip", "brief")
)
TITLES = ("Everywhere", "Hall", "Daily", "Here", "Elsewhere")


def told(app: Flask) -> dict[str, str]:
    """Five stories that a curator chose, by their titles, each with a yes to other places."""
    begin(app)
    scopes: list[str] = []
    make(app, lambda campaign: scopes.append(campaign_scope(campaign.id)))
    here = scopes[0]
    anywhere = [here, "gallery", "print", "press", "translate"]
    ids = {
        "Everywhere": shown(app, anywhere, title="Everywhere", pictures=1, sounds=1, own_voice=True),
        "Hall": shown(app, [here, "print"], title="Hall", text="第一句。" * 60, locale=Locale.ZH),
        "Daily": shown(app, [here, "press"], title="Daily", pictures=1),
        "Here": shown(app, [here, "gallery", "embed"], title="Here"),
        "Elsewhere": shown(app, ["gallery", "print", "press"], title="Elsewhere"),
    }
    choose(app, here.partition(":")[2], *ids.values())
    return ids


def titles_in(words: str) -> list[str]:
    """Which of the stories are named."""
    return [title for title in TITLES if re.search(rf"\b{title}\b", words)]


def kit(client: FlaskClient, address: str = KIT) -> zipfile.ZipFile:
    response = client.get(address)
    assert (response.status_code, response.mimetype) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(response.data))


def linked_from(client: FlaskClient) -> list[str]:
    """What the campaign's page offers to take along."""
    found = re.search(r'<section class="outputs.*?</section>', client.get(PAGE).text, re.DOTALL)
    return re.findall(rf'href="{PAGE}/([^"]+)"', found[0]) if found else []


def test_each_place_takes_only_the_stories_that_said_yes_to_it(app: Flask, client: FlaskClient) -> None:
    ids = told(app)
    assert titles_in(client.get(EXHIBITION).text) == titles_in(client.get(PRINT).text) == ["Everywhere", "Hall"]
    assert titles_in(client.get(PRESS).text) == ["Everywhere", "Daily"]
    names = kit(client).namelist()
    assert sorted({name.partition("/")[0] for name in names if "/" in name}) == [
        f"{number}-{ids[title][:6]}" for number, title in (("01", "Everywhere"), ("02", "Daily"))
    ]
    assert linked_from(client) == ["exhibition", "print", "press", "brief"]
    say(app, ids["Everywhere"], print="no")
    assert titles_in(client.get(EXHIBITION).text) == titles_in(client.get(PRINT).text) == ["Hall"]
    assert len(kit(client).namelist()) == len(names)
    change(app, ids["Hall"], lambda story: hide(story, Party.CHILD))
    for address in (EXHIBITION, PRINT):
        page = client.get(address)
        assert (page.status_code, titles_in(page.text), ids["Hall"] in page.text) == (200, [], False)
    assert "Please take down every card" in client.get(PRINT).text
    for title in ("Everywhere", "Daily"):
        say(app, ids[title], press="unsure")
    assert (client.get(KIT).status_code, titles_in(client.get(PRESS).text)) == (404, [])
    assert linked_from(client) == ["brief"]


def test_a_hall_hears_what_it_should_know_first_and_reads_a_translation_after_the_original(
    app: Flask, client: FlaskClient
) -> None:
    ids = told(app)

    def add(story: Story) -> None:
        put_beside(story, Beside.NOTE, Locale.RO)
        put_beside(story, Beside.TRANSLATION, Locale.RO)

    change(app, ids["Everywhere"], add)
    english, romanian = (client.get(f"{EXHIBITION}?lang={code}").text for code in ("en", "ro"))
    first = re.compile(rf'slide--(\w+)" id="{ids["Everywhere"]}-\d')
    assert first.findall(english) == ["note", "picture", "words", "sound"]
    assert first.findall(romanian) == ["note", "picture", "words", "words", "sound"]
    assert english.count("It speaks of a death.") == romanian.count("It speaks of a death.") == 1
    assert '<div class="slide__words" lang="ro" dir="auto">Mama lucrează departe.</div>' in romanian
    assert "Mama lucrează" not in english


def test_slides_stand_below_each_other_without_a_script(app: Flask, client: FlaskClient) -> None:
    ids = told(app)
    page = client.get(EXHIBITION)
    slides = re.findall(r'<section class="slide slide--(\w+)" id="([^"]+)" data-slide data-seconds="(\d+)"', page.text)
    assert [kind for kind, _, _ in slides] == ["title", "picture", "words", "sound", "words", "words"]
    assert [name for _, name, _ in slides[1:4]] == [f"{ids['Everywhere']}-{number}" for number in (1, 2, 3)]
    assert page.text.count("第一句。") == 60
    assert re.findall(r'<meta name="robots" content="([^"]+)"', page.text) == ["noindex"]
    assert re.search(r"<section[^>]* data-rest hidden>", page.text)
    assert re.search(r'<div class="slide__tools" data-tools hidden>', page.text)
    assert (page.headers["Cache-Control"], "ETag" in page.headers) == ("no-cache", True)


def test_a_hall_reads_what_a_picture_shows_in_its_language_or_in_the_childs(app: Flask, client: FlaskClient) -> None:
    story_id = told(app)["Everywhere"]
    change(app, story_id, lambda story: put_beside(story, Beside.CAPTION, text="Two kites & a cloud."))
    change(app, story_id, lambda story: put_beside(story, Beside.CAPTION, Locale.RO, text="Două zmeie."))
    change(app, story_id, lambda story: write_beside(story, Beside.CAPTION, Locale.IT, text="Non ancora visto."))
    for address, classes in ((EXHIBITION, "slide__said"), (PRINT, "hung__said")):
        said = {
            code: re.findall(
                rf'<p class="{classes}" (lang="[^"]*").*?>(.*?)</p>', client.get(f"{address}?lang={code}").text
            )
            for code in ("en", "ro", "it")
        }
        assert said == {
            "en": [('lang="en"', "Two kites &amp; a cloud.")],
            "ro": [('lang="ro"', "Două zmeie.")],
            "it": [('lang="en"', "Two kites &amp; a cloud. <small>English</small>")],
        }
    assert 'alt="Two kites &amp; a cloud." lang="en"' in client.get(f"{EXHIBITION}?lang=it").text


@pytest.mark.parametrize("heard", [False, True])
def test_a_hall_reads_what_was_told_in_a_voice(app: Flask, client: FlaskClient, heard: bool) -> None:
    begin(app)
    scopes: list[str] = []
    make(app, lambda campaign: scopes.append(campaign_scope(campaign.id)))
    spoken = shown(app, [*scopes, "gallery", "print"], title="Spoken", text="", sounds=1, own_voice=heard)
    change(app, spoken, lambda story: put_beside(story, Beside.TRANSCRIPT, cues=[[0, 900, "I whisper this."]]))
    choose(app, scopes[0].partition(":")[2], spoken)
    for address in (EXHIBITION, PRINT):
        page = client.get(address).text
        assert ("I whisper this." in page, "<audio" in page) == (True, heard and address == EXHIBITION)


def test_what_is_said_in_a_recording_runs_along_and_can_be_read_behind_it(app: Flask, client: FlaskClient) -> None:
    story_id = told(app)["Everywhere"]
    change(app, story_id, lambda story: put_beside(story, Beside.TRANSCRIPT, cues=[[0, 900, "Mother & I."]]))
    romanian = [[0, 900, "Mama și cu mine."]]
    change(app, story_id, lambda story: put_beside(story, Beside.TRANSCRIPT, Locale.RO, cues=romanian))
    line = re.compile(
        r'<p [^>]*lang="(\w+)" dir="auto" data-cues [^>]*><span data-cue-start="0" [^>]*>(.*?)</span></p>'
    )
    read = re.compile(
        rf'data-said-in="{story_id}-3">.*?<div class="slide__words" lang="(\w+)" dir="auto">(.*?)</div>', re.S
    )
    for code, said in (("en", 1), ("ro", 2), ("it", 1)):
        page = client.get(f"{EXHIBITION}?lang={code}").text
        both = [("en", "Mother &amp; I."), ("ro", "Mama și cu mine.")][:said]
        assert line.findall(page) == read.findall(page) == both


def test_a_card_says_which_it_is_and_where_to_ask_whether_it_may_hang(app: Flask, client: FlaskClient) -> None:
    ids = told(app)
    with clock.fixed(clock.now()):
        page = client.get(f"{PRINT}?size=a3&lang=en")
        today = f"{clock.now().day} {clock.now():%B} {clock.now().year}"
    cards = re.findall(r'<article class="hung hung--a3">(.*?)</article>', page.text, re.DOTALL)
    assert [titles_in(card) for card in cards] == [["Everywhere"], ["Hall"]]
    assert [card.count("hung__code") for card in cards] == [1, 0], "only the gallery has a page to lead to"
    for card, title in zip(cards, ("Everywhere", "Hall"), strict=True):
        sign = ids[title][:6]
        assert f"Card {sign}, printed on {today}." in card
        assert f"http://127.0.0.1:8000{PRINT}" in card
        assert f'<code dir="ltr">{sign}</code>' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "hung--a4" in client.get(f"{PRINT}?size=a0").text


def test_the_kit_holds_files_words_captions_and_terms(app: Flask, client: FlaskClient) -> None:
    ids = told(app)
    change(app, ids["Everywhere"], lambda story: put_beside(story, Beside.CAPTION, text="=Two kites"))
    parts = kit(client, f"{KIT}?lang=en")
    folder = next(name.partition("/")[0] for name in parts.namelist() if name.startswith("01-"))
    files = [f"{folder}/{name}" for name in ("picture-1.jpg", "picture-1.webp", "recording-1.m4a", "words.txt")]
    assert sorted(name for name in parts.namelist() if name.startswith(folder)) == files
    assert parts.read(files[1]).startswith(b"image-1600 "), "the largest there is"
    assert parts.read(files[3]).decode().startswith("Everywhere\n\nMy mother works far away.")
    rows = list(csv.DictReader(io.StringIO(parts.read("captions.csv").decode("utf-8-sig"))))
    assert [row["File"] for row in rows[:4]] == files
    assert {row["Title"] for row in rows} == {"Everywhere", "Daily"}
    credit = rows[0]["Credit"]
    assert credit.endswith(" · 10 to 12 years · Romania · Eyes on Me")
    captions = parts.read("captions.txt").decode()
    shows = "  =Two kites\n"
    pages = [
        f"http://127.0.0.1:8000/stories/{ids['Everywhere']}",
        f"http://127.0.0.1:8000{PAGE}/stories/{ids['Daily']}",
    ]
    listed = f"{files[0]}\n{shows}{files[1]}\n{shows}{files[2]}\n{files[3]}\n"
    assert f"Everywhere\nCredit: {credit}\nAddress: {pages[0]}\n{listed}" in captions
    assert f"Address: {pages[1]}\n" in captions
    assert sorted({row["Address"] for row in rows}) == sorted(pages)
    assert [row["What the picture shows"] for row in rows[:4]] == ["'=Two kites"] * 2 + [""] * 2
    terms = parts.read("read-me.txt").decode()
    assert f"http://127.0.0.1:8000{PRESS}" in terms
    assert "do not crop it" in terms
    assert parts.testzip() is None


def test_the_page_of_the_kit_leads_to_each_story(app: Flask, client: FlaskClient) -> None:
    ids = told(app)
    led = re.findall(r'<h3 lang="en"><a href="([^"]+)"><bdi>(\w+)</bdi></a></h3>', client.get(PRESS).text)
    assert led == [(f"/stories/{ids['Everywhere']}", "Everywhere"), (f"{PAGE}/stories/{ids['Daily']}", "Daily")]
    assert [client.get(address).status_code for address, _title in led] == [200, 200]


@pytest.mark.parametrize("heard", [False, True])
def test_the_kit_holds_what_the_team_wrote_and_a_second_person_checked(
    app: Flask, client: FlaskClient, heard: bool
) -> None:
    begin(app)
    scopes: list[str] = []
    make(app, lambda campaign: scopes.append(campaign_scope(campaign.id)))
    story_id = shown(app, [*scopes, "press", "translate"], title="Spoken", sounds=1, own_voice=heard)

    def write(story: Story) -> None:
        put_beside(story, Beside.TRANSLATION, Locale.RO)
        write_beside(story, Beside.TRANSLATION, Locale.IT, title="Non visto", text="Non ancora.")
        put_beside(story, Beside.TRANSCRIPT)
        put_beside(story, Beside.TRANSCRIPT, Locale.ZH, cues=[[0, 900, "妈妈，"], [900, 1_800, "晚上好。"]])
        put_beside(story, Beside.NOTE)

    change(app, story_id, write)
    choose(app, scopes[0].partition(":")[2], story_id)
    parts = kit(client, f"{KIT}?lang=en")
    texts = {name[10:]: parts.read(name).decode().split("\n\n") for name in parts.namelist() if "/" in name}
    sound = ["recording-1.m4a"] if heard else []
    names = ["recording-1.en.txt", *sound, "recording-1.zh.txt", "words.ro.txt", "words.txt"]
    assert sorted(texts) == names
    ours = "The translation is ours, and a second speaker has checked it."
    said = "What is said" if heard else "This was told aloud. The voice stays with the child; here are the words."
    note = "It speaks of a death."
    assert texts["words.ro.txt"] == [f"Română · {ours}", note, "Zmeul", "Mama lucrează departe.", ""]
    assert texts["recording-1.en.txt"] == [
        f"English · {said}",
        note,
        "Good evening, mother. I fed the hens.",
        "",
    ]
    assert texts["recording-1.zh.txt"] == [f"简体中文 · {said} · {ours}", note, "妈妈，晚上好。", ""]
    rows = list(csv.DictReader(io.StringIO(parts.read("captions.csv").decode("utf-8-sig"))))
    assert [row["File"][10:] for row in rows] == names
    assert {row["Title in translation"] for row in rows} == {"Zmeul (Română)"}
    assert "Spoken\nTitle in translation: Zmeul (Română)\nContent note: " in parts.read("captions.txt").decode()
    say(app, story_id, translate="no")
    kept = ["recording-1.en.txt", *sound, "words.txt"]
    assert sorted(name[10:] for name in kit(client).namelist() if "/" in name) == kept


def test_a_newsroom_gets_a_jpeg_of_the_largest_size() -> None:
    small, large = ({"width": width, "media_type": "image/webp", "name": "w"} for width in (800, 1600))
    plain = {"width": 800, "media_type": "image/jpeg", "name": "j"}
    assert list(chosen_of({"renditions": [plain, large, small]})) == [(large, False), (large, True)]
    assert list(chosen_of({"renditions": [plain, small]})) == [(small, False), (plain, False)]
    assert list(chosen_of({"renditions": [small]})) == [(small, False), (small, True)]
    made = Image.open(io.BytesIO(b"".join(jpeg_of([webp(photograph())]))))
    assert (made.format, made.size) == ("JPEG", photograph().size)
    assert not made.getexif()
    assert not {"exif", "xmp", "icc_profile"} & made.info.keys(), "what stood beside the pixels stays away"
    with pytest.raises(NotFound):
        list(jpeg_of([b"no picture"]))


def test_a_file_that_goes_while_the_kit_is_sent_is_named_in_it(app: Flask, client: FlaskClient) -> None:
    ids = told(app)
    response = client.get(KIT, buffered=False)
    with app.app_context():
        for name in file_names(app, ids["Daily"]):
            outside().public.delete(f"{ids['Daily']}/{name}")
    parts = zipfile.ZipFile(io.BytesIO(response.data))
    gone = [name for name in parts.read("not-complete.txt").decode().splitlines() if "/" in name]
    assert [name.partition("/")[2] for name in gone] == ["picture-1.webp", "picture-1.jpg"]


def brief_of(campaign: Campaign, story_id: str) -> None:
    campaign.title, campaign.action_link = {"en": "I am here"}, "https://example.org/sign"
    quote = add_block(WHO, campaign, Kind.QUOTE)
    change_block(WHO, campaign, quote, {"story_id": story_id, "digest": digest_of(SENTENCE)})
    change_block(WHO, campaign, add_block(WHO, campaign, Kind.NUMBERS), {"figures": [FIGURE]})


def test_the_brief_says_no_small_number_and_quotes_what_may_be_printed(app: Flask, client: FlaskClient) -> None:
    begin(app)
    ids: list[str] = []

    def build(campaign: Campaign) -> None:
        scopes = [campaign_scope(campaign.id), "print"]
        counted = [*scopes, "research_counts"]
        ids.extend(make_shown(counted, country="LV").id for _ in range(9))
        ids.append(make_shown(counted, country="MD").id)
        ids.append(make_shown(scopes, country="LV").id)
        for story_id in ids:
            choose_story(WHO, campaign, blocks_of(campaign.id)[0], story_id)
        brief_of(campaign, ids[0])

    make(app, build)
    page = client.get(f"{BRIEF}?lang=en").text
    assert "I am here" in page
    assert SENTENCE in page
    assert re.findall(r'<th scope="row">([^<]+)</th><td>([^<]+)</td>', page) == [
        ("Family and care", "10 children"),
    ], "no country has ten, so none is compared with another"
    assert "Latvia" not in re.sub(r"<figure>.*?</figure>", "", page, flags=re.DOTALL), "nine children are not told"
    assert re.search(r"<strong[^>]*>7</strong>", page)
    assert "We counted" in page
    assert 'href="https://example.org/sign" rel="noopener noreferrer"' in page
    say(app, ids[0], print="no")
    assert SENTENCE not in client.get(BRIEF).text
    change(app, ids[1], lambda story: hide(story, Party.CHILD))
    page = client.get(f"{BRIEF}?lang=en").text
    assert ("fewer than 10 children" in page, "9 children" in page) == (True, False)


@pytest.mark.parametrize("address", [EXHIBITION, PRINT, PRESS, KIT, BRIEF, f"{PAGE}/share.jpg"])
def test_before_its_first_day_a_campaign_has_none_of_this(app: Flask, client: FlaskClient, address: str) -> None:
    begin(app)
    make(app, lambda campaign: setattr(campaign, "opens_at", clock.now() + timedelta(days=1)))
    assert client.get(address).status_code == 404


def test_afterwards_each_says_that_it_is_over(app: Flask, client: FlaskClient) -> None:
    ids = told(app)
    make(app, lambda campaign: setattr(campaign, "closes_at", clock.now() + timedelta(days=1)))
    with clock.fixed(clock.now() + timedelta(days=2)):
        for address in (EXHIBITION, PRINT, PRESS, BRIEF):
            page = client.get(address).text
            found = [story_id for story_id in ids.values() if story_id in page]
            assert ("This campaign is over" in page, titles_in(page), found) == (True, [], [])
        assert (client.get(KIT).status_code, linked_from(client)) == (404, [])
