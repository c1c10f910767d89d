"""Cells of a spreadsheet that cannot do anything (OWASP ASVS V1.2.10).

A cell that begins with one of these is taken for a formula by some spreadsheet, or hides one; a leading apostrophe makes it text. The apostrophe
itself is among them, so that reading takes away exactly what writing added, and a file comes back equal.
"""

from __future__ import annotations

DANGEROUS = "=+-@\t\r\n\x00|%＝＋－＠'"  # full-width forms count too: some spreadsheets fold them


def safe(value: str) -> str:
    """`value` as a cell that is only ever text."""
    return f"'{value}" if value and value[0] in DANGEROUS else value


def plain(cell: str) -> str:
    """What `safe` was given. An apostrophe before anything else is the author's own."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in DANGEROUS else cell
