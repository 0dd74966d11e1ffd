"""Uploads are refused as soon as it is known that they are too large: before they are read, or at the byte that is one too many."""

from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from upheld.actions.files import LARGEST_BYTES

MOST_BYTES = LARGEST_BYTES + 1_000_000  # a file, and the form around it


class Quota(FileUploadHandler):
    """The first handler of uploads: lets through what is small enough for those after it."""

    def handle_raw_input(self, input_data: IO[bytes], META: Any, content_length: int, boundary: Any, encoding: str | None = None) -> None:  # noqa: N803  Django calls it so
        """Refuse by the length that the request announces."""
        self.received = 0
        if content_length > MOST_BYTES:
            raise RequestDataTooBig(f"The request has {content_length:,} bytes; at most {MOST_BYTES:,} are taken.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count, and stop where there is too much."""
        self.received += len(raw_data)
        if self.received > MOST_BYTES:
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
