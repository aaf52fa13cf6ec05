"""How alike two texts are by their words: no weights, the same on every machine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import log, sqrt

from ..vocabulary import normal, vocabulary

# Words of every caption, which say nothing about which style suits it.
STOP = frozenset(
    "a an and are as at away by character chinese from in into is it its of on or own picture seen shot style that the "
    "to view with".split()
)
GRAM = 4  # letters: "moonlit" and "moonlight" share "moon", "oonl"; "sit" and "site" share nothing
GRAMS_WEIGHT = 0.5  # of a whole word, for all its pieces together
SHORT = 40  # letters of what is remembered taken apart
LONGEST_PHRASE = 4  # words; "looking at viewer" counts as one thing too, a sentence does not
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af"

Terms = Mapping[str, float]


def terms(phrases: Iterable[str]) -> Counter[str]:
    """How often each term occurs: phrases, words and pieces of four letters; of Chinese, runs and pairs of signs."""
    counts: Counter[str] = Counter()
    for term, weight in _occurrences(phrases):
        counts[term] += weight
    return counts


def _occurrences(phrases: Iterable[str]) -> Iterator[tuple[str, float]]:
    return chain.from_iterable(_of_short(p) if len(p) <= SHORT else _of_phrase(p) for p in phrases)


@lru_cache(maxsize=256)  # the vocabulary's names come again with nearly every description, sentences hardly ever
def _of_short(phrase: str) -> tuple[tuple[str, float], ...]:
    return _of_phrase(phrase)


def _of_phrase(phrase: str) -> tuple[tuple[str, float], ...]:
    text = normal(phrase)
    words = [w for w in re.findall(rf"[{_HAN}]+|[^\W_{_HAN}]+", text) if w not in STOP]
    found: list[tuple[str, float]] = [(f"={text}", 1)] if 1 < len(words) <= LONGEST_PHRASE else []
    for word in words:
        pieces = _pieces(word)
        found += [(word, 1), *((f"~{piece}", GRAMS_WEIGHT / len(pieces)) for piece in pieces)]
    return tuple(found)


def _pieces(word: str) -> list[str]:
    length = 2 if re.match(f"[{_HAN}]", word) else GRAM
    return [word[i : i + length] for i in range(len(word) - length + 1)] if len(word) > length else []


def known_words(sentence: str, keywords: Sequence[str]) -> tuple[str, ...]:
    """A description as phrases. Every word of the vocabulary in it also stands under all its other names, so that
    `夜晚`, `night` and `night sky` are one."""
    said = [*keywords, sentence]
    found = [vocabulary().find(part) for part in (*keywords, *filter(_can_mean, spoken_runs(sentence)))]
    names = [name for word in dict.fromkeys(filter(None, found)) for name in (word.value, *word.words)]
    return tuple(dict.fromkeys(normal(part) for part in (*said, *names) if part.strip()))


def spoken_runs(sentence: str) -> list[str]:
    """All runs of one to four words, or Chinese signs, of a sentence."""
    words = re.findall(rf"[^\W{_HAN}]+(?:-[^\W{_HAN}]+)*", sentence.lower())
    spoken = [" ".join(words[i : i + n]) for n in range(1, LONGEST_PHRASE + 1) for i in range(len(words) - n + 1)]
    for run in re.findall(f"[{_HAN}]+", sentence):
        spoken += [run[i : i + n] for n in range(1, LONGEST_PHRASE + 1) for i in range(len(run) - n + 1)]
    return spoken


def _can_mean(run: str) -> bool:
    """One sign out of a sentence is mostly part of another word: `指` (pointing) in `戒指` (ring)."""
    return len(run) > 1


@dataclass(frozen=True)
class Corpus:
    """Texts to compare with, as weighted terms.

    A term t weighs ln(1 + count) * ln((1 + N) / (1 + n_t)), where n_t of the N texts contain it (Sparck Jones 1972;
    Salton & Buckley, "Term-weighting approaches in automatic text retrieval", 1988), and two texts are as alike as
    the cosine of their weights. A term that no text here contains cannot tell them apart and is left out.
    """

    texts: tuple[Terms, ...]
    rarity: Terms

    @classmethod
    def of(cls, texts: Sequence[Iterable[str]]) -> Corpus:
        counted = [terms(text) for text in texts]
        held = Counter(term for counts in counted for term in counts)
        rarity = {term: log((1 + len(counted)) / (1 + n)) for term, n in held.items()}
        return cls(tuple(_weighted(counts, rarity) for counts in counted), rarity)

    def likeness(self, phrases: Iterable[str]) -> list[float]:
        """The cosine with each text, in [0, 1]."""
        return self.likeness_of(terms(phrases))

    def likeness_of(self, counts: Terms) -> list[float]:
        """The same for terms that were counted, by `count` too."""
        asked = _weighted(counts, self.rarity)
        return [sum(weight * text.get(term, 0.0) for term, weight in asked.items()) for text in self.texts]

    def count(self, counts: Counter[str], phrases: Iterable[str]) -> None:
        """Add to `counts` as `terms` does, without terms that are in no text here."""
        for term, weight in _occurrences(phrases):
            if term in self.rarity:
                counts[term] += weight


def _weighted(counts: Terms, rarity: Terms) -> Terms:
    weights = {term: log(1 + n) * rarity[term] for term, n in sorted(counts.items()) if rarity.get(term)}
    length = sqrt(sum(w * w for w in weights.values()))
    return {term: w / length for term, w in weights.items()} if length else {}
