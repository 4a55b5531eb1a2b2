"""The body of an answer: unpacked by us, never beyond its limit, and known to be whole (RFC 9110,
8.4).

httpx would unpack whatever comes, in one step and without a limit: 405 bytes of brotli become 512
MB. We offer and read gzip and deflate alone, one layer, and ask zlib for no more than fits.
"""

import zlib
from collections.abc import AsyncIterable
from typing import Final

from bacatui.fetch.exchange import Reason

ACCEPTED: Final = "gzip, deflate"
_STEP: Final = 1 << 16
_GZIP: Final = b"\x1f\x8b"


class BodyError(Exception):
    """The body goes on past the limit, is packed in a way that we did not offer, is damaged, or
    ends early.
    """

    def __init__(self, reason: Reason = Reason.ENCODING) -> None:
        self.reason = reason


async def collect(chunks: AsyncIterable[bytes], coding: str, limit: int) -> tuple[bytes, int]:
    """The whole body, and the bytes it took on the wire.

    Raises BodyError, and what `chunks` raises.
    """
    coding = coding.strip().lower()
    if coding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise BodyError
    body, received, unpacker = (
        bytearray(),
        0,
        _Unpacker(coding) if coding.endswith(("gzip", "deflate")) else None,
    )
    async for chunk in chunks:
        received += len(chunk)
        rest = chunk
        while rest:
            if unpacker:
                rest = unpacker.step(rest, body)
            else:
                body += rest
                rest = b""
            if len(body) > limit:
                raise BodyError(Reason.TOO_BIG)
    if unpacker:
        unpacker.finish(body)
    return bytes(body), received


class _Unpacker:
    """One layer of gzip (any number of members, RFC 1952) or deflate (with or without zlib's
    wrapping).
    """

    def __init__(self, coding: str) -> None:
        self.is_gzip = coding != "deflate"
        self.inner: zlib._Decompress | None = None
        self.head = b""  # the first byte, while the second is not there
        self.is_plain = self.is_junk = False

    def step(self, data: bytes, body: bytearray) -> bytes:
        """Unpack a bounded piece of `data`; returns what is left of it."""
        if self.inner is None and not self.is_plain:
            data, self.head = self.head + data, b""
            if len(data) < 2:
                self.head = data
                return b""
            self._start(data)
        if self.inner is None:
            body += data
            return b""
        if self.inner.eof:  # what follows a whole member is another one, or junk
            self.is_junk = self.is_junk or not (self.is_gzip and data[:2] == _GZIP[: len(data)])
            if self.is_junk:
                return b""
            self.inner = zlib.decompressobj(31)
        try:
            piece = self.inner.decompress(data, _STEP)
            body += piece
            if (
                len(piece) == _STEP and not self.inner.unconsumed_tail
            ):  # zlib may hold back what did not fit
                body += self.inner.decompress(b"", _STEP)
        except zlib.error as error:
            raise BodyError from error
        return self.inner.unused_data if self.inner.eof else self.inner.unconsumed_tail

    def _start(self, data: bytes) -> None:
        if self.is_gzip:
            self.is_plain = data[:2] != _GZIP  # some servers say gzip and send plain text
            self.inner = None if self.is_plain else zlib.decompressobj(31)
        else:
            is_wrapped = data[0] & 15 == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self.inner = zlib.decompressobj(15 if is_wrapped else -15)

    def finish(self, body: bytearray) -> None:
        body += self.head
        if self.inner is not None and not self.inner.eof:
            raise BodyError
