"""Sound in both channels from one that was coded."""

from __future__ import annotations

import av
import numpy as np
import pytest

from vcalc_anim.build.aac import AAC_FRAME, as_pair, surroundings, twin_packets
from vcalc_anim.voice import SAMPLE_RATE, Samples, make_voice

_STEREO = bytes([0x11, 0x90])  # AudioSpecificConfig: AAC-LC, 48 kHz, two channels


def decoded(packets: list[bytes]) -> Samples:
    """What a player hears: shape (2, n)."""
    context = av.CodecContext.create("aac", "r")
    context.extradata = _STEREO
    frames = [frame for packet in packets for frame in context.decode(av.Packet(packet))]
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)


@pytest.fixture(scope="module")
def track() -> Samples:
    """Silence, a voice with clicks in it, which are coded in short windows, and silence; whole frames."""
    words = "The slope between two points is six plus the gap."
    said = make_voice("espeak").speak(words.split()).samples
    frames = len(said) // AAC_FRAME + 1
    sound = np.zeros((frames + 8) * AAC_FRAME, np.float32)
    sound[4 * AAC_FRAME : 4 * AAC_FRAME + len(said)] = said
    sound[20 * AAC_FRAME :: 9000] += np.float32(0.4)
    sound[-4 * AAC_FRAME :] = 0
    return sound


def coded(track: Samples, start: int = 0, stop: int | None = None) -> list[bytes]:
    return twin_packets(surroundings(track, start, len(track) // AAC_FRAME if stop is None else stop))


def test_both_channels_hold_the_same_sound_in_place(track: Samples) -> None:
    left, right = decoded(coded(track))
    assert np.array_equal(left, right)
    assert left.shape == track.shape
    error = np.sqrt(np.mean((left - track) ** 2) / np.mean(track**2))
    assert 20 * np.log10(error) < -35


def test_pieces_follow_each_other_without_a_seam(track: Samples) -> None:
    """Cut in the midst of a word: the sound at the cut is as near to what it was as elsewhere."""
    cut = 30
    assert np.abs(track[cut * AAC_FRAME - 500 : cut * AAC_FRAME + 500]).max() > 0.05
    left, _ = decoded([*coded(track, 0, cut), *coded(track, cut)])
    around = slice((cut - 2) * AAC_FRAME, (cut + 2) * AAC_FRAME)
    assert np.abs(left - track)[around].max() < 0.02


def test_a_piece_is_coded_alike_wherever_it_stands(track: Samples) -> None:
    later = np.concatenate([np.zeros(7 * AAC_FRAME, np.float32), track])
    assert coded(track) == coded(later, 7)


def test_windows_of_both_kinds_are_rewritten(track: Samples) -> None:
    """The test would say little if the encoder had never taken short windows."""
    kinds = {(packet[1] >> 5) & 0b11 for packet in coded(track)}  # behind 3 + 4 + 1 bits, and one reserved
    assert 2 in kinds and 0 in kinds


def test_sound_that_uses_all_bands_is_rewritten_too() -> None:
    noise = np.random.default_rng(1).standard_normal(40 * AAC_FRAME).astype(np.float32) * np.float32(0.05)
    left, right = decoded(coded(noise))
    assert np.array_equal(left, right)
    assert np.corrcoef(left[AAC_FRAME:], noise[AAC_FRAME:])[0, 1] > 0.9


def test_another_packet_is_refused() -> None:
    with pytest.raises(ValueError, match="one channel"):
        as_pair(bytes([0b00100000, 1, 2, 3, 0b111]))
    assert SAMPLE_RATE == 48_000  # the configuration above says so
