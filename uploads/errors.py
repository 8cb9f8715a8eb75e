"""What can go wrong with an upload, as one tree.

    UploadError
    ├── FileRefused                the file is at fault; its sender reads `sentence`
    │   ├── EmptyFile
    │   ├── TooManyBytes           limit_bytes
    │   ├── UnknownKind
    │   ├── KindNotAllowed         kind, slot
    │   ├── NameContradictsContent suffix, kind
    │   ├── Polyglot               kind, also
    │   ├── Damaged                kind
    │   ├── TooManyPixels          width_px, height_px, limit_pixels
    │   ├── TooFewPixels           width_px, height_px, limit_px
    │   ├── TooElongated           width_px, height_px
    │   ├── TooComplex             limit
    │   ├── EncryptedDocument
    │   ├── ActiveContent          feature
    │   ├── EmbeddedFiles
    │   ├── TooManyPages           pages, limit_pages
    │   ├── WorkbookTooLarge       inflated_bytes, limit_bytes
    │   └── Infected               signature
    ├── StorageError               our side is at fault
    │   ├── BlobMissing            sha256
    │   ├── BlobCorrupt            sha256, found_sha256
    │   ├── InvalidKey             key
    │   ├── InvalidRange           start, size_bytes
    │   ├── StorageFull
    │   └── StorageUnavailable     reason
    ├── PartialError               a resumable upload is out of step
    │   ├── PartialUnknown         partial_id
    │   ├── OffsetConflict         expected_bytes, given_bytes
    │   ├── DigestMismatch         expected_sha256, found_sha256
    │   ├── PartialIncomplete      received_bytes, total_bytes
    │   └── TooManyPartials        limit
    ├── WorkerUnavailable          reason
    └── ScannerUnavailable         reason

Every leaf has a `code` that never changes and typed attributes; `uploads.sentences` maps each code to the Vietnamese
sentence that a user reads. A test fails on a leaf without a sentence.
"""

from __future__ import annotations

from typing import Any, ClassVar

from uploads.sentences import FEATURE_NAMES, KIND_NAMES, LIMIT_NAMES, SENTENCES, SLOT_HINTS


class UploadError(Exception):
    """Root of the tree. `code` is stable: logs, tests and the application's own table key on it."""

    code: ClassVar[str] = ""
    fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **values: Any) -> None:
        missing = set(self.fields) ^ set(values)
        if missing:
            raise TypeError(f"{type(self).__name__} takes exactly {self.fields}, wrong: {sorted(missing)}")
        self.__dict__.update(values)
        super().__init__(self.code, values)

    def values(self) -> dict[str, Any]:
        """Return the typed attributes by name, fit for JSON (logs, the pipe of the worker)."""
        return {name: getattr(self, name) for name in self.fields}

    def words(self) -> dict[str, Any]:
        """Return the words that fill this error's sentence."""
        words = self.values()
        words["kind_name"] = KIND_NAMES.get(str(words.get("kind", "")), "này")
        words["also"] = KIND_NAMES.get(str(words.get("also", "")), "lạ")
        words["feature_name"] = FEATURE_NAMES.get(str(words.get("feature", "")), "nội dung động")
        words["limit_name"] = LIMIT_NAMES.get(str(words.get("limit", "")), "tài nguyên")
        words["slot_hint"] = SLOT_HINTS.get(str(words.get("slot", "")), "")
        words["limit_mb"] = _in_millions(words.get("limit_bytes"))
        words["limit_megapixels"] = _in_millions(words.get("limit_pixels"))
        return words

    @property
    def sentence(self) -> str:
        """The Vietnamese sentence that a user reads."""
        return SENTENCES[self.code].format_map(self.words()).strip()


def _in_millions(count: object) -> str:
    return f"{count / 1_000_000:.3g}".replace(".", ",") if isinstance(count, int) else ""


class FileRefused(UploadError):
    """The file is at fault: nothing was stored, its sender can mend it."""


class EmptyFile(FileRefused):
    """The file has no byte."""

    code = "empty_file"


class TooManyBytes(FileRefused):
    """The file is, or declares itself, larger than its slot allows."""

    code = "too_many_bytes"
    fields = ("limit_bytes",)
    limit_bytes: int


class UnknownKind(FileRefused):
    """The first bytes belong to no kind that is known here."""

    code = "unknown_kind"


class KindNotAllowed(FileRefused):
    """The kind is known, and this slot does not take it."""

    code = "kind_not_allowed"
    fields = ("kind", "slot")
    kind: str
    slot: str


class NameContradictsContent(FileRefused):
    """The suffix of the name promises another kind than the bytes are."""

    code = "name_contradicts_content"
    fields = ("suffix", "kind")
    suffix: str
    kind: str


class Polyglot(FileRefused):
    """The file is two kinds at once, for example PDF and ZIP."""

    code = "polyglot"
    fields = ("kind", "also")
    kind: str
    also: str


class Damaged(FileRefused):
    """The bytes break the rules of their kind, or end too early."""

    code = "damaged"
    fields = ("kind",)
    kind: str


class TooManyPixels(FileRefused):
    """The header promises more pixels than are decoded here; none was decoded."""

    code = "too_many_pixels"
    fields = ("width_px", "height_px", "limit_pixels")
    width_px: int
    height_px: int
    limit_pixels: int


class TooFewPixels(FileRefused):
    """An edge is shorter than anybody could look at."""

    code = "too_few_pixels"
    fields = ("width_px", "height_px", "limit_px")
    width_px: int
    height_px: int
    limit_px: int


class TooElongated(FileRefused):
    """One edge is many times the other: a picture of no product."""

    code = "too_elongated"
    fields = ("width_px", "height_px")
    width_px: int
    height_px: int


class TooComplex(FileRefused):
    """Reading the file ran into a limit of the worker: `memory`, `time`, `output` or `objects`."""

    code = "too_complex"
    fields = ("limit",)
    limit: str


class EncryptedDocument(FileRefused):
    """The PDF is encrypted, with or without a user password."""

    code = "encrypted_document"


class ActiveContent(FileRefused):
    """The PDF contains something that acts when it is opened."""

    code = "active_content"
    fields = ("feature",)
    feature: str


class EmbeddedFiles(FileRefused):
    """The PDF carries other files."""

    code = "embedded_files"


class TooManyPages(FileRefused):
    """The PDF has more pages than the slot allows."""

    code = "too_many_pages"
    fields = ("pages", "limit_pages")
    pages: int
    limit_pages: int


class WorkbookTooLarge(FileRefused):
    """A workbook inflates beyond the limit; it was not inflated."""

    code = "workbook_too_large"
    fields = ("inflated_bytes", "limit_bytes")
    inflated_bytes: int
    limit_bytes: int


class Infected(FileRefused):
    """The antivirus named a signature."""

    code = "infected"
    fields = ("signature",)
    signature: str


class StorageError(UploadError):
    """The store cannot do what was asked."""


class BlobMissing(StorageError):
    """No blob has this name."""

    code = "blob_missing"
    fields = ("sha256",)
    sha256: str


class BlobCorrupt(StorageError):
    """The bytes of a blob no longer hash to its name."""

    code = "blob_corrupt"
    fields = ("sha256", "found_sha256")
    sha256: str
    found_sha256: str


class InvalidKey(StorageError):
    """A key is not 64 lower-case hexadecimal digits: it never reaches a path."""

    code = "invalid_key"
    fields = ("key",)
    key: str


class StorageFull(StorageError):
    """There is no room for another byte; nothing of what was sent is kept."""

    code = "storage_full"


class StorageUnavailable(StorageError):
    """The store does not answer, or fails; `reason` is for the log."""

    code = "storage_unavailable"
    fields = ("reason",)
    reason: str


class InvalidRange(StorageError):
    """A range starts outside of the blob or has no byte."""

    code = "invalid_range"
    fields = ("start", "size_bytes")
    start: int
    size_bytes: int


class PartialError(UploadError):
    """A resumable upload is out of step with its sender."""


class PartialUnknown(PartialError):
    """No such upload for this owner: never begun, finished, discarded or expired."""

    code = "partial_unknown"
    fields = ("partial_id",)
    partial_id: str


class OffsetConflict(PartialError):
    """A chunk does not start where the received bytes end."""

    code = "offset_conflict"
    fields = ("expected_bytes", "given_bytes")
    expected_bytes: int
    given_bytes: int


class DigestMismatch(PartialError):
    """The received bytes hash to something else than their sender said."""

    code = "digest_mismatch"
    fields = ("expected_sha256", "found_sha256")
    expected_sha256: str
    found_sha256: str


class PartialIncomplete(PartialError):
    """Completion was asked for before all bytes had come."""

    code = "partial_incomplete"
    fields = ("received_bytes", "total_bytes")
    received_bytes: int
    total_bytes: int


class TooManyPartials(PartialError):
    """An owner has too many unfinished uploads."""

    code = "too_many_partials"
    fields = ("limit",)
    limit: int


class WorkerUnavailable(UploadError):
    """No worker process came free in time, or none could be started."""

    code = "worker_unavailable"
    fields = ("reason",)
    reason: str


class ScannerUnavailable(UploadError):
    """The antivirus does not answer; the file is neither clean nor infected."""

    code = "scanner_unavailable"
    fields = ("reason",)
    reason: str


def leaves(root: type[UploadError] = UploadError) -> list[type[UploadError]]:
    """Return every concrete error below `root`, in the order of definition."""
    below = root.__subclasses__()
    return [root] if not below else [leaf for child in below for leaf in leaves(child)]


def from_code(code: str, values: dict[str, Any]) -> UploadError:
    """Return the error with this code and these attributes, as it came through the worker's pipe.

    Raises:
        KeyError: no leaf has this code.
        TypeError: the attributes are not those of the leaf.
    """
    by_code = {leaf.code: leaf for leaf in leaves()}
    return by_code[code](**values)
