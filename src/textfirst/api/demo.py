"""A workspace to look around in: people with labels and a list, and a campaign whose phones answer by themselves.

The numbers are those kept for fiction where a country has such (Ofcom's 07700 900xxx, 555-01xx), else from blocks of zeros; and everybody is in the
list "Demo", so that they are found and taken out again. The campaign goes through the simulator whatever other channels there are.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from textfirst.accounts.models import User, Workspace
from textfirst.api.phones import ask_phones
from textfirst.campaigns.actions.planning import create as create_campaign
from textfirst.campaigns.actions.steering import start
from textfirst.channels.queries import simulators
from textfirst.consent.actions.grants import grant
from textfirst.consent.types import Given, Kind, Permission, Source
from textfirst.contacts.actions.contacts import create_contact
from textfirst.contacts.actions.groups import create_label, create_list, create_segment
from textfirst.contacts.models import ContactIdentity
from textfirst.contacts.types import Audience, ContactFields
from textfirst.core.addresses import TEL, Address
from textfirst.core.errors import Unavailable
from textfirst.core.purposes import Purpose
from textfirst.database.scope import workspace_scope

log = logging.getLogger(__name__)

FULL_YEAR = 365


@dataclass(frozen=True, slots=True)
class _Group:
    """People of one country; the numbers count up from 1 in `block`, which is filled to `digits`."""

    language: str
    time_zone: str
    block: str
    digits: int
    names: Sequence[str]


_GROUPS = (
    _Group("el", "Europe/Athens", "+306900000", 3, (
        "Ελένη Παπαδοπούλου", "Γιώργος Νικολάου", "Μαρία Αντωνίου", "Κώστας Βασιλείου", "Σοφία Γεωργίου", "Νίκος Δημητρίου", "Κατερίνα Ιωάννου",
        "Αντώνης Καραγιάννης", "Δέσποινα Λάμπρου", "Πέτρος Μακρής", "Ιωάννα Οικονόμου", "Θανάσης Σταύρου",
    )),
    _Group("ar", "Asia/Dubai", "+9715000000", 2, (
        "فاطمة الزهراء", "محمد العلي", "نورة المنصوري", "خالد حداد", "ليلى قاسم", "يوسف النجار", "مريم الشامسي", "عمر درويش",
    )),
    _Group("en", "Europe/London", "+447700900", 3, (
        "Grace Okafor", "Oliver Bennett", "Priya Sharma", "Jack Turner", "Amelia Clarke", "Noah Hughes", "Isla MacLeod", "Harry Patel",
    )),
    _Group("en", "America/New_York", "+120255501", 2, ("Emma Rodriguez", "Liam Johnson", "Zoe Kim", "Daniel Brooks")),
    _Group("vi", "Asia/Ho_Chi_Minh", "+84900000", 3, ("Nguyễn Thị Lan", "Trần Văn Minh", "Lê Thu Hà", "Phạm Quốc Bảo")),
    _Group("pl", "Europe/Warsaw", "+48500000", 3, ("Anna Kowalska", "Piotr Nowak", "Zofia Wiśniewska", "Tomasz Zieliński")),
)  # fmt: skip

_NAME = {"en": "Your next visit", "ar": "زيارتك القادمة", "el": "Η επόμενη επίσκεψή σας", "vi": "Lần hẹn tới", "pl": "Najbliższa wizyta"}
_TEXT = {
    "en": 'Hello {{ contact.first_name | default: "there" }}, this is {{ workspace.name }}. It has been a while: shall we keep you a place on '
          "Thursday at 17:00? Reply YES to take it, or STOP to hear no more from us.",
    "ar": 'مرحباً {{ contact.first_name | default: "بك" }}، معك {{ workspace.name }}. هل نحجز لك موعداً يوم الخميس الساعة 17:00؟ '
          "أجب بنعم للتأكيد، أو إيقاف لعدم تلقي رسائلنا.",
    "el": "Γεια σας {{ contact.first_name }}, από {{ workspace.name }}. Να σας κρατήσουμε ώρα την Πέμπτη στις 17:00; "
          "Απαντήστε ΝΑΙ, ή ΣΤΟΠ για να μη λαμβάνετε μηνύματα.",
    "vi": 'Chào {{ contact.first_name | default: "bạn" }}, {{ workspace.name }} đây. Chúng tôi giữ chỗ cho bạn lúc 17:00 thứ Năm nhé? '
          "Trả lời CÓ để nhận, hoặc HUY để ngừng nhận tin.",
    "pl": "Dzień dobry {{ contact.first_name }}, tu {{ workspace.name }}. Czy zarezerwować wizytę w czwartek o 17:00? "
          "Odpisz TAK, albo STOP, aby nie dostawać wiadomości.",
}  # fmt: skip
_AGREED = {
    "en": "Yes, text me offers and news. I can stop at any time by writing STOP.",
    "ar": "نعم، أرسلوا لي العروض والأخبار. يمكنني التوقف في أي وقت بكتابة إيقاف.",
    "el": "Ναι, στείλτε μου προσφορές και νέα. Μπορώ να σταματήσω όποτε θέλω γράφοντας ΣΤΟΠ.",
    "vi": "Có, hãy nhắn cho tôi ưu đãi và tin tức. Tôi có thể ngừng bất cứ lúc nào bằng cách nhắn HUY.",
    "pl": "Tak, przysyłajcie mi oferty i nowości. Mogę zrezygnować w każdej chwili, pisząc STOP.",
}
_PERMISSIONS = (Kind.DOUBLE_OPT_IN, Kind.EXPRESS_WRITTEN, Kind.DOUBLE_OPT_IN, Kind.EXPRESS, Kind.LEGACY_UNPROVEN, None)  # by turns
_SOURCES = {
    Kind.DOUBLE_OPT_IN: Source.FORM,
    Kind.EXPRESS_WRITTEN: Source.FORM,
    Kind.EXPRESS: Source.PERSON,
    Kind.LEGACY_UNPROVEN: Source.IMPORT,
}
_LABELS = (("Regular", "blue"), ("New", "green"), ("VIP", "grape"))
_CITIES = {"el": "Athens", "ar": "Dubai", "en": "London", "vi": "Ho Chi Minh City", "pl": "Warsaw"}


def fill_demo(workspace: Workspace, user: User, *, now: datetime) -> None:
    """People, labels, a list, a segment and a running campaign, in the caller's transaction; the phones begin to answer after its commit."""
    with workspace_scope(workspace.id):
        list_id = create_list(workspace.id, name="Demo").id
        labels = [create_label(workspace.id, name=name, color=color).id for name, color in _LABELS]
        create_segment(workspace.id, name="VIP", rule={"field": "label", "op": "is", "value": str(labels[2])})
        _people(workspace.id, list_id, labels, now.date())
        _permissions(workspace.id, now)
        channel_id = simulators(workspace.id).values_list("id", flat=True)[0]
        campaign = create_campaign(
            workspace_id=workspace.id, name=_NAME[workspace.language], purpose=Purpose.NOTICE, channel_id=channel_id,
            audience=Audience(lists=(list_id,)), text=_TEXT[workspace.language], created_by_id=user.id,
        )  # fmt: skip
        start(workspace_id=workspace.id, campaign_id=campaign.id, now=now)
    transaction.on_commit(lambda: _let_phones_answer(channel_id))


def _people(workspace_id: UUID, list_id: UUID, labels: Sequence[UUID], today: date) -> None:
    """Who is who is the same in every demo: labels, birthdays and cities follow from the place in the table."""
    numbered = enumerate((group, number, name) for group in _GROUPS for number, name in enumerate(group.names, start=1))
    for place, (group, number, name) in numbered:
        first, _, last = name.partition(" ")
        fields = ContactFields(
            first_name=first, last_name=last, language=group.language, time_zone=group.time_zone,
            birthday=date(1960 + place * 7 % 45, 1 + place * 5 % 12, 1 + place * 11 % 28),
            attributes={"city": _CITIES[group.language], "last_visit": date.fromordinal(today.toordinal() - place * 37 % FULL_YEAR).isoformat()},
        )  # fmt: skip
        address = Address(TEL, f"{group.block}{number:0{group.digits}}")
        create_contact(workspace_id, [address], fields, labels=[labels[(0, 0, 1, 0, 2, 1)[place % 6]]], lists=[list_id])


def _permissions(workspace_id: UUID, now: datetime) -> None:
    """To what they agreed, months ago: most by a form and proved, some not, a few to nothing, so that each answer of the product can be met."""
    found = ContactIdentity.objects.of(workspace_id).order_by("id").values_list("address_hash", "contact__language")
    given: dict[tuple[Kind, str], list[Given]] = defaultdict(list)
    for place, (address_hash, language) in enumerate(found):
        kind = _PERMISSIONS[place % len(_PERMISSIONS)]
        if kind is not None:
            given[kind, language].append(
                Given(bytes(address_hash), now - timedelta(days=30 + place * 7), origin="https://example.com/join")
            )
    for (kind, language), some in given.items():
        shown = "" if kind is Kind.LEGACY_UNPROVEN else _AGREED[language]
        grant(workspace_id, some, Permission(kind, _SOURCES[kind], shown=shown, language=language), now=now)


def _let_phones_answer(channel_id: UUID) -> None:
    """Personas on, at three times human speed so that a visitor sees it. Without a simulator there is nobody to answer, and that is no failure."""
    try:
        ask_phones("PUT", "/knobs", query={"channel_id": str(channel_id)}, body={"personas": True, "speed": 3})
    except Unavailable:
        log.warning("the demo's phones do not answer, for the simulator is not running")
