"""Time stamps from a service (RFC 3161), which turn PAdES B-B signatures into B-T."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import urllib.error
import urllib.request
from functools import cached_property
from typing import Any

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, handle_tsp_response

from certificates.errors import SigningError

WAIT_SECONDS = 10
MAX_ANSWER_BYTES = 200_000
TYPE_ASKED, TYPE_ANSWERED = "application/timestamp-query", "application/timestamp-reply"


class TimeStampService(TimeStamper):
    """A time-stamp service at an address; serves the press and pyHanko alike."""

    def __init__(self, url: str) -> None:
        """Take the address; nothing is asked yet. Raises `SigningError` unless it is http or https."""
        if not url.startswith(("http://", "https://")):
            raise SigningError("Địa chỉ dịch vụ cấp dấu thời gian phải bắt đầu bằng http:// hoặc https://.")
        super().__init__()  # type: ignore[no-untyped-call]
        self.url = url

    @cached_property
    def room(self) -> int:
        """Return how many bytes a stamp may take: as many as one that is asked for now, and some more."""
        return len(self.stamp(b"room")) + 256

    def stamp(self, data: bytes) -> bytes:
        """Return the DER token over the SHA-256 of data.

        Raises:
            SigningError: the service cannot be reached, refuses, or stamps something else.
        """
        digest = hashlib.sha256(data).digest()
        try:
            nonce, asked = self.request_cms(digest, "sha256")  # type: ignore[no-untyped-call]
            token = handle_tsp_response(self._ask(asked), nonce)
            stamped = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
        except (TimestampRequestError, OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
            raise SigningError(f"Dịch vụ cấp dấu thời gian không trả lời được: {error}.") from error
        if stamped["hashed_message"].native != digest:
            raise SigningError("Dịch vụ cấp dấu thời gian trả về dấu của dữ liệu khác.")
        return bytes(token.dump())

    async def async_request_tsa_response(self, req: Any) -> Any:
        """Return the service's answer, for pyHanko."""
        return await asyncio.to_thread(self._ask, req)

    def _ask(self, asked: Any) -> Any:
        headers = {"Content-Type": TYPE_ASKED, "Accept": TYPE_ANSWERED}
        request = urllib.request.Request(self.url, asked.dump(), headers)
        with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
            if answer.headers.get_content_type() != TYPE_ANSWERED:
                raise TimestampRequestError(f"{answer.headers.get_content_type()} is no time stamp")
            return tsp.TimeStampResp.load(answer.read(MAX_ANSWER_BYTES), strict=True)
