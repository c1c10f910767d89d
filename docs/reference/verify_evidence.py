"""Verify an evidence pack of Textfirst, without Textfirst: `python3 verify_evidence.py evidence.json`.

Needs nothing but Python 3. For each entry it recomputes the digest of the personal fields, the path from the entry to the root of its batch, the
seal over that root, and that the seals hold on to each other. A seal that you noted down earlier can be given with --head: it must be in the chain.
Answers 0 when everything holds, 1 when something does not, 2 when the file is not an evidence pack.

How the hashes are made: https://en.wikipedia.org/wiki/Netstring rows under SHA-256. See docs/explain/consent.md.
"""

import hashlib
import json
import sys

FIELDS = (
    "id",
    "kind",
    "scope",
    "channels",
    "address_hash",
    "contact_id",
    "channel_id",
    "message_id",
    "source",
    "keyword",
    "text_hash",
    "language",
    "by_user_id",
    "at",
    "expires_at",
    "digest",
)  # fmt: skip

PERSONAL = ("address", "words", "origin", "ip", "user_agent", "note")


def row(values):
    """Netstrings, one after the other; `-,` for nothing."""
    made = b""
    for value in values:
        made += b"-," if value is None else str(len(value.encode())).encode() + b":" + value.encode() + b","
    return made


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def check_entry(entry, seals):
    """What is wrong with one entry."""
    fields, personal, proof = entry["fields"], entry["personal"], entry["proof"]
    if personal is not None:
        digest = sha(bytes.fromhex(personal["salt"]), row(personal[name] for name in PERSONAL))
        if digest.hex() != fields["digest"]:
            yield "its personal fields are not those it was written down with"
    if entry["shown"] is not None and sha(entry["shown"].encode()).hex() != fields["text_hash"]:
        yield "the words shown are not those it was written down with"
    if proof is None:
        yield "it has no seal yet (make the pack again in a minute)"
        return
    found = sha(b"\x00", row(fields[name] for name in FIELDS))
    for step in proof["path"]:
        beside = bytes.fromhex(step["hash"])
        found = sha(b"\x01", beside, found) if step["side"] == "left" else sha(b"\x01", found, beside)
    seal = seals.get(proof["seal"])
    if seal is None:
        yield f"seal {proof['seal']} is not in the pack"
    elif found.hex() != seal["root"]:
        yield f"it is not what seal {proof['seal']} was put under"


def check_seals(workspace, seals):
    """What is wrong with the chain; seals that the pack leaves out are no fault, but a gap ends what can be said."""
    before = None
    for seal in seals:
        fields = (workspace, str(seal["number"]), str(seal["entries"]), seal["root"], seal["previous"], seal["sealed_at"])
        if sha(b"\x02", row(fields)).hex() != seal["seal"]:
            yield f"seal {seal['number']} does not cover what it says"
        if before is not None and before["number"] + 1 == seal["number"] and seal["previous"] != before["seal"]:
            yield f"seal {seal['number']} does not hold on to the one before"
        before = seal


def main(arguments):
    head = None
    if "--head" in arguments:
        at = arguments.index("--head")
        head = arguments[at + 1]
        del arguments[at : at + 2]
    try:
        with open(arguments[0], encoding="utf-8") as file:
            pack = json.load(file)
        if pack["format"] != "textfirst-evidence-1":
            raise ValueError("another format")
    except (IndexError, OSError, ValueError, KeyError, TypeError) as why:
        print(f"This is no evidence pack: {why}", file=sys.stderr)
        return 2
    seals = {seal["number"]: seal for seal in pack["seals"]}
    wrong = [f"chain: {problem}" for problem in check_seals(pack["workspace"]["id"], pack["seals"])]
    for entry in pack["entries"]:
        wrong += [f"entry {entry['fields']['id']}: {problem}" for problem in check_entry(entry, seals)]
    if head is not None and head not in {seal["seal"] for seal in pack["seals"]}:
        wrong.append("chain: the seal you noted down is not in it")
    erased = sum(entry["personal"] is None for entry in pack["entries"])
    print(
        f"{len(pack['entries'])} entries ({erased} without personal fields), {len(pack['seals'])} seals, {len(pack['messages'])} messages"
    )
    print("\n".join(wrong) or "Everything holds.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
