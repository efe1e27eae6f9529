# SPDX-License-Identifier: Apache-2.0
"""Reads where records stand in the segments of a journal (docs/formats/journal.md), and cuts its
end away as a loss of power does. Knows nothing of the program's code."""
import hashlib, struct, subprocess

HEADER_BYTES = 64
RECORD = struct.Struct("<IIqIBBH")
MARK = b"tapemark"
TICK = 10


def segments_of(folder):
    """In their order; where one is there plain and sealed, the plain one counts."""
    found = {path.name.split(".")[0]: path for path in folder.glob("*.journal.zst")}
    found.update({path.name.split(".")[0]: path for path in folder.glob("*.journal")})
    return [found[name] for name in sorted(found)]


def first_ordinal(segment):
    return int(segment.name.split(".")[0])


def bytes_of(segment):
    if segment.suffix != ".zst":
        return segment.read_bytes()
    return subprocess.run(["zstd", "-dcq", segment], capture_output=True, check=True).stdout


def records_of(segment):
    """The offsets behind the header of each whole record, and the offset where they end."""
    data = bytes_of(segment)
    at, offsets = HEADER_BYTES, []
    while at + RECORD.size <= len(data):
        length, crc, _, connection, kind, _, _ = RECORD.unpack_from(data, at)
        is_mark = connection == 2**32 - 1 and kind == 255 and data[at + 8:at + 16] == MARK
        if at + RECORD.size + length > len(data) or (kind > TICK and not is_mark) or crc == 0:
            break
        if not is_mark:
            offsets.append(at)
        at += RECORD.size + length
    return offsets, at


def digest_of(data):
    return hashlib.sha256(data).digest()


class Journal:
    def __init__(self, folder):
        self.folder = folder
        self.proofs = []  # (segment's first ordinal, bytes, their digest, whether they are all)

    def end(self):
        """Behind the last whole record."""
        segments = segments_of(self.folder)
        if not segments:
            return 0
        return first_ordinal(segments[-1]) + len(records_of(segments[-1])[0])

    def place_of(self, ordinal):
        """The segment and the offset where the record stands, or would."""
        segments = [s for s in segments_of(self.folder) if first_ordinal(s) <= ordinal]
        offsets, end = records_of(segments[-1])
        index = ordinal - first_ordinal(segments[-1])
        return segments[-1], offsets[index] if index < len(offsets) else end

    def prove(self, ordinal):
        """Remembers every byte before the record, to be found again by check()."""
        last, offset = self.place_of(ordinal)
        whole = {first for first, _, _, is_whole in self.proofs if is_whole}
        for segment in segments_of(self.folder):
            first = first_ordinal(segment)
            if first > first_ordinal(last) or first in whole:
                continue
            data = bytes_of(segment)[:offset if segment == last else None]
            self.proofs.append((first, len(data), digest_of(data), segment != last))

    def check(self):
        """What was remembered and is not there any more."""
        now = {first_ordinal(s): bytes_of(s) for s in segments_of(self.folder)}
        return [(first, size) for first, size, digest, _ in self.proofs
                if digest_of(now.get(first, b"")[:size]) != digest]

    def lose_power(self, ordinal, random):
        """Cuts at a random place at or behind the record; gives how many bytes went. Only the last
        segment can lose some: it is begun when all before it is durable, and its header is."""
        last = segments_of(self.folder)[-1]
        place, offset = self.place_of(ordinal)
        size = last.stat().st_size
        kept = random.randint(offset if place == last else HEADER_BYTES, size)
        with open(last, "r+b") as file:
            file.truncate(kept)
        return size - kept
