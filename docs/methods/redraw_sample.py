#!/usr/bin/env python3
"""Draws an auditor's sample of OffGridFlow again: python3 redraw_sample.py sample-1.zip

Needs Python 3.9 or newer and its standard library, no network and no OffGridFlow. Ends with 0 and a line "redrawn: ...", or with 1 and the first
difference. The method is described in docs/methods/sampling.md.
"""
import csv
import hashlib
import heapq
import io
import json
import sys
import zipfile
from decimal import Context, Decimal, ROUND_FLOOR

EXACT = Context(prec=60)
PER_KG = 10 ** 12  # Masses are whole millionths of millionths of a kg.
FACTOR = {80: Decimal("1.61"), 90: Decimal("2.31"), 95: Decimal("3.00")}
EXPANSION = {80: Decimal("1.3"), 90: Decimal("1.5"), 95: Decimal("1.6")}


class Difference(Exception):
    pass


def units(kg):
    return int(EXACT.multiply(Decimal(kg), PER_KG))


def digest(text):
    return hashlib.sha256(text.encode("utf-8")).digest()


def rows(archive, name):
    with archive.open(name) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, "utf-8", newline=""))


def expect(what, kept, made):
    if kept != made:
        raise Difference(f"{what}: kept {kept}, made again {made}")


def interval_of(plan):
    """(tolerable - expected x expansion factor) / confidence factor, cut off at the twelfth decimal."""
    level = plan["confidencePercent"]
    left = EXACT.subtract(Decimal(plan["tolerableKg"]), EXACT.multiply(Decimal(plan["expectedKg"]), EXPANSION[level]))
    return int(EXACT.divide(EXACT.multiply(left, PER_KG), FACTOR[level]).to_integral_value(ROUND_FLOOR))


def draw(plan, population):
    """Places, ids and why, in the order of the population."""
    method, seed = plan["method"], plan["seed"]
    if method == "all":
        for row in population:
            yield row["result_id"], "drawn"
        return
    if method == "random":
        lowest = heapq.nsmallest(
            plan["count"], ((digest(f"{seed}|{row['result_id']}"), place, row["result_id"]) for place, row in enumerate(population)))
        for _, _, name in sorted(lowest, key=lambda one: one[1]):
            yield name, "drawn"
        return
    interval = interval_of(plan)
    expect("interval", units(plan["intervalKg"]), interval)
    following, passed = int.from_bytes(digest(f"{seed}|start"), "big") % interval, 0
    for row in population:
        mass = units(row["kg_co2e"])
        if mass <= 0:
            continue
        if mass >= interval:
            yield row["result_id"], "high"
            continue
        passed += mass
        if following < passed:
            following += interval
            yield row["result_id"], "hit"


def checked(population, seen):
    """Hands the population on, and holds its order, hash, number and sum."""
    last = None
    for row in population:
        key = (int(row["scope"]), int(row["category"]), row["month"], row["result_id"])
        if last is not None and key <= last:
            raise Difference(f"population.csv: {row['result_id']} stands out of order")
        last = key
        cells = (row["result_id"], row["scope"], row["category"], row["month"], row["scope2_view"], row["kg_co2e"])
        seen["hash"].update(("|".join(cells) + "\n").encode("utf-8"))
        seen["count"] += 1
        seen["units"] += units(row["kg_co2e"])
        yield row


def main(path):
    with zipfile.ZipFile(path) as archive:
        plan = json.loads(archive.read("sample.json"))
        expect("format", "offgridflow-sample 1", plan["format"])
        seen = {"hash": hashlib.sha256(), "count": 0, "units": 0}
        drawn = list(draw(plan, checked(rows(archive, "population.csv"), seen)))
        expect("SHA-256 of the population", plan["populationSha256"], seen["hash"].hexdigest())
        expect("results in the population", plan["population"], seen["count"])
        expect("mass of the population", units(plan["populationKg"]), seen["units"])
        kept = [(row["result_id"], row["stratum"]) for row in rows(archive, "items.csv")]
        expect("number of items", len(kept), len(drawn))
        for number, (one, other) in enumerate(zip(kept, drawn), 1):
            expect(f"item {number}", one, other)
    print(f"redrawn: {len(drawn)} items of {seen['count']} results, population {plan['populationSha256'][:16]}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        main(sys.argv[1])
    except (Difference, KeyError, ValueError, zipfile.BadZipFile) as problem:
        print(f"not the same: {problem}")
        sys.exit(1)
