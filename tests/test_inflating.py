"""Compressed content is inflated to the bytes that Python's own library gives, or refused as it refuses them."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recount.extract.inflating import PartReader, inflate

LONG = random.Random(1).randbytes(70_000) + b"<row>" * 40_000


def zipped(content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as parts:
        parts.writestr("before.xml", b"another part")
        parts.writestr("part.xml", content)
    return buffer.getvalue()


def read(file: bytes, size: int = 1 << 12) -> bytes:
    with zipfile.ZipFile(io.BytesIO(file)) as parts, PartReader(parts, "part.xml") as part:
        return b"".join(iter(lambda: part.read(size), b""))


@given(
    st.binary(max_size=5_000),
    st.integers(1, 6_000),
    st.sampled_from([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED]),
)
def test_a_part_is_read_whole_whatever_is_read_at_a_time(content: bytes, size: int, method: int) -> None:
    assert read(zipped(content, method), size) == content


def test_a_long_part_comes_in_pieces_of_about_the_size_asked() -> None:
    with zipfile.ZipFile(io.BytesIO(zipped(LONG))) as parts, PartReader(parts, "part.xml") as part:
        assert 0 < len(part.read(1 << 12)) <= 1 << 13
    assert read(zipped(LONG)) == LONG


def test_a_part_that_is_not_what_its_checksum_says_is_refused_at_its_end() -> None:
    file = zipped(LONG)
    sum_of_part = zlib.crc32(LONG).to_bytes(4, "little")
    assert file.count(sum_of_part) == 2  # Before the part, and in the directory.
    with pytest.raises(zipfile.BadZipFile, match=r"Bad CRC-32 for file 'part\.xml'"):
        read(file.replace(sum_of_part, b"\1\2\3\4"))


def test_a_part_that_is_cut_off_or_damaged_is_refused() -> None:
    file = zipped(LONG)
    at = file.index(b"part.xml") + len(b"part.xml")
    for damaged in (b"\xff" * 64, bytes(64)):
        with pytest.raises((zipfile.BadZipFile, zlib.error)):
            read(file[:at] + damaged + file[at + 64 :])


@given(st.binary(max_size=5_000))
def test_gzipped_content_is_inflated_to_the_same_bytes(content: bytes) -> None:
    assert inflate(gzip.compress(content)) == content
    assert inflate(gzip.compress(content) + gzip.compress(b"more")) == content + b"more"


@pytest.mark.parametrize(
    ("damaged", "error"),
    [
        (gzip.compress(LONG)[:-20], EOFError),
        (gzip.compress(LONG)[:-8] + bytes(8), OSError),
        (gzip.compress(LONG)[:20] + b"\xff" * 40 + gzip.compress(LONG)[60:], (OSError, zlib.error)),
    ],
)
def test_gzipped_content_that_is_cut_off_or_damaged_is_refused(
    damaged: bytes, error: type[Exception] | tuple[type[Exception], ...]
) -> None:
    with pytest.raises(error):
        inflate(damaged)
