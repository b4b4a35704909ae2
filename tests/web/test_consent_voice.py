"""Answering by voice: one recording, a witness, a second person who listens; and what is no recording."""

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from app.adapters import outside
from app.cli.writing import transaction
from app.consent.actions import Asked, answer_as_guardian
from app.consent.evidence import LEAF, Ruling, accept, ask_again, begin_look, open_file
from app.consent.models import Evidence
from app.consent.rules import EvidenceState, Method
from app.consent.texts import current
from app.extensions import db
from app.media.rules import SOUND_BYTES, Purpose
from app.people.keys import unseal
from app.people.permissions import Role
from app.people.rules import Relation
from app.release.facts import facts_of
from tests.factories.media import png, recording
from tests.factories.people import make_staff
from tests.factories.texts import newest
from tests.web.answering import new_version, rows_of_guardians, said, the_guardian, the_story
from tests.web.telling import Visitor

WITNESS = "Ana Ionescu"


@pytest.fixture(scope="module")
def voice() -> bytes:
    return recording("webm")


@pytest.fixture
def speaker(guardian: Visitor, link: str) -> Visitor:
    """A guardian on the page for those who would rather speak."""
    guardian.get(f"{link}/voice")
    return guardian


def send(speaker: Visitor, link: str, sound: bytes | None, **more: str) -> int:
    data: dict[str, Any] = {
        "witness": WITNESS,
        "text": speaker.hidden("text"),
        "version": speaker.hidden("version"),
        **more,
    }
    if sound is not None:
        data["recording"] = FileStorage(io.BytesIO(sound), "voice.webm")
    return post(speaker, f"{link}/voice", data)


def post(speaker: Visitor, address: str, data: dict[str, Any]) -> int:
    """Send a form that was put together in memory: the client's own way leaves files of large ones open."""
    boundary, form = encode_multipart({"csrf_token": speaker.token, **data})
    response = speaker.client.post(address, data=form, content_type=f"multipart/form-data; boundary={boundary}")
    if response.status_code != 303:
        speaker.page = response.text
    return response.status_code


def script(speaker: Visitor, address: str, data: dict[str, Any]) -> TestResponse:
    """The same, sent by a script."""
    boundary, form = encode_multipart({"csrf_token": speaker.token, **data})
    kind = f"multipart/form-data; boundary={boundary}"
    return speaker.client.post(address, data=form, content_type=kind, headers={"Accept": "application/json"})


def taken() -> list[Evidence]:
    return list(db.session.scalars(select(Evidence).order_by(Evidence.taken_at)))


def files() -> list[str]:
    return [name for name in outside().vault.names("") if name.endswith(f"/{LEAF}")]


def test_the_page_holds_the_text_word_for_word_and_every_question(speaker: Visitor) -> None:
    text = newest("guardian", "en")
    for words in (*text.intro, *text.closing, text.questions["gallery"], text.explanations["press"]):
        assert words in speaker.words
    assert "Say: yes, no, or not sure." in speaker.words
    assert "I was there from the beginning to the end" in speaker.words
    assert "data-recorder" in speaker.page
    assert 'type="file"' in speaker.page


def test_the_way_there_is_offered(guardian: Visitor, link: str) -> None:
    assert "I would rather speak than write" in guardian.words
    assert f'href="{link}/voice?lang=en"' in guardian.page


def test_a_recording_waits_sealed_for_a_second_person(app: Flask, speaker: Visitor, link: str, voice: bytes) -> None:
    assert send(speaker, link, voice) == 303
    with app.app_context():
        one = taken()[0]
        assert (one.method, one.state, one.taken_by) == (Method.VOICE, EvidenceState.WAITING, None)
        assert (one.guardian_id, one.version_number) == (the_guardian().id, 1)
        assert one.text_sha256 == current("guardian", "en").sha256
        assert unseal(one.id, "witness", one.witness_sealed) == WITNESS
        assert len(files()) == 1
        assert voice[:200] not in b"".join(outside().vault.open(files()[0]))
        assert rows_of_guardians() == 0
        assert facts_of(the_story()).evidence_waiting
    speaker.get(f"{link}/receipt?lang=en")
    assert "A second person listens to it first, and writes down what you said." in speaker.words
    assert "Nobody sees the story before." in speaker.words


def test_what_was_heard_is_on_the_receipt_and_in_the_history(
    app: Flask, speaker: Visitor, link: str, voice: bytes
) -> None:
    send(speaker, link, voice)
    with app.app_context(), transaction():
        staff = make_staff(Role.FACILITATOR)
        assert open_file(begin_look(staff, taken()[0])).purpose is Purpose.SOUND_OPUS
        accept(staff, taken()[0], Ruling({"gallery": "yes"}, "Elena", Relation.MOTHER, alone=True))
    speaker.get(f"{link}/receipt?lang=en")
    assert "We have your recording." not in speaker.words
    assert "once more" not in speaker.words
    assert "Elena" in speaker.words
    speaker.get(f"{link}/history")
    assert "By a recorded voice" in speaker.words
    with app.app_context():
        assert said() == {"gallery": "yes"}


def test_what_could_not_be_heard_is_asked_again(app: Flask, speaker: Visitor, link: str, voice: bytes) -> None:
    send(speaker, link, voice)
    with app.app_context(), transaction():
        ask_again(make_staff(Role.FACILITATOR), taken()[0], "We could not hear the witness.")
    speaker.get(f"{link}/receipt?lang=en")
    assert "We could not make out your answers." in speaker.words
    with app.app_context(), transaction():
        asked = Asked(Method.LIVE, current("guardian", "en"), 1)
        answer_as_guardian(the_story(), the_guardian(), {"gallery": "no"}, asked)
    speaker.get(f"{link}/receipt?lang=en")
    assert "We could not make out your answers." not in speaker.words


def test_the_same_recording_sent_twice_is_one(app: Flask, speaker: Visitor, link: str, voice: bytes) -> None:
    assert [send(speaker, link, voice), send(speaker, link, voice)] == [303, 303]
    with app.app_context():
        assert len(taken()) == 1


def test_a_script_hears_where_to_go_on_and_what_is_wrong(app: Flask, speaker: Visitor, link: str, voice: bytes) -> None:
    data = {"text": speaker.hidden("text"), "version": speaker.hidden("version")}

    def sent(sound: bytes = voice, **more: Any) -> TestResponse:
        file = FileStorage(io.BytesIO(sound), "voice.webm")
        return script(speaker, f"{link}/voice", {**data, "witness": WITNESS, "recording": file, **more})

    assert set(sent(witness=" ", recording="").get_json()["errors"]) == {"witness", "recording"}
    assert sent(version="7").mimetype == "text/html"  # a page has to be looked at
    assert sent(b"").get_json()["errors"]["recording"].startswith("This file is empty.")
    assert set(sent(card="1").get_json()) == {"code", "sentence"}
    one = sent()
    assert (one.status_code, one.get_json()) == (200, {"go": f"{link}/receipt"})
    with app.app_context():
        assert len(taken()) == 1


def test_another_recording_is_another_one(app: Flask, speaker: Visitor, link: str, voice: bytes) -> None:
    assert [send(speaker, link, voice), send(speaker, link, recording("ogg"))] == [303, 303]
    with app.app_context():
        assert len(taken()) == 2


WITNESSES = ["", "   ", "\t\n", "x" * 81]


@pytest.mark.parametrize("witness", WITNESSES)
def test_somebody_must_be_there_and_say_who_they_are(
    app: Flask, speaker: Visitor, link: str, voice: bytes, witness: str
) -> None:
    assert send(speaker, link, voice, witness=witness) == 422
    assert "Please write the name of the witness who is with you" in speaker.words
    with app.app_context():
        assert (taken(), files()) == ([], [])


NO_RECORDINGS = [
    (None, "Please record your voice here, or choose a recording."),
    (b"", "This file is empty."),
    (b"<?php system($_GET['c']); ?>", "We cannot open this kind of file."),
    (png(), "This is not a recording."),
]


@pytest.mark.parametrize(("sound", "sentence"), NO_RECORDINGS)
def test_what_is_no_recording_is_refused_and_nothing_left_behind(
    app: Flask, speaker: Visitor, link: str, sound: bytes | None, sentence: str
) -> None:
    assert send(speaker, link, sound) == 422
    assert sentence in speaker.words
    assert f'value="{WITNESS}"' in speaker.page
    with app.app_context():
        assert (taken(), files()) == ([], [])


def test_a_recording_that_is_too_large_is_refused(app: Flask, speaker: Visitor, link: str, voice: bytes) -> None:
    assert send(speaker, link, voice + bytes(SOUND_BYTES)) == 422
    assert "This file is too large." in speaker.words
    assert send(speaker, link, bytes(SOUND_BYTES + 3_000_000)) == 413
    with app.app_context():
        assert (taken(), files()) == ([], [])


def test_only_this_address_takes_a_large_body(speaker: Visitor, link: str) -> None:
    data = {"reason": "x", "file": FileStorage(io.BytesIO(bytes(2_000_000)), "a.webm")}
    assert post(speaker, f"{link}/suspend", data) == 413


def test_a_field_nobody_asked_for_is_refused(speaker: Visitor, link: str, voice: bytes) -> None:
    assert send(speaker, link, voice, identity_card="X 123") == 400


def test_a_recording_about_an_older_story_is_kept_for_the_no_in_it(
    app: Flask, speaker: Visitor, link: str, voice: bytes
) -> None:
    for version in ("", "0", "2", "9" * 5_000):
        assert send(speaker, link, voice, version=version) == 409
    assert send(speaker, link, voice, text="0" * 64) == 409
    assert "Please look again and speak." in speaker.words
    with app.app_context():
        assert (taken(), files()) == ([], [])
    new_version(app)
    assert send(speaker, link, voice) == 303
    speaker.get(f"{link}/receipt?lang=en")
    assert "We keep your recording: what you say no to in it counts." in speaker.words
    with app.app_context():
        assert [one.version_number for one in taken()] == [1]
