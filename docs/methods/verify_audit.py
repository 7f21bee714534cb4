#!/usr/bin/env python3
"""Checks an exported audit log without OffGridFlow. Python 3.8 or newer, standard library only.

    python3 verify_audit.py EXPORT.jsonl [--heads FOLDER_OR_FILE ...] [--key audit-signing.pub]

EXPORT.jsonl   GET /api/v1/audit/export: all entries of an organization, one JSON object a line
--heads        the folder audit-heads of the data folder, or files of it; signed heads are compared with the entries
--key          the public key beside the signing key; without it signatures are not checked, and the output says so

Prints what was found and ends with 0 when everything is intact, 1 when something is broken (the first thing that is), 2 when it was
called wrongly. The format is described in audit-chain.md, beside this file.
"""
import argparse
import base64
import hashlib
import json
import os
import sys
from datetime import datetime, timezone

START = "0" * 64


class Broken(Exception):
    pass


def microseconds(text):
    """Microseconds since 1970-01-01 UTC of an ISO 8601 instant such as 2026-11-21T09:30:00.123456+00:00; exact, hence without floats."""
    text = text.replace("Z", "+00:00")
    date, rest = text.split("T")
    sign = max(rest.rfind("+"), rest.rfind("-"))
    clock, offset = rest[:sign], rest[sign:]
    whole, _, fraction = clock.partition(".")
    moment = datetime.fromisoformat(date + "T" + whole + offset).astimezone(timezone.utc)
    seconds = moment - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return (seconds.days * 86400 + seconds.seconds) * 1000000 + int((fraction + "000000")[:6])


def canonical(entry, sequence, previous):
    """The bytes that are hashed: each field as length:bytes, (a netstring), null as -,"""
    fields = [
        "1", entry["tenantId"], str(sequence), previous, entry["id"], str(microseconds(entry["at"])), entry["actorKind"], entry["actorId"],
        entry["actorName"], entry["address"], entry["action"], entry["subject"], entry["details"], entry["before"], entry["after"],
        str(microseconds(entry["sealedAt"])),
    ]
    out = []
    for field in fields:
        if field is None:
            out.append(b"-,")
        else:
            value = field.encode("utf-8")
            out.append(b"%d:%s," % (len(value), value))
    return b"".join(out)


def hash_of(entry, sequence, previous):
    return hashlib.sha256(canonical(entry, sequence, previous)).hexdigest()


# --- ECDSA over NIST P-256 (FIPS 186-5, SEC 1), only what checking a signature needs -------------------------------------------------

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
# SubjectPublicKeyInfo of an uncompressed P-256 point, up to the point (RFC 5480).
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")


def double(point):
    x, y, z = point
    if z == 0 or y == 0:
        return (1, 1, 0)
    delta, gamma = z * z % P, y * y % P
    beta = x * gamma % P
    alpha = 3 * (x - delta) * (x + delta) % P
    x3 = (alpha * alpha - 8 * beta) % P
    return (x3, (alpha * (4 * beta - x3) - 8 * gamma * gamma) % P, ((y + z) * (y + z) - gamma - delta) % P)


def add(left, right):
    if left[2] == 0:
        return right
    if right[2] == 0:
        return left
    (x1, y1, z1), (x2, y2, z2) = left, right
    z1z1, z2z2 = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * z2z2 % P, x2 * z1z1 % P
    s1, s2 = y1 * z2 * z2z2 % P, y2 * z1 * z1z1 % P
    if u1 == u2:
        return double(left) if s1 == s2 else (1, 1, 0)
    h, r = u2 - u1, s2 - s1
    hh = h * h % P
    hhh, v = h * hh % P, u1 * hh % P
    x3 = (r * r - hhh - 2 * v) % P
    return (x3, (r * (v - x3) - s1 * hhh) % P, h * z1 * z2 % P)


def sum_of_multiples(first, point, second, other):
    """first * point + second * other, both at once (Shamir's trick)."""
    both = add(point, other)
    result = (1, 1, 0)
    for bit in range(255, -1, -1):
        result = double(result)
        choice = (first >> bit & 1, second >> bit & 1)
        if choice == (1, 0):
            result = add(result, point)
        elif choice == (0, 1):
            result = add(result, other)
        elif choice == (1, 1):
            result = add(result, both)
    return result


def read_key(path):
    with open(path, encoding="ascii") as file:
        body = "".join(line.strip() for line in file if not line.startswith("-----"))
    data = base64.b64decode(body)
    if len(data) != len(SPKI) + 65 or not data.startswith(SPKI) or data[len(SPKI)] != 4:
        raise ValueError("%s is not the public key of an audit log (ECDSA P-256, PEM)." % path)
    x, y = (int.from_bytes(data[len(SPKI) + 1 + at : len(SPKI) + 33 + at], "big") for at in (0, 32))
    if (y * y - (x * x * x - 3 * x + B)) % P:
        raise ValueError("%s holds a point that is not on the curve P-256." % path)
    return (x, y)


def is_signed(key, message, signature):
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < N and 0 < s < N):
        return False
    w = pow(s, N - 2, N)
    e = int.from_bytes(hashlib.sha256(message).digest(), "big")
    x, _, z = sum_of_multiples(e * w % N, (*G, 1), r * w % N, (*key, 1))
    return z != 0 and x * pow(z, 2 * (P - 2), P) % P % N == r


# --- heads ----------------------------------------------------------------------------------------------------------------------------


def head_files(paths):
    found = []
    for path in paths:
        if os.path.isdir(path):
            found += [os.path.join(path, name) for name in os.listdir(path) if name.endswith(".jsonl")]
        else:
            found.append(path)
    return sorted(found, key=os.path.basename)


def read_heads(files, tenant, key):
    """The valid heads of the organization by sequence, and the first fault of the files or None."""
    heads, fault, previous, former = [], None, START, None
    for file in files:
        with open(file, "rb") as stream:
            lines = stream.read().split(b"\n")
        if lines[-1] and file == files[-1]:
            lines.pop()  # torn by a kill, or being written: it does not count yet
        for number, line in enumerate((line for line in lines if line), 1):
            place = "line %d of %s" % (number, os.path.basename(file))
            try:
                head = json.loads(line)
                signed, _, _ = line.rpartition(b',"signature":')
                signature = base64.b64decode(head["signature"])
                head["previous"], head["hash"], head["sequence"], head["tenant"], head["at"]
            except (ValueError, KeyError, TypeError):
                fault = fault or "head-forged: %s cannot be read as a head." % place
                previous = hashlib.sha256(line).hexdigest()
                continue
            if head["previous"] != previous and fault is None:
                # Was the line before it changed, or is there one that is no longer there?
                if former and key and not is_signed(key, former[0], former[1]):
                    fault = "head-forged: %s is not signed with this key." % former[2]
                else:
                    fault = "head-missing: %s does not follow the line before it: lines between them were taken out or changed." % place
            former = (signed, signature, place)
            previous = hashlib.sha256(line).hexdigest()
            if head["tenant"] == tenant:
                if key is None or is_signed(key, signed, signature):
                    heads.append(head)
                else:
                    fault = fault or "head-forged: %s is not signed with this key." % place
    heads.sort(key=lambda head: (head["sequence"], head["at"]))
    return heads, fault


# --- chain ----------------------------------------------------------------------------------------------------------------------------


def name(entry):
    return "entry %s (%s of %s, %s)" % (entry["sequence"], entry["action"], entry["at"], entry["id"])


def judge(entries, index, held):
    """An entry that does not fit its place may be another's, unharmed."""
    suspect, before = entries[index], START
    for place in entries:
        if place["sequence"] != suspect["sequence"]:
            moved = place["hash"] if place["sequence"] == suspect["sequence"] + 1 else before
            other = dict(suspect, id=place["id"], sealedAt=place["sealedAt"])
            for content, previous in ((suspect, before), (suspect, moved), (other, before)):
                if hash_of(content, place["sequence"], previous) in (place["hash"], suspect["hash"]):
                    return Broken("reordered: entries %d and %d have exchanged places. %s" % (suspect["sequence"], place["sequence"], held))
        before = place["hash"]
    return Broken("edited: %s is not what was sealed: it, or the entry before it with its seal, was changed. %s" % (name(suspect), held))


def check(entries, heads):
    """Raises Broken at the first entry that is wrong."""
    sequence, previous, at, last = 0, START, 0, None

    def held():
        return "No signed head lies before it." if last is None else "Up to entry %d the log is as it was signed at %s." % (last["sequence"], last["at"])

    for index, entry in enumerate(entries):
        if entry["sequence"] > sequence + 1:
            raise Broken("missing: entries %d to %d are not there; the next is %s. %s" % (sequence + 1, entry["sequence"] - 1, name(entry), held()))
        if entry["sequence"] <= sequence:
            raise Broken("edited: %s stands at a place that another entry holds. %s" % (name(entry), held()))
        if hash_of(entry, entry["sequence"], previous) != entry["hash"]:
            raise judge(entries, index, held())
        sequence, previous = entry["sequence"], entry["hash"]
        while at < len(heads) and heads[at]["sequence"] <= sequence:
            if heads[at]["hash"] != previous:
                raise Broken("rewritten: %s has another hash than the head signed at %s names. %s" % (name(entry), heads[at]["at"], held()))
            last, at = heads[at], at + 1
    return sequence, previous, at, held


def main():
    parser = argparse.ArgumentParser(description="Checks an exported audit log of OffGridFlow.")
    parser.add_argument("export")
    parser.add_argument("--heads", nargs="+", default=[])
    parser.add_argument("--key")
    arguments = parser.parse_args()
    try:
        with open(arguments.export, encoding="utf-8") as file:
            lines = [json.loads(line) for line in file if line.strip()]
        key = read_key(arguments.key) if arguments.key else None
        files = head_files(arguments.heads)
        tenants = sorted({line["tenantId"] for line in lines})
        if len(tenants) > 1:
            raise ValueError("%s holds entries of several organizations." % arguments.export)
        entries = sorted((line for line in lines if line["sequence"] is not None), key=lambda line: line["sequence"])
        heads, fault = read_heads(files, tenants[0] if tenants else "", key)
    except (OSError, ValueError, KeyError) as error:
        print(error, file=sys.stderr)
        return 2
    try:
        sequence, last, compared, held = check(entries, heads)
        # An export begins by writing that it is made, and holds that entry: it says which heads the file must reach.
        exported = max((microseconds(line["at"]) for line in lines if line["action"] == "audit.exported"), default=None)
        if exported is None or max(microseconds(line["at"]) for line in lines) > exported + 60000000:
            raise Broken("truncated: the file does not hold the entry of its own making (audit.exported): it was cut, or filtered, or is no whole export. %s" % held())
        beyond = heads[compared:]
        if beyond and microseconds(beyond[0]["at"]) <= exported:
            raise Broken("truncated: entries %d to %d are not there, though a head of %s names them. %s" % (sequence + 1, beyond[-1]["sequence"], beyond[0]["at"], held()))
        if fault:
            raise Broken(fault)
    except Broken as broken:
        print("BROKEN " + str(broken))
        return 1
    unsealed = len(lines) - len(entries)
    print("intact: %d entries, head %d %s, %d signed heads compared%s, %d not sealed yet" % (
        len(entries), sequence, last, compared, "" if key else " (signatures not checked: no --key)", unsealed))
    if beyond:
        print("%d heads were signed after this export, the first at %s for entry %d." % (len(beyond), beyond[0]["at"], beyond[0]["sequence"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
