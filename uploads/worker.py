"""The program that a server starts to read files: `python -m uploads.worker` with limits as JSON; not for people."""

from __future__ import annotations

import json
import sys
from typing import Any

from uploads import documents, images, sheets, workbooks
from uploads.confinement import Answer, Limits, serve
from uploads.policy import slot_from_json


def read_picture(head: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Clean one picture; the blobs of the answer are its renditions."""
    picture = images.clean(blobs[0], head["kind"], slot_from_json(head["slot"]))
    values = {
        "phash": picture.phash,
        "sharpness": picture.sharpness,
        "placeholder": picture.placeholder,
        "warnings": list(picture.warnings),
        "removed": list(picture.removed),
        "renditions": _heads(picture.renditions),
    }
    return values, [rendition.data for rendition in picture.renditions]


def read_document(head: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Clean one PDF; the blobs of the answer are the document and then its previews."""
    document = documents.clean(blobs[0], slot_from_json(head["slot"]))
    values = {
        "pages": document.pages,
        "width": document.width_px,
        "height": document.height_px,
        "removed": list(document.removed),
        "renditions": _heads(document.previews),
    }
    return values, [document.data, *(preview.data for preview in document.previews)]


def draw_pages(head: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Draw the pages whose numbers, from 1, stand in the head."""
    previews = documents.draw(blobs[0], [int(number) for number in head["pages"]])
    return {"renditions": _heads(previews)}, [preview.data for preview in previews]


def read_sheets(head: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Read the codes of scanned pages whose numbers, from 1, stand in the head; the blobs are their pictures."""
    pages = sheets.read_pages(blobs[0], head["kind"], [int(number) for number in head["pages"]])
    values = {"texts": [list(page.texts) for page in pages], "renditions": _heads(tuple(page.picture for page in pages))}
    return values, [page.picture.data for page in pages]


def read_workbook(head: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Read the cells of a workbook; the blob of the answer is JSON."""
    tables = workbooks.cells(blobs[0], workbooks.WorkbookLimits(**head["limits"]))
    return {}, [json.dumps(tables, ensure_ascii=False).encode()]


def _heads(pictures: tuple[images.Encoded, ...]) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "media_type": one.media_type, "width": one.width_px, "height": one.height_px} for one in pictures
    ]


TASKS = {
    "picture": read_picture,
    "document": read_document,
    "pages": draw_pages,
    "sheets": read_sheets,
    "workbook": read_workbook,
}

if __name__ == "__main__":
    sys.exit(serve(TASKS, Limits(**json.loads(sys.argv[1]))))
