"""Files of contacts, as people have them."""

from __future__ import annotations

NAMES = ("Ada", "Bram", "Chloé", "Dimitra", "Elif", "Femi", "Grażyna", "Huy", "Ines", "Jörg", "Καλλιόπη", "ليلى")
HEADINGS = ("First name", "Last name", "Mobile", "City")
CITIES = ("Leeds", "York", "Hull")


def contacts_csv(rows: int, *, first: int, broken_every: int = 0, delimiter: str = ",") -> str:
    """Rows with numbers as people type them, from 07400 `first` on; every so many-th number is too short to be one."""
    lines = [delimiter.join(HEADINGS)]
    for row in range(rows):
        number = f"07400 {first + row:06d}"
        if broken_every and row % broken_every == broken_every - 1:
            number = "0740"
        lines.append(delimiter.join((NAMES[row % len(NAMES)], f"No. {row + 1}", number, CITIES[row % len(CITIES)])))
    return "\r\n".join(lines) + "\r\n"
