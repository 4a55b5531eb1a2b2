"""Times and counts in words, in the user's language and zone."""

from datetime import datetime, timedelta

from bacatui.i18n import N_, _, ngettext

_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
_DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def date(moment: datetime) -> str:
    """15 November 2022, in the user's zone."""
    day = moment.astimezone()
    return _("{day} {month} {year}").format(
        day=day.day, month=_(_MONTHS[day.month - 1]), year=day.year
    )


def month(moment: datetime) -> str:
    """November 2022, in the user's zone."""
    then = moment.astimezone()
    return _("{month} {year}").format(month=_(_MONTHS[then.month - 1]), year=then.year)


def clock(moment: datetime) -> str:
    """21:40, in the user's zone."""
    return moment.astimezone().strftime("%H:%M")


def day(moment: datetime, now: datetime) -> str:
    """Today, Yesterday, Monday (within a week), 3 May, or 3 May 2021."""
    then, today = moment.astimezone(), now.astimezone()
    days = (today.date() - then.date()).days
    if days <= 0:
        return _("Today")
    if days == 1:
        return _("Yesterday")
    if days < 7:
        return _(_DAYS[then.weekday()])
    if then.year == today.year:
        return _("{day} {month}").format(day=then.day, month=_(_MONTHS[then.month - 1]))
    return date(moment)


def ago(moment: datetime, now: datetime) -> str:
    """now, 12 min ago, 3 h ago, yesterday 21:40, Monday 09:15, 3 May, or 3 May 2021."""
    age = now - moment
    if age < timedelta(minutes=1):
        return _("now")
    if age < timedelta(hours=1):
        return _("{n} min ago").format(n=int(age.total_seconds() // 60))
    days = (now.astimezone().date() - moment.astimezone().date()).days
    if age < timedelta(hours=12) or days == 0:
        return _("{n} h ago").format(n=int(age.total_seconds() // 3600))
    if days == 1:
        return _("yesterday {time}").format(time=clock(moment))
    if days < 7:
        return f"{day(moment, now)} {clock(moment)}"
    return day(moment, now)


def brief(moment: datetime, now: datetime) -> str:
    """21:40 of today, else 3 May: six cells at most."""
    then = moment.astimezone()
    return (
        clock(moment)
        if then.date() == now.astimezone().date()
        else f"{then.day} {_(_MONTHS[then.month - 1])[:3]}"
    )


def minutes(n: int) -> str:
    """3 min; 1 h 20 min."""
    if n < 60:
        return _("{n} min").format(n=n)
    return (
        _("{h} h {m} min").format(h=n // 60, m=n % 60) if n % 60 else _("{h} h").format(h=n // 60)
    )


def articles(n: int) -> str:
    """1 article; 14 articles."""
    return ngettext("{n} article", "{n} articles", n).format(n=n)
