"""A data set that is learnt in a few steps, for the tests of instruction sets."""

import pathlib
import struct


def write_images(folder: pathlib.Path, prefix: str, count: int) -> None:
    """`count` images of 9x7 pixels in IDX: the label is the third of the rows that is bright."""
    labels = bytes(i % 3 for i in range(count))
    pixels = bytes((200 if row // 3 == label else 0) + (31 * i + 17 * row + 7 * column) % 50
                   for i, label in enumerate(labels) for row in range(9) for column in range(7))
    (folder / f"{prefix}-images-idx3-ubyte").write_bytes(struct.pack(">4I", 0x803, count, 9, 7) + pixels)
    (folder / f"{prefix}-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 0x801, count) + labels)
