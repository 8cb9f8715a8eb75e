"""Sentences for the refusals of accounts."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "email_invalid": "Địa chỉ thư điện tử chưa đúng.",
    "email_taken": "Địa chỉ thư điện tử này đã có tài khoản.",
}
