"""From a recording to what can be heard, in this process."""

import io
import json
import socket
import threading
from collections.abc import Iterator

import av
import numpy as np
import pytest

from app.media import loudness, sound
from app.media.renditions import Made
from app.media.rules import Format, Purpose, Refusal, Refused
from tests.factories import hostile_media, media


@pytest.fixture(autouse=True, scope="module")
def prepared() -> None:
    sound.prepare()


def render(data: bytes, form: Format) -> Made:
    return sound.render(io.BytesIO(data), form)


def heard(made: Made, purpose: Purpose) -> np.ndarray:
    content = next(each.content for each in made.renditions if each.purpose is purpose)
    return sound.decode(io.BytesIO(content), Format.WEBM if purpose is Purpose.SOUND_OPUS else Format.MP4)


@pytest.mark.parametrize("recipe", media.RECIPES)
def test_each_format_becomes_every_output(recipe: str) -> None:
    made = render(media.recording(recipe), media.RECIPES[recipe][0])
    assert [each.purpose for each in made.renditions] == [Purpose.SOUND_OPUS, Purpose.SOUND_AAC, Purpose.PEAKS]
    assert made.duration_ms == pytest.approx(3000, abs=60)
    for purpose in (Purpose.SOUND_OPUS, Purpose.SOUND_AAC):
        samples = heard(made, purpose)
        assert len(samples) / 48_000 == pytest.approx(3, abs=0.1)
        assert loudness.integrated(samples) == pytest.approx(-18, abs=0.5)


@pytest.mark.parametrize("recipe", media.RECIPES)
def test_nothing_but_samples_gets_through(recipe: str) -> None:
    data = media.recording(recipe)
    if recipe == "mp3":
        data = media.with_cover(data)
    if recipe not in {"amr", "aac"}:
        assert media.CANARY.encode() in data
    for rendition in render(data, media.RECIPES[recipe][0]).renditions:
        assert [canary for canary in media.CANARIES if canary in rendition.content] == []


def test_the_outputs_hold_one_audio_stream_and_no_words() -> None:
    for rendition in render(media.with_cover(media.recording("mp3")), Format.MP3).renditions[:2]:
        with av.open(io.BytesIO(rendition.content)) as container:
            assert [stream.type for stream in container.streams] == ["audio"]
            assert container.streams.audio[0].codec_context.channels == 1
            words = {key: value for key, value in container.metadata.items() if not key.endswith(("brand", "brands"))}
            assert set(words.items()) <= {("encoder", "Lavf"), ("minor_version", "512")}  # no version, no more


def test_the_m4a_begins_with_its_index() -> None:
    content = render(media.recording("wav"), Format.WAV).renditions[1].content
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize("gain", [0.1, 0.3, 1.0])
def test_quiet_and_loud_voices_become_equally_loud(gain: float) -> None:
    quiet = (media.voice(6.0) * gain).astype(np.int16)
    levelled = loudness.level(quiet)
    assert loudness.integrated(levelled) == pytest.approx(-18, abs=0.3)
    assert loudness.true_peaks(levelled, 0).max() <= loudness.CEILING * 1.02


def test_a_recording_of_hardly_anything_is_not_blown_up() -> None:
    whisper = (media.voice(6.0) * 0.01).astype(np.int16) + np.arange(6 * 48_000, dtype=np.int16) % 2
    levelled = loudness.level(whisper)
    assert np.abs(levelled).max() <= np.abs(whisper).max() * 10 ** (loudness.MAX_GAIN_DB / 20) + 1


def test_a_clap_does_not_pass_the_ceiling() -> None:
    """A hand clap 30 dB over the voice: the voice still becomes as loud as others, the clap is turned
    down."""
    samples = media.voice(6.0).copy()
    samples[100_000:100_200] = np.where(np.arange(200) % 7 < 3, 32_000, -32_000)
    levelled = loudness.level(samples)
    assert loudness.true_peaks(levelled, 0).max() <= loudness.CEILING * 1.02
    assert loudness.integrated(levelled) == pytest.approx(-18, abs=0.5)


def test_loudness_is_that_of_the_standard() -> None:
    """EBU Tech 3341, case 1 for one channel: a 1 kHz sine at −20 dBFS reads −23 LUFS."""
    sine = np.rint(32_768 * 10 ** (-20 / 20) * np.sin(2 * np.pi * 1000 * np.arange(20 * 48_000) / 48_000))
    assert loudness.integrated(sine.astype(np.int16)) == pytest.approx(-23.0, abs=0.1)
    pause = np.concatenate([sine, np.zeros(20 * 48_000)]).astype(np.int16)
    assert loudness.integrated(pause) == pytest.approx(-23.0, abs=0.1)  # the gate leaves the pause out


def test_peaks_between_samples_are_seen() -> None:
    """A sine at a quarter of the rate, sampled beside its crests, rises 3 dB above its samples."""
    sine = 0.5 * np.sin(np.pi / 2 * np.arange(4800) + np.pi / 4)
    samples = np.rint(sine * 32_768).astype(np.int16)
    assert loudness.true_peaks(samples, 0)[50] == pytest.approx(0.5, rel=0.02)
    assert np.abs(samples).max() / 32_768 == pytest.approx(0.354, rel=0.01)


def test_silence_stays_silent() -> None:
    made = render(media.recording("wav", samples=np.zeros(44_100, np.int16)), Format.WAV)
    assert np.abs(heard(made, Purpose.SOUND_OPUS)).max() < 3
    assert set(json.loads(made.renditions[2].content)["peaks"]) == {0}


def test_a_very_short_sound_works() -> None:
    made = render(media.recording("wav", samples=media.voice(0.01, 44_100)), Format.WAV)
    assert made.duration_ms == 10


def test_the_waveform_follows_the_sound() -> None:
    samples = np.zeros(10 * 48_000, np.int16)
    samples[: 5 * 48_000] = media.voice(5.0)
    waveform = json.loads(render(media.recording("flac", samples=samples), Format.FLAC).renditions[2].content)
    assert waveform["duration_ms"] == 10_000
    assert len(waveform["peaks"]) == 1000
    assert max(waveform["peaks"][:500]) == 100
    assert max(waveform["peaks"][510:]) <= 1


def test_fifteen_minutes_are_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "SOUND_SECONDS", 2)
    assert render(media.recording("flac", seconds=2.0), Format.FLAC).duration_ms == 2000
    with pytest.raises(Refused) as caught:
        render(media.recording("flac", seconds=2.1), Format.FLAC)
    assert caught.value.reason is Refusal.TOO_LONG


def test_a_codec_outside_the_list_is_refused() -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="wav") as target:
        stream = target.add_stream("mp2", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1152), np.int16), format="s16", layout="mono")
        frame.sample_rate = 48_000
        target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    with pytest.raises(Refused) as caught:
        render(out.getvalue(), Format.WAV)
    assert caught.value.reason is Refusal.UNSUPPORTED


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """A server that notes each connection."""
    calls: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(2)
                calls.append(connection.recv(200))

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(timeout=5)


def test_a_naive_reader_would_call_home(listener: tuple[str, list[bytes]]) -> None:
    """What the next test forbids really happens without the options."""
    address, calls = listener
    file = io.BytesIO(hostile_media.m3u8(address))
    file.name = "holiday.m3u8"
    with pytest.raises(av.FFmpegError), av.open(file) as container:
        next(container.decode(audio=0))
    assert len(calls) > 0


@pytest.mark.parametrize("form", [form for form in Format if form.kind == "sound"])
def test_no_playlist_makes_a_connection(form: Format, listener: tuple[str, list[bytes]]) -> None:
    address, calls = listener
    for playlist in (hostile_media.m3u8(address), hostile_media.ffconcat(address), hostile_media.pls(address)):
        for data in (playlist, hostile_media.late(playlist), b"OggS" + playlist, b"ID3\x03\0\0\0\0\0\0" + playlist):
            file = io.BytesIO(data)
            file.name = "holiday.m3u8"
            with pytest.raises(Refused):
                sound.render(file, form)
    assert calls == []
