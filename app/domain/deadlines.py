"""Deadlines: working days, local midnight, and dates as Vietnamese papers write them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Set
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
SATURDAY = 5
NO_DAYS: Set[date] = frozenset()


def is_working_day(day: date, holidays: Set[date], worked: Set[date] = NO_DAYS) -> bool:
    """True for Monday to Friday that is no holiday, and for a weekend day worked in exchange.

    Args:
        day: the local date.
        holidays: days off, weekend or not.
        worked: weekend days that the government made working days.
    """
    return day in worked or (day.weekday() < SATURDAY and day not in holidays)


def add_working_days(start: date, days: int, holidays: Set[date], worked: Set[date] = NO_DAYS) -> date:
    """The last day of a term of ``days`` working days; the day of the event itself is not counted.

    Zero days is ``start``, whatever day that is.

    Raises:
        ValueError: ``days`` is negative.
    """
    if days < 0:
        raise ValueError("a term has no negative number of days")
    day = start
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day, holidays, worked)
    return day


def working_days_between(start: date, end: date, holidays: Set[date], worked: Set[date] = NO_DAYS) -> int:
    """Working days after ``start`` up to and with ``end``; negative when ``end`` is the earlier."""
    if end < start:
        return -working_days_between(end, start, holidays, worked)
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, holidays, worked) for day in span)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def local_datetime(instant: datetime) -> datetime:
    """An instant as the clock on a wall in Viet Nam shows it.

    Raises:
        ValueError: the instant carries no time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return instant.astimezone(LOCAL)


def local_date(instant: datetime) -> date:
    """The date in Viet Nam at an instant."""
    return local_datetime(instant).date()


def local_midnight(day: date) -> datetime:
    """The instant (UTC) at which a day begins in Viet Nam."""
    return datetime.combine(day, time.min, LOCAL).astimezone(UTC)


def end_of_day_local(day: date) -> datetime:
    """The last second (UTC) of a day in Viet Nam, which is when a deadline in days falls due."""
    return datetime.combine(day, time(23, 59, 59), LOCAL).astimezone(UTC)


def due_after_working_days(event_at: datetime, days: int, holidays: Set[date], worked: Set[date] = NO_DAYS) -> datetime:
    """The instant (UTC) at which a term of working days ends that an event started."""
    return end_of_day_local(add_working_days(local_date(event_at), days, holidays, worked))


def is_passed(now: datetime, due_at: datetime) -> bool:
    """True from one second after ``due_at``; the whole second of the deadline is still in time."""
    return local_datetime(now).replace(microsecond=0) > local_datetime(due_at)


def format_date_vi(day: date | datetime) -> str:
    """``21/11/2026``; an instant is shown by its date in Viet Nam."""
    day = local_date(day) if isinstance(day, datetime) else day
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_datetime_vi(instant: datetime) -> str:
    """``21/11/2026, 14:05`` in local time."""
    return f"{format_date_vi(instant)}, {local_datetime(instant):%H:%M}"


def format_datetime_seconds_vi(instant: datetime) -> str:
    """``21/11/2026, 14:05:09`` in local time, for refusals where a second decides."""
    return f"{format_date_vi(instant)}, {local_datetime(instant):%H:%M:%S}"


def format_date_formal_vi(day: date | datetime) -> str:
    """``ngày 05 tháng 3 năm 2026``: days 1-9 and months 1-2 take a zero, so that none is added.

    Source: NĐ 30/2020/NĐ-CP.
    """
    day = local_date(day) if isinstance(day, datetime) else day
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
