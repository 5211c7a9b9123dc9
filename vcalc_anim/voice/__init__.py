"""Speech: voices, word times, captions, loudness."""

from vcalc_anim.voice.cache import SpeechCache
from vcalc_anim.voice.caption_rules import Breach, Caption, TimedWord, caption_breaches, check_captions
from vcalc_anim.voice.captions import captions, to_srt, to_vtt
from vcalc_anim.voice.catalogue import list_voices, make_voice
from vcalc_anim.voice.lexicon import Lexicon
from vcalc_anim.voice.meter import loudness
from vcalc_anim.voice.mix import TRUE_PEAK_DB, master, mix
from vcalc_anim.voice.speech import SAMPLE_RATE, Samples, Speech, Voice

__all__ = [
    "SAMPLE_RATE",
    "TRUE_PEAK_DB",
    "Breach",
    "Caption",
    "Lexicon",
    "Samples",
    "Speech",
    "SpeechCache",
    "TimedWord",
    "Voice",
    "caption_breaches",
    "captions",
    "check_captions",
    "list_voices",
    "loudness",
    "make_voice",
    "master",
    "mix",
    "to_srt",
    "to_vtt",
]
