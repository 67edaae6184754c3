"""The verbs, as the sentences that they are called by."""

import re

from forge.words import WordsError

VERBS = []


def verb(stage, template):
    """`{}` in the template stands for a noun; `{a|b}` for one of the words."""

    def remember(function):
        parts = re.split(r"\{(.*?)\}", template)
        pattern = "".join(
            f"({part or '.+'})" if index % 2 else re.escape(part)
            for index, part in enumerate(parts)
        )
        VERBS.append((re.compile(pattern), stage, function, template))
        return function

    return remember


def find(sentence):
    """(stage, function, nouns) of a sentence; of several verbs the one that leaves least to its
    nouns."""
    found = [
        (stage, function, match.groups(), len(pattern.pattern))
        for pattern, stage, function, _ in VERBS
        if (match := pattern.fullmatch(sentence))
    ]
    if not found:
        raise WordsError(
            f"no verb for {sentence!r}; the verbs are:\n  " + "\n  ".join(verb[3] for verb in VERBS)
        )
    return min(found, key=lambda it: (sum(map(len, it[2])), -it[3]))[:3]
