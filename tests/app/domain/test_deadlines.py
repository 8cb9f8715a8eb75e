"""Deadlines run in working days, fall due at the end of the local day, and pass by one second."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deadlines import (
    add_months,
    add_working_days,
    due_after_working_days,
    end_of_day_local,
    format_date_formal_vi,
    format_date_vi,
    format_datetime_seconds_vi,
    format_datetime_vi,
    is_passed,
    is_working_day,
    local_date,
    local_midnight,
    working_days_between,
)

TET_2026 = frozenset(date(2026, 2, day) for day in (16, 17, 18, 19, 20))
NO_HOLIDAYS: frozenset[date] = frozenset()

days = st.dates(date(2019, 1, 1), date(2030, 12, 31))
holiday_sets = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 3, 31)), max_size=20)
early_days = st.dates(date(2026, 1, 1), date(2026, 3, 31))


# --- working days ---------------------------------------------------------------------------------


def test_a_weekend_is_not_counted() -> None:
    friday = date(2026, 11, 20)
    assert add_working_days(friday, 1, NO_HOLIDAYS) == date(2026, 11, 23)


def test_the_day_of_the_event_is_not_counted() -> None:
    monday = date(2026, 11, 16)
    assert add_working_days(monday, 5, NO_HOLIDAYS) == date(2026, 11, 23)


def test_a_term_over_tet_is_longer_by_the_days_off() -> None:
    assert add_working_days(date(2026, 2, 13), 15, TET_2026) == date(2026, 3, 13)
    assert add_working_days(date(2026, 2, 13), 15, NO_HOLIDAYS) == date(2026, 3, 6)


def test_a_saturday_worked_in_exchange_is_counted() -> None:
    saturday = date(2026, 8, 22)
    assert add_working_days(date(2026, 8, 21), 1, NO_HOLIDAYS, frozenset({saturday})) == saturday
    assert not is_working_day(saturday, NO_HOLIDAYS)


def test_no_days_end_on_the_day_itself() -> None:
    sunday = date(2026, 11, 22)
    assert add_working_days(sunday, 0, NO_HOLIDAYS) == sunday


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(ValueError):
        add_working_days(date(2026, 1, 1), -1, NO_HOLIDAYS)


@given(early_days, st.integers(1, 40), holiday_sets)
def test_a_term_ends_on_a_working_day_and_has_its_length(start: date, length: int, holidays: frozenset[date]) -> None:
    end = add_working_days(start, length, holidays)
    assert is_working_day(end, holidays)
    assert working_days_between(start, end, holidays) == length


@given(early_days, early_days, early_days, holiday_sets)
def test_working_days_add_up_over_any_stop_between(
    first: date, second: date, third: date, holidays: frozenset[date]
) -> None:
    first, second, third = sorted((first, second, third))
    whole = working_days_between(first, third, holidays)
    parts = working_days_between(first, second, holidays) + working_days_between(second, third, holidays)
    assert whole == parts
    assert working_days_between(third, first, holidays) == -whole


# --- months ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 21), 36, date(2029, 11, 21)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


# --- the local day --------------------------------------------------------------------------------


def test_a_day_begins_seven_hours_before_it_does_in_greenwich() -> None:
    assert local_midnight(date(2026, 11, 21)) == datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    assert end_of_day_local(date(2026, 11, 21)) == datetime(2026, 11, 21, 16, 59, 59, tzinfo=UTC)


@given(days)
def test_first_and_last_second_are_of_the_same_local_day(day: date) -> None:
    assert local_date(local_midnight(day)) == day
    assert local_date(end_of_day_local(day)) == day
    assert local_date(end_of_day_local(day) + timedelta(seconds=1)) == day + timedelta(days=1)


def test_an_event_late_in_the_evening_counts_from_its_local_day() -> None:
    thursday_evening_utc = datetime(2026, 11, 19, 18, 0, tzinfo=UTC)
    due = due_after_working_days(thursday_evening_utc, 1, NO_HOLIDAYS)
    assert due == end_of_day_local(date(2026, 11, 23))


def test_a_deadline_passed_by_one_second_is_passed() -> None:
    due = end_of_day_local(date(2026, 11, 21))
    assert not is_passed(due, due)
    assert not is_passed(due + timedelta(milliseconds=999), due)
    assert is_passed(due + timedelta(seconds=1), due)


def test_a_deadline_is_an_instant_whatever_clock_shows_it() -> None:
    due = end_of_day_local(date(2026, 11, 21))
    tokyo = timezone(timedelta(hours=9))
    assert not is_passed(due.astimezone(tokyo), due)
    assert is_passed((due + timedelta(seconds=1)).astimezone(tokyo), due)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        is_passed(datetime(2026, 11, 21), datetime(2026, 11, 21, tzinfo=UTC))  # noqa: DTZ001 - the point


# --- writing --------------------------------------------------------------------------------------


def test_dates_are_written_day_month_year() -> None:
    assert format_date_vi(date(2026, 3, 5)) == "05/03/2026"
    assert format_date_vi(datetime(2026, 11, 20, 18, 0, tzinfo=UTC)) == "21/11/2026"


def test_instants_are_written_in_local_time() -> None:
    instant = datetime(2026, 11, 21, 7, 5, 9, tzinfo=UTC)
    assert format_datetime_vi(instant) == "21/11/2026, 14:05"
    assert format_datetime_seconds_vi(instant) == "21/11/2026, 14:05:09"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 2, 9), "ngày 09 tháng 02 năm 2026"),
        (date(2026, 10, 10), "ngày 10 tháng 10 năm 2026"),
        (date(2026, 12, 1), "ngày 01 tháng 12 năm 2026"),
    ],
)
def test_state_papers_put_a_zero_where_one_could_be_added(day: date, written: str) -> None:
    assert format_date_formal_vi(day) == written
