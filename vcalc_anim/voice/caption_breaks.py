"""Where a caption may be cut: what each place between two words costs a reader."""

from __future__ import annotations

NEVER = 1000.0  # a cut that is only made where the words leave no other

_SENTENCE_END = (".", "?", "!", "…", ":", ";")
_CLAUSE_END = (",", "—", "–", ")", "]")
_CLOSING = "\"'”’)]"
_OPENING = "\"'“‘(["

_ARTICLES = frozenset({"a", "an", "the"})
_NEGATIONS = frozenset({"not", "never", "cannot"})
_DETERMINERS = frozenset(
    {
        "this",
        "that",
        "these",
        "those",
        "each",
        "every",
        "its",
        "our",
        "your",
        "their",
        "his",
        "her",
        "my",
        "no",
    }
    | {
        "any",
        "some",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "very",
        "minus",
    }
)
_CONJUNCTIONS = frozenset(
    {
        "and",
        "or",
        "but",
        "nor",
        "so",
        "yet",
        "because",
        "if",
        "when",
        "while",
        "until",
        "unless",
        "although",
        "though",
    }
    | {"whether", "where", "which", "who", "than", "since", "as", "that"}
)
_PREPOSITIONS = frozenset(
    {
        "of",
        "in",
        "on",
        "at",
        "by",
        "to",
        "for",
        "from",
        "with",
        "without",
        "into",
        "onto",
        "over",
        "under",
        "up",
        "down",
    }
    | {
        "along",
        "across",
        "through",
        "toward",
        "towards",
        "between",
        "behind",
        "before",
        "after",
        "against",
        "about",
    }
    | {"around", "above", "below", "per", "like", "near", "past", "outside", "inside"}
)
_LEANING = frozenset(  # words that need the next one: a line that ends in them reads unfinished
    {
        "is",
        "are",
        "was",
        "were",
        "be",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "will",
        "would",
        "can",
        "could",
    }
    | {"may", "might", "must", "should", "i", "you", "we", "they", "he", "she", "it", "there"}
)


def break_cost(before: str, after: str) -> float:
    """What a cut between two neighbouring words costs: 0 after a sentence, :data:`NEVER` where it is forbidden.

    Forbidden: between an article and its noun, inside a name (two capitalised words), between a verb and its
    negation. Good: after punctuation, before a conjunction or a preposition.

    >>> break_cost("slope.", "It"), break_cost("the", "slope"), break_cost("slope", "of") < break_cost("of", "a")
    (0.0, 1000.0, True)
    """
    if ends_sentence(before):
        return 0.0
    if before.endswith(_CLAUSE_END) or before.rstrip(_CLOSING).endswith(_CLAUSE_END):
        return 1.0
    left, right = (word.strip(_CLOSING + _OPENING + ",.;:?!…").replace("’", "'") for word in (before, after))
    if _inseparable(left, right):
        return NEVER
    cost = 8.0
    if right.lower() in _CONJUNCTIONS or after[0] in "—–(":
        cost = 2.0
    elif right.lower() in _PREPOSITIONS:
        cost = 3.0
    if left.lower() in _DETERMINERS | _CONJUNCTIONS | _PREPOSITIONS | _LEANING:
        cost += 17.0
    elif not any(c.isalpha() for c in left) or not any(c.isalpha() for c in right):
        cost += 12.0  # formulas and numbers keep together with what they belong to
    return cost


def ends_sentence(word: str) -> bool:
    """Whether a sentence, or a part as good as one, ends with *word*."""
    return word.rstrip(_CLOSING).endswith(_SENTENCE_END)


def _inseparable(left: str, right: str) -> bool:
    small, following = left.lower(), right.lower()
    if small in _ARTICLES:
        return True
    if small in _NEGATIONS or small.endswith("n't") or following in _NEGATIONS:
        return True
    return left[:1].isupper() and right[:1].isupper() and "I" not in (left, right)
