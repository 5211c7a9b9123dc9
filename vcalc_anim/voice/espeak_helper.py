"""A small process around libespeak-ng that speaks one line at a time, always from the same state.

The library keeps its oscillator phase, flutter and random numbers in static variables that nothing resets, so the
second line of a process sounds different from the same line said first. This process therefore loads the library
once and forks for every line: each child starts from the very same memory. A crash costs one line, not the build.

Run as a script with the library and its data folder as arguments. It reads one JSON request a line from stdin
(``{"voice": …, "text": …, "parameters": {number: value}}``) and answers on stdout with one JSON line, either
``{"error": …}`` or ``{"rate": …, "events": [[type, position, sample, phoneme], …], "bytes": n}`` followed by n bytes
of 16-bit mono samples. Only the standard library is imported: it starts in a few milliseconds.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from typing import Any

# speak_lib.h: names and numbers as there
AUDIO_OUTPUT_SYNCHRONOUS = 2
INITIALIZE_PHONEME_EVENTS = 0x0001
INITIALIZE_DONT_EXIT = 0x8000
POS_CHARACTER = 1
CHARS_UTF8 = 1
EVENT_LIST_TERMINATED = 0
EVENT_PHONEME = 7


class _EventId(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


def load(library: str, data: str) -> tuple[ctypes.CDLL, int]:
    """The initialised library and its sampling rate.

    Raises:
        OSError: the library or its data cannot be read.
    """
    espeak = ctypes.CDLL(library)
    options = INITIALIZE_PHONEME_EVENTS | INITIALIZE_DONT_EXIT
    rate = int(espeak.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, os.fsencode(data), options))
    if rate <= 0:
        raise OSError(f"libespeak-ng cannot read its data in {data}")
    return espeak, rate


def synthesize(espeak: ctypes.CDLL, request: dict[str, Any]) -> tuple[list[list[object]], bytes]:
    """Events and 16-bit samples of one request."""
    chunks: list[bytes] = []
    events: list[list[object]] = []

    def collect(wave: Any, count: int, event: Any) -> int:
        if wave and count > 0:
            chunks.append(ctypes.string_at(wave, 2 * count))
        i = 0
        while event[i].type != EVENT_LIST_TERMINATED:
            e = event[i]
            phoneme = e.id.string.decode("utf-8", "replace") if e.type == EVENT_PHONEME else ""
            events.append([e.type, e.text_position, e.sample, phoneme])
            i += 1
        return 0

    callback = _Callback(collect)  # named, so that it lives until the end of the synthesis
    espeak.espeak_SetSynthCallback(callback)
    if espeak.espeak_SetVoiceByName(request["voice"].encode()) != 0:
        raise ValueError(f"libespeak-ng has no voice {request['voice']!r}")
    for number, value in request["parameters"].items():
        espeak.espeak_SetParameter(int(number), int(value), 0)
    text = request["text"].encode() + b"\0"
    size = ctypes.c_size_t(len(text))
    failed = espeak.espeak_Synth(text, size, 0, POS_CHARACTER, 0, CHARS_UTF8, None, None)
    if failed:
        raise ValueError(f"libespeak-ng could not speak (error {failed})")
    return events, b"".join(chunks)


def _answer(espeak: ctypes.CDLL, rate: int, request: dict[str, Any]) -> bytes:
    try:
        events, samples = synthesize(espeak, request)
    except ValueError as error:
        return json.dumps({"error": str(error)}).encode() + b"\n"
    header = {"rate": rate, "events": events, "bytes": len(samples)}
    return json.dumps(header).encode() + b"\n" + samples


def _in_child(espeak: ctypes.CDLL, rate: int, request: dict[str, Any]) -> bytes:
    """The answer of a forked child; a child that dies answers with an error."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(read)
            with os.fdopen(write, "wb") as out:
                out.write(_answer(espeak, rate, request))
            status = 0
        finally:
            os._exit(status)  # no clean-up handlers of the parent run twice
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        result = answer.read()
    _, ended = os.waitpid(child, 0)
    if ended != 0:
        code = os.waitstatus_to_exitcode(ended)
        return json.dumps({"error": f"libespeak-ng stopped with status {code}"}).encode() + b"\n"
    return result


def main(library: str, data: str) -> None:
    """Answer requests until stdin ends."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C is for the parent; the end of stdin ends this process
    try:
        espeak, rate = load(library, data)
    except OSError as error:
        sys.stdout.buffer.write(json.dumps({"error": str(error)}).encode() + b"\n")
        return
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(_in_child(espeak, rate, json.loads(line)))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:3])
