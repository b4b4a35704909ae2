"""Files in an S3-compatible bucket, by boto3.

Small files leave in one request, larger ones as a multipart upload that is completed at the end or aborted,
so a name holds all of its bytes or does not exist. S3 acknowledges only what it has stored, which is what
R5 asks for.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from app.adapters.storage import CHUNK, Missing, Stored, checked
from app.config import Settings
from app.errors import Unavailable

PART = 8 * 1024 * 1024
"""Bytes of one part of a multipart upload; S3 asks for at least 5 MiB."""

MISSING_CODES = {"404", "NoSuchKey", "NotFound"}


def connect_s3(settings: Settings) -> Any:
    """A boto3 client for the endpoint of `settings`: path style, short patience, three attempts."""
    return boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint or None,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key or None,
        aws_secret_access_key=settings.s3_secret_key.get_secret_value() or None,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=3,
            read_timeout=20,
            retries={"max_attempts": 3, "mode": "standard"},
            # Other people's servers do not all know the newer checksum trailers.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@contextmanager
def s3_errors() -> Iterator[None]:
    """Translate boto3's exceptions: a missing name is `Missing`, anything else is the store not answering."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in MISSING_CODES:
            raise Missing from error
        raise Unavailable("store") from error
    except BotoCoreError as error:
        raise Unavailable("store") from error


class S3Store:
    """One bucket."""

    def __init__(self, bucket: str, client: Any) -> None:
        self.bucket = bucket
        self.client = client

    def put(self, name: str, chunks: Iterable[bytes]) -> int:
        checked(name)
        parts = in_parts(chunks)
        first = next(parts, b"")
        second = next(parts, None)
        if second is None:
            with s3_errors():
                self.client.put_object(Bucket=self.bucket, Key=name, Body=first)
            return len(first)
        return self._put_in_parts(name, first, second, parts)

    def _put_in_parts(self, name: str, first: bytes, second: bytes, rest: Iterator[bytes]) -> int:
        with s3_errors():
            upload = self.client.create_multipart_upload(Bucket=self.bucket, Key=name)["UploadId"]
        target = {"Bucket": self.bucket, "Key": name, "UploadId": upload}
        sent: list[dict[str, Any]] = []
        size = 0
        try:
            for part in chain([first, second], rest):
                with s3_errors():
                    answer = self.client.upload_part(**target, PartNumber=len(sent) + 1, Body=part)
                sent.append({"PartNumber": len(sent) + 1, "ETag": answer["ETag"]})
                size += len(part)
            with s3_errors():
                self.client.complete_multipart_upload(**target, MultipartUpload={"Parts": sent})
        except BaseException:
            with suppress(ClientError, BotoCoreError):  # else discard_unfinished finds it
                self.client.abort_multipart_upload(**target)
            raise
        return size

    def open(self, name: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        if length == 0:
            self.size(name)
            return iter(())
        last = "" if length is None else start + length - 1
        with s3_errors():
            try:
                answer = self.client.get_object(Bucket=self.bucket, Key=checked(name), Range=f"bytes={start}-{last}")
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") == "InvalidRange":  # past the end
                    return iter(())
                raise
        return self._read(answer["Body"])

    def _read(self, body: Any) -> Iterator[bytes]:
        with body:
            while True:
                with s3_errors():
                    chunk: bytes = body.read(CHUNK)
                if not chunk:
                    return
                yield chunk

    def size(self, name: str) -> int:
        with s3_errors():
            return int(self.client.head_object(Bucket=self.bucket, Key=checked(name))["ContentLength"])

    def delete(self, name: str) -> None:
        with suppress(Missing), s3_errors():
            self.client.delete_object(Bucket=self.bucket, Key=checked(name))

    def copy(self, source: str, target: str) -> None:
        origin = {"Bucket": self.bucket, "Key": checked(source)}
        with s3_errors():
            self.client.copy_object(Bucket=self.bucket, Key=checked(target), CopySource=origin)

    def listing(self, prefix: str = "") -> Iterator[Stored]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        with s3_errors():
            for page in pages:
                for entry in page.get("Contents", []):
                    yield Stored(entry["Key"], entry["Size"], entry["LastModified"])

    def names(self, prefix: str = "") -> Iterator[str]:
        return (stored.name for stored in self.listing(prefix))

    def discard_unfinished(self, before: datetime) -> int:
        found = 0
        with s3_errors():
            pages = self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket)
            for page in pages:
                for upload in page.get("Uploads", []):
                    if upload["Initiated"] < before:
                        self.client.abort_multipart_upload(
                            Bucket=self.bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                        )
                        found += 1
        return found


def in_parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of exactly `PART`, the last one smaller."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= PART:
            yield bytes(held[:PART])
            del held[:PART]
    if held:
        yield bytes(held)
