"""The finished bytes: trailer and length."""

from forge.nouns import Place, data, number
from forge.verbs.elements import flip_value
from forge.verbs.table import verb


def end_of_image(forged):
    return len(forged.image.data)


@verb("file", "drop the trailer")
def drop_trailer(forged):
    forged.trailer = None
    return Place()


@verb("file", "flip a bit of the trailer")
def flip_trailer(forged):
    forged.trailer = bytes([forged.trailer[0] ^ 1]) + forged.trailer[1:]
    return Place(start=end_of_image(forged), end=end_of_image(forged) + 32)


@verb("file", "flip a bit of the value of {} under the old trailer")
def flip_value_under_trailer(forged, which):
    flip_value(forged, which)
    return Place(start=end_of_image(forged), end=end_of_image(forged) + 32)


@verb("file", "cut the file to {}")
def cut_file(forged, size):
    forged.cut = number(forged, size)
    return Place(start=forged.cut, end=forged.cut + 1)


@verb("file", "append {} to the file")
def append_to_file(forged, value):
    start = len(forged.file_bytes())
    forged.tail = data(forged, value)
    return Place(start=end_of_image(forged), end=start + len(forged.tail))


@verb("file", "make the file {}")
def make_file(forged, value):
    forged.image.data = bytearray(data(forged, value))
    forged.trailer = None
    return Place()
