"""From words to a forged file."""

from forge import bases, nouns
from forge.nouns import Place
from forge.verbs import (
    content,
    elements,
    file,
    objects,
    pages,
    records,
    segments,
)  # noqa: F401 (each adds to the table)
from forge.verbs.table import find


def make(words, page_size):
    """(the forged file, the place of its flaw)"""
    base = bases.Base(words.base.kind, words.base.line, words.base.options, page_size)
    forged = bases.begin(base)
    stage, function, texts = find(words.flaw) if words.flaw else (None, None, ())
    place = function(forged, *texts) if stage == "content" else Place()
    bases.lay_out(forged)
    if stage == "content":
        locate(forged, place)
    if stage in ("image", "log"):
        place = function(forged, *texts)
    bases.close(forged)
    if stage == "file":
        place = function(forged, *texts)
    if words.at:
        place = nouns.place(forged, words.at)
        locate(forged, place)
    return forged, place


def locate(forged, place):
    """Completes a place that has a bucket and a key with where they came to lie."""
    if place.key is None or place.bucket is None:
        return
    found = forged.image.find(place.bucket, place.key)
    if found:
        holder, _ = found
        place.page, place.run = holder.id, holder.run
        place.start = forged.image.offset(holder.id)
        place.end = place.start + holder.run * forged.base.page_size
