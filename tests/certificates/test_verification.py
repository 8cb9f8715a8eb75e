"""Verdicts: one word for the state of a certificate on a day."""

from __future__ import annotations

from datetime import date

import pytest

from certificates.samples import sample_contents
from certificates.verification import FileVerdict, Standing, Verdict, file_verdict, may_use_logo, verdict

DAY = date(2027, 1, 15)
CONTENT = sample_contents()["usual"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 8, 31), Verdict.NOT_YET_VALID),
        (date(2026, 9, 1), Verdict.VALID),
        (date(2028, 9, 1), Verdict.VALID),
        (date(2028, 9, 2), Verdict.EXPIRED),
    ],
)
def test_the_first_and_the_last_day_count(on: date, expected: Verdict) -> None:
    assert verdict(Standing.of(CONTENT), on) is expected


def test_nobody_knows_a_certificate_without_a_record() -> None:
    assert verdict(None, DAY) is Verdict.UNKNOWN


def test_a_replaced_certificate_is_not_valid_even_within_its_term() -> None:
    assert verdict(Standing.of(CONTENT, replaced_by="00018/GCN-2026"), DAY) is Verdict.REPLACED


def test_a_revocation_outweighs_everything_from_its_day_on() -> None:
    standing = Standing.of(CONTENT, replaced_by="00018/GCN-2026", revoked_on=DAY)
    assert verdict(standing, DAY) is Verdict.REVOKED
    assert verdict(Standing.of(CONTENT, revoked_on=DAY), date(2027, 1, 14)) is Verdict.VALID


def test_a_certificate_without_dates_stays_valid() -> None:
    assert verdict(Standing(), date(2999, 1, 1)) is Verdict.VALID


def test_the_logo_goes_with_validity() -> None:
    assert may_use_logo(Standing.of(CONTENT), DAY) is True
    assert may_use_logo(Standing.of(CONTENT, revoked_on=DAY), DAY) is False


def test_a_file_is_genuine_only_with_the_recorded_digest() -> None:
    assert file_verdict("AB" * 32, "ab" * 32) is FileVerdict.GENUINE
    assert file_verdict("ac" * 32, "ab" * 32) is FileVerdict.ALTERED
