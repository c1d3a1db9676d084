"""Which category a customer's words speak of."""

import re
from collections.abc import Hashable, Iterable, Mapping

CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
SEPARATORS = re.compile(r"[,;\n，；、]+")
# Words of which every question has some.
STOP_WORDS = frozenset(
    "the and are you for with when where what how can not was this that have has had from our"
    " your but did does will would could should there they were its any all".split()
)


def split_words(text: str | None) -> list[str]:
    """Return the words of a list that people typed: folded, none empty, none twice."""
    words = (" ".join(part.split()).casefold() for part in SEPARATORS.split(text or ""))
    return list(dict.fromkeys(filter(None, words)))


def found_in(word: str, text: str) -> bool:
    """True when a folded text has the word: Chinese anywhere, others at the start of a word."""
    if CJK.search(word):
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}", text) is not None


def suggest(
    text: str | None, categories: Mapping[Hashable, Iterable[str]], title: str | None = None
) -> Hashable | None:
    """Return the category whose words the text has most of, None when it has none of any.

    `categories` maps to folded words, as `split_words` returns them. Words of the title count
    twice, longer words before shorter ones, and of equals the first category wins.
    """
    body, head = ((part or "").casefold() for part in (text, title))
    best, best_score = None, (0, 0)
    for category, words in categories.items():
        hits = [(word, found_in(word, head) + found_in(word, f"{head}\n{body}")) for word in words]
        score = (sum(count for _, count in hits), sum(len(word) for word, count in hits if count))
        if score > best_score:
            best, best_score = category, score
    return best


def terms(text: str | None) -> set[str]:
    """Return what a text is searched by: words of three letters or more, Chinese in pairs."""
    folded = (text or "").casefold()
    words = set(re.findall(r"[^\W\d_]{3,}", CJK.sub(" ", folded))) - STOP_WORDS
    for run in re.findall(rf"{CJK.pattern}+", folded):
        words |= {run[i : i + 2] for i in range(len(run) - 1)} or {run}
    return words


def rank(
    text: str | None, articles: Mapping[Hashable, str | None], limit: int = 3
) -> list[Hashable]:
    """Return the articles that share most with the text, the best first.

    A word that fewer articles have tells more than one that all have; articles that share no
    word are left out.
    """
    asked = terms(text)
    held = {article: terms(content) & asked for article, content in articles.items()}
    count = {word: sum(word in words for words in held.values()) for word in asked}
    score = {
        article: sum(1 / count[word] for word in words) for article, words in held.items() if words
    }
    return sorted(score, key=lambda article: -score[article])[:limit]
