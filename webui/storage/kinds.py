"""Which column of which room refers to a stored file, and what kind of file that is.

A column that nobody has entered here counts as one that may refer to a file, so that a room that comes later
loses nothing: its files are of the kind `other` until somebody says better.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a stored file is for (loại tệp); of two that share a file the one named first counts."""

    CAPTURES = "captures"  # bản chụp
    MEDIA = "media"  # ảnh, video trong bài
    STAMPS = "stamps"  # dấu thời gian
    DOCUMENTS = "documents"  # tài liệu, báo cáo
    PACKAGES = "packages"  # gói chứng cứ
    IMPORTS = "imports"  # tệp đang nhập
    SAVED_PAGES = "saved_pages"  # trang lưu của bộ đọc bị lỗi
    MODELS = "models"  # mô hình ý kiến thứ hai
    OTHER = "other"  # khác
    UNUSED = "unused"  # không còn dùng


ORDER = tuple(Kind)

COLUMNS: Mapping[str, Kind] = {
    "time_stamp.token": Kind.STAMPS,
    "document.digest": Kind.DOCUMENTS,
    "takedown_notice.file_digest": Kind.DOCUMENTS,
    "takedown_notice.proof_digest": Kind.DOCUMENTS,
    "sanction.record_digest": Kind.DOCUMENTS,
    "sanction.decision_digest": Kind.DOCUMENTS,
    "report.document_digest": Kind.DOCUMENTS,
    "evidence_package.digest": Kind.PACKAGES,
    "crawl_error.saved_page": Kind.SAVED_PAGES,
    "opinion_model.digest": Kind.MODELS,
}
"""Columns that hold one digest."""


def _captured(files: Any) -> Iterator[tuple[Kind, str]]:
    for file in files or ():
        yield kind_of(file["role"], file["media_type"]), file["digest"]


def kind_of(role: str, media_type: str) -> Kind:
    """Of a file of a capture: what the page itself is, or what was shown in it."""
    shown = role in {"media", "video"} or media_type.startswith(("video/", "audio/"))
    return Kind.MEDIA if shown else Kind.CAPTURES


def _imported(params: Any) -> Iterator[tuple[Kind, str]]:
    if params.get("digest"):
        yield Kind.IMPORTS, params["digest"]


JSON: Mapping[str, Callable[[Any], Iterator[tuple[Kind, str]]]] = {
    "evidence_item.files": _captured,
    "observation.capture": lambda capture: _captured(capture.get("files")),
    "crawl_run.params": _imported,
}
"""Columns of JSON that name files, and how they are read."""

NOT_FILES = frozenset(
    {
        "audit_event.detail", "audit_event.digest", "audit_event.previous", "crawl_error.detail",
        "crawl_request.data", "crawl_request.fingerprint", "crawl_run.checkpoint", "crawl_run.reason_detail",
        "custody.digest", "custody.previous", "decision.content_key", "evidence_check.problems",
        "evidence_item.detail", "evidence_item.manifest_digest", "evidence_package.root", "lab_run.digest",
        "lab_run.matcher_version", "lab_run.params", "lab_run.result", "last_capture.address_key",
        "last_capture.compared", "learned_post.rules", "learning_note.data", "opinion_model.quality",
        "opinion_model.since", "phrase_suggestion.examples", "picture.digest", "picture_text.judgement",
        "picture_text.matcher_version", "picture_text.text_key", "post.content_key", "post.counts",
        "post.groups", "post.judgement", "post.links", "post.matcher_version", "post.media",
        "post.text_hash", "post.url_key", "post_judgement.judgement", "post_judgement.matcher_version",
        "post_opinion.content_key", "post_version.content_key", "report.narrative", "report.snapshot",
        "retention_run.counts", "reupload.same", "rule_month.reasons", "rule_pack_revision.digest",
        "rule_pack_text.digest",
        "rule_shadow_day.digest", "rule_shadow_example.digest", "sanction.aggravating",
        "sanction.candidates", "sanction.findings", "sanction.law_version", "sanction.mitigating",
        "sanction.pinned", "sanction.remedies", "setting.value", "source.config", "source.legal_basis",
        "source_state.state", "takedown_item.account_key", "takedown_item.normalised_key",
        "takedown_request.legal_basis", "takedown_request.pinned", "takedown_request.wanted",
        "time_stamp.imprint", "tip.digest", "transition.data", "unused_file.digest",
        "user_account.current_login_ip",
        "user_account.fs_uniquifier", "user_account.last_login_ip", "user_account.mf_recovery_codes",
        "user_account.preferences", "user_account.roles", "user_account.tf_primary_method",
        "wish.expected_key",
        "crawl_run.figures", "page_validator.fingerprint", "page_validator.rules", "source_alert.detail",
    }
)  # fmt: skip
"""Columns that could hold a digest by their type and never hold that of a stored file.

`picture.digest` names what was seen on a page; where it is stored too, the capture refers to it. A report's
snapshot names records; its document has a column of its own.
"""
