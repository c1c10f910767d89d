"""Nobody is there: when the staff works, and the one honest message for whoever writes in between (S111, S113).

Kept short, one part each with a usual day. Languages beyond English await native review like the words of consent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from textfirst.decisions.packs.types import Spans
from textfirst.decisions.packs.zones import zone
from textfirst.decisions.policy import StaffHours

FURTHEST = 31  # days looked ahead and back: a holiday longer than that has no end to promise
BACK = "{back}"  # in a message of their own, where the moment goes


@dataclass(frozen=True, slots=True)
class _Words:
    """`message` names the moment by `back`; the others say a moment, `days` from Monday on."""

    message: str
    endless: str
    today: str
    tomorrow: str
    dated: str
    days: tuple[str, str, str, str, str, str, str]


_WORDS = {
    "en": _Words(
        "We have your message. We are back {back}.", "We have your message and answer as soon as we can.",
        "today at {time}", "tomorrow at {time}", "on {date} at {time}",
        ("Monday at {time}", "Tuesday at {time}", "Wednesday at {time}", "Thursday at {time}", "Friday at {time}", "Saturday at {time}", "Sunday at {time}"),
    ),
    "ar": _Words(
        "وصلتنا رسالتك. نعود {back}.", "وصلتنا رسالتك وسنجيبك في أقرب وقت.",
        "اليوم الساعة {time}", "غدًا الساعة {time}", "يوم {date} الساعة {time}",
        ("الاثنين الساعة {time}", "الثلاثاء الساعة {time}", "الأربعاء الساعة {time}", "الخميس الساعة {time}", "الجمعة الساعة {time}", "السبت الساعة {time}", "الأحد الساعة {time}"),
    ),
    "vi": _Words(
        "Đã nhận tin nhắn của bạn. Chúng tôi trở lại lúc {back}.", "Đã nhận tin nhắn của bạn. Chúng tôi sẽ trả lời sớm nhất có thể.",
        "{time} hôm nay", "{time} ngày mai", "{time} ngày {date}",
        ("{time} thứ Hai", "{time} thứ Ba", "{time} thứ Tư", "{time} thứ Năm", "{time} thứ Sáu", "{time} thứ Bảy", "{time} Chủ nhật"),
    ),
    "el": _Words(
        "Λάβαμε το μήνυμά σας. Επιστρέφουμε {back}.", "Λάβαμε το μήνυμά σας και θα απαντήσουμε το συντομότερο.",
        "σήμερα στις {time}", "αύριο στις {time}", "στις {date}, ώρα {time}",
        ("τη Δευτέρα στις {time}", "την Τρίτη στις {time}", "την Τετάρτη στις {time}", "την Πέμπτη στις {time}", "την Παρασκευή στις {time}", "το Σάββατο στις {time}", "την Κυριακή στις {time}"),
    ),
    "pl": _Words(
        "Mamy Twoją wiadomość. Wracamy {back}.", "Mamy Twoją wiadomość i odpowiemy jak najszybciej.",
        "dziś o {time}", "jutro o {time}", "{date} o {time}",
        ("w poniedziałek o {time}", "we wtorek o {time}", "w środę o {time}", "w czwartek o {time}", "w piątek o {time}", "w sobotę o {time}", "w niedzielę o {time}"),
    ),
}  # fmt: skip


def is_there(staff: StaffHours, now: datetime) -> bool:
    """Whether somebody works at `now` (aware)."""
    there = now.astimezone(zone(staff.zone))
    minute = there.hour * 60 + there.minute
    return any(span.opens <= minute < span.closes for span in _spans(staff, there.date()))


def back_at(staff: StaffHours, now: datetime) -> datetime | None:
    """When somebody works next; None when nobody does within a month."""
    return next((moment for moment in _edges(staff, now, range(FURTHEST), opening=True) if moment > now), None)


def left_at(staff: StaffHours, now: datetime) -> datetime:
    """When somebody worked last, at most a month ago: it names the time that nobody has been there since."""
    past = [moment for moment in _edges(staff, now, range(-FURTHEST, 1), opening=False) if moment <= now]
    return max(past, default=now - timedelta(days=FURTHEST))


def away_text(staff: StaffHours, now: datetime, *, language: str, house_language: str) -> str:
    """What to tell whoever writes at `now`: their language first, then the house's; its own words before ours."""
    back = back_at(staff, now)
    own = {_short(name): text for name, text in staff.messages.items()}
    for code in (_short(language), _short(house_language), "en"):
        if code in own:
            return own[code].replace(BACK, _moment(_WORDS.get(code, _WORDS["en"]), staff, now, back) if back else "").strip()
        if code in _WORDS:
            words = _WORDS[code]
            return words.message.format(back=_moment(words, staff, now, back)) if back else words.endless
    raise AssertionError("there are English words")


def _moment(words: _Words, staff: StaffHours, now: datetime, back: datetime) -> str:
    then, today = back.astimezone(zone(staff.zone)), now.astimezone(zone(staff.zone)).date()
    days = (then.date() - today).days
    near = {0: words.today, 1: words.tomorrow}.get(days) or (words.days[then.weekday()] if days < 7 else words.dated)
    return near.format(time=f"{then.hour}:{then.minute:02}", date=then.date().isoformat())


def _edges(staff: StaffHours, now: datetime, days: range, *, opening: bool) -> Iterator[datetime]:
    """When hours open, or close, on these days counted from the one of `now`."""
    there = zone(staff.zone)
    today = now.astimezone(there).date()
    for day in (today + timedelta(days=number) for number in days):
        for span in _spans(staff, day):
            wall = datetime(day.year, day.month, day.day) + timedelta(minutes=span.opens if opening else span.closes)  # noqa: DTZ001 - its zone comes next
            yield wall.replace(tzinfo=there).astimezone(UTC)


def _spans(staff: StaffHours, day: date) -> Spans:
    return () if day in staff.holidays else staff.week.days[day.weekday()]


def _short(language: str) -> str:
    return language.partition("-")[0].lower()
