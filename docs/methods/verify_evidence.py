#!/usr/bin/env python3
"""Recomputes an evidence export of OffGridFlow without OffGridFlow. Python 3.9 or newer, standard library only.

    python3 verify_evidence.py EVIDENCE.zip

Checks every file against the manifest, then every result of an entered activity from its worksheet or its quantity on (days, units, rates
of exchange, price indices, losses, contractual instruments, each gas, CO2e, memo lines), then every total. Prints what was checked and ends with 0 when all of it comes out to the last
digit; else prints the first difference with file, row, column, what was expected and what was found, and ends with 1; with 2 when it was
called wrongly. The format is described in evidence.md, beside this file. The evidence of a locked inventory holds its document as well: its hash, the
hash of each month of the ledger and every total of it are recomputed under the shares of the boundary (inventory-snapshot.md, inventory.md).
"""
import csv
import hashlib
import io
import json
import sys
import zipfile
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation, getcontext, localcontext

getcontext().prec = 60
TWELFTH = Decimal("1e-12")
FORMAT = "offgridflow-evidence 1"
FILES = [
    "entries.csv", "results.csv", "steps.csv", "gases.csv", "factors.csv", "gwp.csv", "blends.csv", "units.csv", "instruments.csv", "cloud.csv", "totals.csv",
    "README.txt", "verify_evidence.py",
]
GAS_COLUMNS = {"CO2": "co2", "CH4": "ch4", "N2O": "n2o"}
PRINCIPAL = ("Direct", "LifeCycle")
PURCHASED_KWH = Decimal(1000)
WITHOUT_FIGURE = ("missing", "excluded")


class Difference(Exception):
    def __init__(self, file, row, column, expected, found):
        super().__init__("%s, row %s, column %s: expected %s, found %s" % (file, row, column, expected, found))


def rounded(value):
    return value.quantize(TWELFTH, ROUND_HALF_EVEN)


def product(a, b):
    return rounded(a * b)


def ratio(a, b, c):
    return rounded(a * b / c)


def days(first, last):
    return Decimal((last - first).days + 1)


class Row(dict):
    """A line of a table: knows where it stands, reads numbers and days strictly."""

    def __init__(self, table, number, cells):
        super().__init__(cells)
        self.table, self.number = table, number

    def differs(self, column, expected):
        return Difference(self.table, self.number, column, expected, self.get(column, ""))

    def num(self, column):
        text = self[column]
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise self.differs(column, "a number") from None
        if not value.is_finite():
            raise self.differs(column, "a number")
        return value

    def opt(self, column):
        return None if self[column] == "" else self.num(column)

    def day(self, column):
        try:
            return date.fromisoformat(self[column])
        except ValueError:
            raise self.differs(column, "a day, yyyy-MM-dd") from None

    def must(self, column, expected):
        """The number that stands there has to be the expected one; null is not zero."""
        found = self.opt(column)
        if found is None or expected is None:
            if found is not expected:
                raise self.differs(column, "nothing" if expected is None else plain(expected))
        elif found != expected:
            raise self.differs(column, plain(expected))


def plain(value):
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Pack:
    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if len(names) != len(set(names)):
                raise Difference(path, "-", "name", "each file once", "a file twice")
            self.bytes = {name: archive.read(name) for name in names}
        self.manifest = self.check_manifest()
        self.entries = self.table("entries.csv")
        self.results = self.table("results.csv")
        self.steps = self.table("steps.csv")
        self.gases = self.table("gases.csv")
        self.factors = self.index("factors.csv", "factor_key")
        self.gwp = {(row["basis"], row["gas"]): row for row in self.table("gwp.csv")}
        self.blends = defaultdict(dict)
        for row in self.table("blends.csv"):
            self.blends[row["blend"]][row["gas"]] = row
        self.units = self.index("units.csv", "unit")
        self.instruments = self.index("instruments.csv", "instrument_id")
        self.cloud = self.table("cloud.csv")
        self.totals = self.table("totals.csv")

    def check_manifest(self):
        raw = self.bytes.get("manifest.json")
        if raw is None:
            raise Difference("manifest.json", "-", "-", "the file", "nothing")
        try:
            manifest = json.loads(raw.decode("utf-8"))
            own = manifest["checksum"]
            listed = {file["name"]: file for file in manifest["files"]}
        except (ValueError, KeyError, TypeError):
            raise Difference("manifest.json", "-", "-", "JSON with format, files and checksum", "something else") from None
        # The checksum is of the file itself with zeros in the place of its digits.
        found = hashlib.sha256(raw.replace(str(own).encode("ascii", "replace"), b"0" * 64)).hexdigest()
        if found != own:
            raise Difference("manifest.json", "-", "checksum", found, own)
        if manifest.get("format") != FORMAT:
            raise Difference("manifest.json", "-", "format", FORMAT, manifest.get("format"))
        for name in FILES:
            if name not in listed or name not in self.bytes:
                raise Difference("manifest.json", "-", "files", name, "nothing")
        for name in self.bytes:
            if name != "manifest.json" and name not in listed:
                raise Difference(name, "-", "-", "no such file in the manifest", "the file")
        for name, file in listed.items():
            if name not in self.bytes:
                raise Difference(name, "-", "-", "the file", "nothing")
            digest = hashlib.sha256(self.bytes[name]).hexdigest()
            if digest != file["sha256"]:
                raise Difference(name, "-", "sha256", file["sha256"], digest)
            if len(self.bytes[name]) != file["bytes"]:
                raise Difference(name, "-", "bytes", file["bytes"], len(self.bytes[name]))
        self.listed = listed
        return manifest

    def table(self, name):
        reader = csv.reader(io.StringIO(self.bytes[name].decode("utf-8"), newline=""))
        head = next(reader)
        rows = []
        for number, cells in enumerate(reader, start=2):
            if len(cells) != len(head):
                raise Difference(name, number, "-", "%d cells" % len(head), "%d" % len(cells))
            rows.append(Row(name, number, zip(head, cells)))
        if len(rows) != self.listed[name].get("rows"):
            raise Difference(name, "-", "rows", self.listed[name].get("rows"), len(rows))
        return rows

    def index(self, name, key):
        rows = {}
        for row in self.table(name):
            if row[key] in rows:
                raise row.differs(key, "each once")
            rows[row[key]] = row
        return rows

    def unit(self, row, column):
        unit = self.units.get(row[column])
        if unit is None:
            raise row.differs(column, "a unit of units.csv")
        return unit

    def convert(self, value, row, source, target):
        """The same amount in another unit of the group: value x from / to."""
        column, source, target = target, self.unit(row, source), self.unit(row, target)
        if source["group"] != target["group"]:
            raise row.differs(column, "a unit of " + source["group"])
        a, b = source.num("factor"), target.num("factor")
        return rounded(value) if a == b else ratio(value, a, b)


def check_steps(pack):
    """Each chain of named steps: every step follows from its operands, those that are earlier results are these. Gives the chains of each result."""
    chains = defaultdict(list)
    for row in pack.steps:
        chain = chains[(row["result_id"], row["kind"])]
        if row["kind"] not in ("worksheet", "money"):
            raise row.differs("kind", "worksheet or money")
        if not chain or chain[-1][0]["number"] != row["number"]:
            if row.num("number") != len(chain):
                raise row.differs("number", "%d" % len(chain))
            chain.append([])
        elif any(row[column] != chain[-1][0][column] for column in ("name", "operation", "result", "unit")):
            raise row.differs("result", "the same in all rows of a step")
        chain[-1].append(row)
    for chain in chains.values():
        results = []
        for step in chain:
            for row in step:
                if row["of_step"] != "":
                    place = int(row.num("of_step"))
                    if not 0 <= place < len(results):
                        raise row.differs("of_step", "an earlier step")
                    row.must("operand_value", results[place])
            step[0].must("result", computed(step))
            results.append(step[0].num("result"))
    return chains


def computed(step):
    """The sum or the product of a step's operands, exact, then rounded once."""
    if step[0]["operation"] not in ("sum", "product"):
        raise step[0].differs("operation", "sum or product")
    plus = [row.num("operand_value") for row in step if row["inverse"] != "yes"]
    minus = [row.num("operand_value") for row in step if row["inverse"] == "yes"]
    with localcontext() as context:
        context.prec = 600
        if step[0]["operation"] == "sum":
            return rounded(sum(plus, Decimal(0)) - sum(minus, Decimal(0)))
        value = Decimal(1)
        for factor in plus:
            value *= factor
        divisor = Decimal(1)
        for factor in minus:
            divisor *= factor
        if divisor == 0:
            raise step[0].differs("operand_value", "no division by zero")
        return rounded(value / divisor)


def check_results(pack):
    chains = check_steps(pack)
    entries = {entry["entry_id"]: entry for entry in pack.entries}
    gases = defaultdict(list)
    for gas in pack.gases:
        gases[gas["result_id"]].append(gas)
    known = set()
    of_entry = defaultdict(list)
    for row in pack.results:
        if row["result_id"] in known:
            raise row.differs("result_id", "each once")
        known.add(row["result_id"])
        of_entry[row["entry_id"]].append(row)
        if row["basis"] in WITHOUT_FIGURE:
            for column in ("kg_co2e", "kilowatt_hours", "biogenic_kg_co2", "non_kyoto_kg_co2e"):
                row.must(column, None)
        else:
            check_result(pack, row, gases[row["result_id"]], chains.get((row["result_id"], "money"), []))
            check_worksheet(entries.get(row["entry_id"]), row, chains.get((row["result_id"], "worksheet"), []))
    for row in pack.steps:
        if row["result_id"] not in known:
            raise row.differs("result_id", "a result of results.csv")
    for gas in pack.gases:
        if gas["result_id"] not in known:
            raise gas.differs("result_id", "a result of results.csv")
    return of_entry


def check_worksheet(entry, row, chain):
    """What a worksheet gives is the quantity of the entry."""
    if entry is None:
        return
    if entry["worksheet"] == "":
        if chain:
            raise chain[0][0].differs("kind", "no worksheet of an entry without one")
        return
    if not chain:
        raise row.differs("result_id", "the worksheet in steps.csv")
    chain[-1][0].must("result", entry.num("quantity"))


def check_money(pack, row, chain):
    """From money as it was paid to the currency and the price year of the factor."""
    for column in ("unit", "factor_unit"):
        if not pack.unit(row, column)["group"].startswith("money"):
            raise row.differs(column, "a currency")
    chain[0][0].must("operand_value", row.num("quantity"))
    row.must("lost", None)
    row.must("factor_quantity", chain[-1][0].num("result"))
    if chain[-1][0]["unit"] != row["factor_unit"]:
        raise chain[-1][0].differs("unit", row["factor_unit"])


def check_result(pack, row, gases, money):
    """From the quantity of the part to its CO2e."""
    quantity = row.num("quantity")
    basis = row["basis"]
    if basis == "instrument":
        amount = check_instrument(pack, row)
        row.must("kg_co2e", product(amount, pack.instruments[row["instrument_id"]].num("kg_co2e_per_kwh")))
        row.must("biogenic_kg_co2", Decimal(0))
        row.must("non_kyoto_kg_co2e", Decimal(0))
        if gases:
            raise gases[0].differs("result_id", "no gas of a contracted rate")
        return
    if money:
        check_money(pack, row, money)
    elif row["loss_share"] != "":
        share = row.num("loss_share")
        arrived = pack.convert(quantity, row, "unit", "loss_unit")
        row.must("lost", ratio(arrived, share, 1 - share))
        row.must("factor_quantity", pack.convert(row.num("lost"), row, "loss_unit", "factor_unit"))
    else:
        row.must("lost", None)
        row.must("factor_quantity", pack.convert(quantity, row, "unit", "factor_unit"))
    check_energy(pack, row)
    amount = row.num("factor_quantity")
    factor = None
    if basis == "reported":
        row.must("kg_co2e", amount)
        row.must("biogenic_kg_co2", Decimal(0))
        row.must("non_kyoto_kg_co2e", Decimal(0))
        if row["factor_unit"] != "kg CO2e" or row["factor_key"] != "" or gases:
            raise row.differs("factor_unit", "kg CO2e without a factor and without gases")
        return
    if basis == "none":
        for column in ("kg_co2e", "biogenic_kg_co2", "non_kyoto_kg_co2e"):
            row.must(column, Decimal(0))
        if row["factor_unit"] != "kWh" or row["factor_key"] != "" or gases:
            raise row.differs("factor_unit", "kWh without a factor and without gases")
        return
    if basis != "release":
        factor = pack.factors.get(row["factor_key"])
        if factor is None:
            raise row.differs("factor_key", "a factor of factors.csv")
        if factor["unit"] != row["factor_unit"]:
            raise row.differs("factor_unit", factor["unit"])
        if basis != "memo" and factor["basis"].lower() != basis:
            raise row.differs("basis", factor["basis"].lower())
    check_gases(pack, row, factor, gases, amount)
    living = factor.opt("biogenic_co2") if factor is not None else None
    row.must("biogenic_kg_co2", product(amount, living) if living is not None else Decimal(0))
    counted = sum((gas.num("kg_co2e") for gas in gases if gas["counts"] == "yes"), Decimal(0))
    aside = sum((gas.num("kg_co2e") for gas in gases if gas["counts"] != "yes"), Decimal(0))
    published = factor.opt("co2e") if basis == "co2e" else None
    row.must("kg_co2e", Decimal(0) if basis == "memo" else product(amount, published) if published is not None else counted)
    row.must("non_kyoto_kg_co2e", aside)


def check_energy(pack, row):
    """Purchased energy in kWh: the quantity in another unit."""
    if row["kilowatt_hours"] != "":
        if row["scope"] != "2":
            raise row.differs("kilowatt_hours", "nothing outside scope 2")
        source, target = pack.unit(row, "unit"), pack.units.get("kWh")
        if target is None or source["group"] != target["group"]:
            raise row.differs("unit", "a unit of energy")
        a, b = source.num("factor"), target.num("factor")
        row.must("kilowatt_hours", rounded(row.num("quantity")) if a == b else ratio(row.num("quantity"), a, b))


def check_gases(pack, row, factor, gases, amount):
    """Each gas: its rate is the factor's or the blend's, its masses follow."""
    expected = expected_gases(pack, row, factor)
    found = {gas["gas"]: gas for gas in gases}
    if len(found) != len(gases):
        raise gases[-1].differs("gas", "each gas once")
    for name in expected:
        if name not in found:
            raise row.differs("result_id", name + " in gases.csv")
    for gas in gases:
        if gas["gas"] not in expected:
            raise gas.differs("gas", "one of " + ", ".join(sorted(expected)))
        gas.must("per_unit", expected[gas["gas"]])
        step = product(amount, gas.num("per_unit"))
        potential = gas.opt("potential")
        if potential is not None:
            # A published CO2e is told apart into masses by the publisher's own potentials.
            stated = pack.gwp.get((row["gwp_basis"], gas["potential_of"]))
            if stated is None:
                raise gas.differs("potential_of", "a line of gwp.csv for " + row["gwp_basis"])
            gas.must("potential", stated.num("potential"))
        if row["basis"] == "co2e":
            gas.must("kg_co2e", step)
            gas.must("kg", ratio(step, Decimal(1), potential) if potential is not None else None)
        else:
            gas.must("kg", step)
            gas.must("kg_co2e", product(step, potential) if potential is not None else Decimal(0))


def expected_gases(pack, row, factor):
    if row["basis"] == "memo":
        return {}
    if factor is None:
        blend = pack.blends.get(row["gas"])
        if blend is None:
            raise row.differs("gas", "a gas or blend of blends.csv")
        return {name: part.num("share") for name, part in blend.items()}
    rates = {name: factor.opt(column) for name, column in GAS_COLUMNS.items()}
    for part in filter(None, factor["other_gases"].split("|")):
        name, _, rate = part.partition("=")
        rates[name] = Decimal(rate)
    return {name: rate for name, rate in rates.items() if rate is not None}


def check_instrument(pack, row):
    instrument = pack.instruments.get(row["instrument_id"])
    if instrument is None:
        raise row.differs("instrument_id", "an instrument of instruments.csv")
    if row["factor_unit"] != "kWh":
        raise row.differs("factor_unit", "kWh")
    if row.day("to") < instrument.day("from") or row.day("from") > instrument.day("to"):
        raise row.differs("from", "days of the instrument, %s to %s" % (instrument["from"], instrument["to"]))
    if instrument["criteria"] != "All":
        raise instrument.differs("criteria", "All")
    amount = row.num("factor_quantity")
    row.must("kilowatt_hours", amount)
    if row.num("quantity") != pack.convert(amount, row, "factor_unit", "unit") and amount != pack.convert(row.num("quantity"), row, "unit", "factor_unit"):
        raise row.differs("quantity", plain(pack.convert(amount, row, "factor_unit", "unit")))
    return amount


def month_of(day):
    return day.replace(day=1)


def months(first, last):
    """The days of each calendar month between the two, both inclusive."""
    while first <= last:
        following = (month_of(first) + timedelta(days=32)).replace(day=1)
        yield first, min(last, following - timedelta(days=1))
        first = following


def shares(quantity, parts):
    """Each part but the last: quantity x its days / all days; the last is what is left."""
    whole = days(parts[0][0], parts[-1][1])
    left = quantity
    for index, (first, last) in enumerate(parts):
        share = left if index == len(parts) - 1 else ratio(quantity, days(first, last), whole)
        left -= share
        yield share


def check_entries(pack, of_entry):
    """The parts of an entry make the entry, day by day, in each view."""
    known = set()
    for entry in pack.entries:
        if entry["entry_id"] in known:
            raise entry.differs("entry_id", "each once")
        known.add(entry["entry_id"])
        rows = of_entry.get(entry["entry_id"], [])
        calculated = [row for row in rows if row["basis"] not in WITHOUT_FIGURE]
        if entry["fault"] != "":
            if calculated:
                raise calculated[0].differs("entry_id", "no result of an entry that cannot be calculated")
            continue
        if any(row["basis"] == "excluded" for row in rows):
            if calculated or (entry["vendor"] == "" and entry["account"] == ""):
                raise rows[0].differs("basis", "excluded only without another result, and by a vendor or an account")
            continue
        if not calculated:
            raise entry.differs("entry_id", "its results in results.csv")
        check_conversion(pack, entry)
        for row in rows:
            if row["entry_version"] != entry["version"]:
                raise row.differs("entry_version", entry["version"])
            if row["unit"] != entry["unit"]:
                raise row.differs("unit", entry["unit"])
            if entry["category"] != "" and (row["scope"], row["category"]) != ("3", entry["category"]):
                raise row.differs("category", entry["category"])
            if row["month"] != row["from"][:7]:
                raise row.differs("month", row["from"][:7])
            if row["in_period"] != ("yes" if pack.manifest["firstMonth"] <= row["month"] <= pack.manifest["lastMonth"] else "no"):
                raise row.differs("in_period", "yes or no by the months of the manifest")
        check_days(entry, calculated)
    for entry_id, rows in of_entry.items():
        if entry_id not in known:
            raise rows[0].differs("entry_id", "an entry of entries.csv")


def check_conversion(pack, entry):
    """What was measured in another kind of unit, by a density or a calorific value: measured x value = the quantity of the entry."""
    if entry["conversion"] == "":
        for column in ("measured_quantity", "conversion_value"):
            entry.must(column, None)
        return
    measured = pack.convert(entry.num("measured_quantity"), entry, "measured_unit", "conversion_per")
    if entry["unit"] != entry["conversion_to"]:
        raise entry.differs("unit", entry["conversion_to"])
    if entry["conversion_source"] == "":
        raise entry.differs("conversion_source", "who says so")
    entry.must("quantity", product(measured, entry.num("conversion_value")))


def check_days(entry, rows):
    views = defaultdict(list)
    principal = [row for row in rows if row["part"] in PRINCIPAL]
    # A publisher's own row may be of another part; then it is what the entry is calculated by.
    for row in principal or rows:
        views["market" if row["scope2_method"] == "market" else ""].append(row)
    spans = list(months(entry.day("from"), entry.day("to")))
    by_month = dict(zip((month_of(first) for first, _ in spans), shares(entry.num("quantity"), spans)))
    for name, view in views.items():
        for (first, last), month in zip(spans, by_month):
            of_month = [row for row in view if month_of(row.day("from")) == month]
            if not of_month:
                raise entry.differs("from", "a %s result from %s to %s" % (name or "location-based or only", first, last))
            check_month(of_month, first, last, by_month[month])
        if any(month_of(row.day("from")) not in by_month for row in view):
            raise next(row for row in view if month_of(row.day("from")) not in by_month).differs("from", "a day of the entry")
    parts = {(row["from"], row["to"]): row.num("quantity") for row in views[""] if row["basis"] != "instrument"}
    for row in rows:
        if principal and row["part"] not in PRINCIPAL and parts.get((row["from"], row["to"])) != row.num("quantity"):
            raise row.differs("quantity", plain(parts.get((row["from"], row["to"]), Decimal(0))))


def check_month(rows, first, last, quantity):
    """Instruments first, never more than was used; the rest by days."""
    covered = [row for row in rows if row["basis"] == "instrument"]
    rest = sorted((row for row in rows if row["basis"] != "instrument"), key=lambda row: row["from"])
    left = quantity - sum((row.num("quantity") for row in covered), Decimal(0))
    if covered and left < 0:
        raise covered[-1].differs("quantity", "no more than is left of " + plain(quantity))
    if not rest:
        if left != 0:
            raise rows[-1].differs("quantity", plain(left + rows[-1].num("quantity")))
        return
    parts = [(row.day("from"), row.day("to")) for row in rest]
    if parts[0][0] != first or parts[-1][1] != last or any(a[1] + timedelta(days=1) != b[0] for a, b in zip(parts, parts[1:])):
        raise rest[0].differs("from", "days that cover %s to %s without gap or overlap" % (first, last))
    for row, share in zip(rest, shares(left, parts)):
        row.must("quantity", share)


def check_instruments(pack):
    used = defaultdict(Decimal)
    for row in pack.results:
        if row["basis"] == "instrument":
            used[row["instrument_id"]] += row.num("factor_quantity")
    for key, instrument in pack.instruments.items():
        amount = instrument.opt("megawatt_hours")
        if amount is not None and used[key] > amount * PURCHASED_KWH:
            raise instrument.differs("megawatt_hours", "at least %s, which were used" % plain(used[key] / PURCHASED_KWH))


def check_totals(pack):
    columns = ("kg_co2e", "kilowatt_hours", "biogenic_kg_co2", "submitted_kg_co2e")
    status = {entry["entry_id"]: entry["status"] for entry in pack.entries}
    sums = defaultdict(lambda: [Decimal(0)] * len(columns))
    counts = defaultdict(int)

    def add(key, values):
        counts[key] += 1
        sums[key] = [a + b for a, b in zip(sums[key], values)]

    for row in pack.results:
        if row["in_period"] == "yes":
            kg = row.opt("kg_co2e") or Decimal(0)
            add((row["month"], row["scope"], row["category"], row["scope2_method"], "entry"), (
                kg, row.opt("kilowatt_hours") or Decimal(0), row.opt("biogenic_kg_co2") or Decimal(0),
                kg if status[row["entry_id"]] == "Submitted" else Decimal(0)))
    for row in pack.cloud:
        kg = row.opt("kg_co2e")
        if kg is not None:
            row.must("kg_co2e", row.num("operational_kg_co2e") + row.num("embodied_kg_co2e"))
        add((row["month"], row["scope"], row["category"], "", "cloud"), (kg or Decimal(0), row.opt("kilowatt_hours") or Decimal(0), Decimal(0), Decimal(0)))
    seen = set()
    for row in pack.totals:
        key = (row["month"], row["scope"], row["category"], row["scope2_method"], row["source"])
        if key in seen:
            raise row.differs("month", "each total once")
        seen.add(key)
        row.must("results", Decimal(counts.get(key, 0)))
        for column, value in zip(columns, sums[key]):
            row.must(column, value)
    for key in counts:
        if key not in seen:
            raise Difference("totals.csv", "-", "month", "a total of " + ", ".join(filter(None, key)), "nothing")


# The evidence of a locked inventory.
INVENTORY_FILES = ["inventory.json", "difference.csv", "ledger.csv", "boundary.csv", "decisions.csv", "collection.csv"]
HASHED = [
    "key", "first_day", "last_day", "quantity", "unit", "scope", "category", "scope2_method", "part", "factor_id", "factor_set_id", "factor_set_checksum", "instrument_id",
    "method", "method_version", "kilowatt_hours", "kg_co2e", "biogenic_kg_co2", "defaulted_kg_co2e", "quality", "flags",
]
CELL = ["month", "scope", "category", "scope2_method", "provider", "account", "service", "region", "usage_class", "method", "calculation_method", "currency", "comparison_only"]
SPLIT = ["co2", "ch4", "n2o", "hfcs", "pfcs", "sf6", "nf3"]
MEASURES = ["kgCo2e"] + SPLIT + ["biogenicKgCo2", "kilowattHours", "measuredKgCo2e", "defaultedKgCo2e"]
COUNTS = ["results", "resultsWithoutFigure"]
GROUPINGS = ["total", "scope", "category", "month", "entity", "site", "activityType", "method"]
COMPARED = ["total", "scope", "category", "entity", "site", "activityType"]


def half_up(value):
    return value.quantize(TWELFTH, ROUND_HALF_UP)


class Inventory:
    """The document of a snapshot with the tables that lead to it."""

    def __init__(self, pack, stated):
        for name in INVENTORY_FILES:
            if name not in pack.bytes:
                raise Difference("manifest.json", "-", "files", name, "nothing")
        self.pack = pack
        self.content = self.document("inventory.json")
        digest = hashlib.sha256(pack.bytes["inventory.json"]).hexdigest()
        if digest != stated.get("sha256"):
            raise Difference("inventory.json", "-", "sha256", stated.get("sha256"), digest)
        self.ledger = pack.table("ledger.csv")
        self.boundary = pack.table("boundary.csv")

    def document(self, name):
        """Canonical: the same content always has the same bytes."""
        text = self.pack.bytes[name].decode("utf-8")
        try:
            content = json.loads(text)
        except ValueError:
            raise Difference(name, "-", "-", "JSON", "something else") from None
        if json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n" != text:
            raise Difference(name, "-", "-", "the canonical form of its content", "another form of it")
        return content

    def differs(self, place, column, expected, found):
        return Difference("inventory.json", place, column, expected, found)

    def must(self, place, column, expected, found):
        if expected != found:
            raise self.differs(place, column, expected, found)

    def check(self):
        self.check_ledger()
        self.check_hashes()
        self.check_counts()
        for view, totals in self.content["totals"].items():
            self.check_totals(view, totals)
        self.check_decisions()
        self.check_collection()
        self.check_difference()

    def check_ledger(self):
        """ledger.csv holds the same results as results.csv and cloud.csv, digit by digit."""
        entries = {entry["entry_id"]: entry for entry in self.pack.entries}
        results = {row["result_id"]: row for row in self.pack.results if row["in_period"] == "yes"}
        cloud = {row["result_id"]: row for row in self.pack.cloud}
        gases = defaultdict(list)
        for gas in self.pack.gases:
            gases[gas["result_id"]].append(gas)
        known = set()
        for row in self.ledger:
            if row["result_id"] in known:
                raise row.differs("result_id", "each once")
            known.add(row["result_id"])
            other = results.get(row["result_id"]) or cloud.get(row["result_id"])
            if other is None:
                raise row.differs("result_id", "a result of results.csv or cloud.csv")
            for column in ("month", "scope", "method_version"):
                if row[column] != other[column]:
                    raise row.differs(column, other[column])
            if row["category"] != (other["category"] or "0"):
                raise row.differs("category", other["category"] or "0")
            for column in ("kg_co2e", "kilowatt_hours"):
                row.must(column, other.opt(column))
            if row["quality"].lower() != other["quality"]:
                raise row.differs("quality", other["quality"])
            if row["result_id"] in cloud:
                for column in ("provider", "account", "service", "region", "usage_class", "currency", "method", "comparison_only"):
                    if row[column] != other[column]:
                        raise row.differs(column, other[column])
                continue
            self.check_entry(row, other, entries[other["entry_id"]], gases[row["result_id"]])
        for row in list(results.values()) + list(cloud.values()):
            if row["result_id"] not in known:
                raise row.differs("result_id", "a line of ledger.csv")

    @staticmethod
    def check_entry(row, result, entry, gases):
        expected = {
            "key": "entry/" + entry["entry_id"], "first_day": entry["from"], "last_day": entry["to"], "quantity": entry["quantity"], "unit": entry["unit"], "account": entry["site"],
            "status": entry["status"], "scope2_method": result["scope2_method"].capitalize(), "part": result["part"], "instrument_id": result["instrument_id"], "provider": "entry",
            "comparison_only": "no", "flags": result["flags"].replace("|", ","),
        }
        if result["basis"] not in WITHOUT_FIGURE:
            expected.update({"from": result["from"], "to": result["to"]})
        for column, value in expected.items():
            if row[column] != value:
                raise row.differs(column, value)
        row.must("biogenic_kg_co2", (result.opt("biogenic_kg_co2") or None))
        row.must("defaulted_kg_co2e", (result.opt("kg_co2e") or Decimal(0)) if result["quality"] == "defaulted" else Decimal(0))
        sums = defaultdict(Decimal)
        for gas in gases:
            if split_of(gas["gas"]) is not None:
                sums[split_of(gas["gas"])] += gas.num("kg_co2e")
        for name in SPLIT:
            if (row.opt(name) or Decimal(0)) != sums[name]:
                raise row.differs(name, plain(sums[name]))

    def check_hashes(self):
        months = defaultdict(list)
        for row in self.ledger:
            months[row["month"]].append("|".join(row[column] for column in HASHED).encode("utf-8"))
        stated = {month["month"]: month for month in self.content["ledger"]["months"]}
        for month in sorted(set(months) | set(stated)):
            lines = months.get(month, [])
            place = "ledger.months " + month
            self.must(place, "results", len(lines), stated.get(month, {}).get("results"))
            self.must(place, "sha256", hashlib.sha256(b"\n".join(sorted(lines))).hexdigest(), stated[month]["sha256"])

    def check_counts(self):
        methods, sets, factors, used = defaultdict(int), defaultdict(int), defaultdict(set), defaultdict(Decimal)
        for row in self.ledger:
            methods[(row["method"], row["method_version"], row["comparison_only"] == "yes")] += 1
            if row["factor_set_id"] != "":
                sets[(row["factor_set_id"], row["factor_set_checksum"])] += 1
                factors[(row["factor_set_id"], row["factor_set_checksum"])].add(row["factor_id"])
            if row["instrument_id"] != "":
                used[row["instrument_id"]] += row.num("kilowatt_hours")
        self.must("methods", "results", dict(methods), {(m["method"], m["version"], m["comparisonOnly"]): m["results"] for m in self.content["methods"]})
        self.must("factorSets", "results", dict(sets), {(s["set"], s["checksum"]): s["results"] for s in self.content["factorSets"]})
        for one in self.content["factorSets"]:
            self.must("factorSets " + one["set"], "factors", len(factors[(one["set"], one["checksum"])]), one["factors"])
        for contract in self.content["contracts"]:
            self.must("contracts " + contract["id"], "usedKilowattHours", plain(used.pop(contract["id"], Decimal(0))), contract["usedKilowattHours"])
        self.must("contracts", "id", {}, dict(used))

    def check_totals(self, view, totals):
        parts = self.parts(view)
        for grouping in GROUPINGS:
            sums = defaultdict(lambda: defaultdict(Decimal))
            for part in parts:
                if not part["comparison"]:
                    add(sums[key_of(grouping, part)], part)
            stated = {(): totals["total"]} if grouping == "total" else {stated_key(grouping, group): group for group in totals[grouping]}
            if grouping == "total":
                sums[()]
            sums = {key: figures for key, figures in sums.items() if grouping == "total" or any(figures.values())}
            for key in sorted(set(sums) | set(stated), key=str):
                place = "totals.%s.%s %s" % (view, grouping, " ".join(map(str, key)))
                if key not in stated or key not in sums:
                    raise self.differs(place.strip(), "-", "a total" if key in sums else "no total", "nothing" if key in sums else "one")
                self.figures(place.strip(), sums[key], stated[key])
        beside = defaultdict(Decimal)
        for part in parts:
            if part["comparison"]:
                add(beside, part)
        self.figures("totals.%s.comparisonOnly" % view, beside, totals["comparisonOnly"])
        self.check_outside(view, parts, totals["outside"])

    def figures(self, place, sums, stated):
        expected = {name: plain(sums[name]) for name in MEASURES}
        expected["estimatedKgCo2e"] = plain(sums["kgCo2e"] - sums["measuredKgCo2e"] - sums["defaultedKgCo2e"])
        expected["unsplit"] = plain(sums["kgCo2e"] - sum((sums[name] for name in SPLIT), Decimal(0)))
        expected.update({name: int(sums[name]) for name in COUNTS})
        for name, value in expected.items():
            self.must(place, name, value, stated.get(name))

    def check_outside(self, view, parts, stated):
        outside, invested = defaultdict(Decimal), defaultdict(Decimal)
        for part in parts:
            if not part["comparison"] and part["entity"] != "":
                outside[part["entity"]] += part["outside"]
                invested[part["entity"]] += part["kgCo2e"] if part["invested"] else Decimal(0)
        expected = {entity: (plain(outside[entity]), plain(invested[entity])) for entity in outside if outside[entity] != 0 or invested[entity] != 0}
        self.must("totals.%s.outside" % view, "kgCo2e", expected, {one["entity"]: (one["kgCo2e"], one["investedKgCo2e"]) for one in stated})

    def parts(self, view):
        """What counts, with its share: cells of the roll-up over whole months, results where something changes within a month (inventory.md)."""
        whole, divided = defaultdict(list), defaultdict(list)
        for row in self.boundary:
            if row["of"] == "months":
                whole[(row["provider"], row["account"])].append(row)
            elif row["of"] == "days":
                divided[(row["account"], row["from"][:7])].append(row)
            else:
                raise row.differs("of", "months or days")
        cells = {}
        parts = []
        for row in self.ledger:
            if row["scope2_method"] not in ("", view.capitalize()):
                continue
            if row["provider"] == "entry" and (row["account"], row["month"]) in divided:
                parts += self.of_result(row, divided[(row["account"], row["month"])])
                continue
            key = tuple(row[column] for column in CELL)
            cells.setdefault(key, (row, defaultdict(Decimal)))
            for name, value in measured(row).items():
                cells[key][1][name] += value
        for row, sums in cells.values():
            parts += self.of_cell(row, sums, whole.get((row["provider"], row["account"]), []))
        return parts

    @staticmethod
    def of_result(row, boundary):
        first, last = row.day("from"), row.day("to")
        length = (last - first).days + 1
        for some in boundary:
            begin, end = some.day("from"), some.day("to")
            if begin <= last and end >= first:
                before = min(max((begin - first).days, 0), length)
                through = min(max((end - first).days + 1, 0), length)
                yield from shares_of(row, measured(row), some, before, through, length)

    @staticmethod
    def of_cell(row, sums, boundary):
        month = date.fromisoformat(row["month"] + "-01")
        matching = [some for some in boundary if month_of(some.day("from")) <= month <= some.day("to")]
        if not matching:
            yield from shares_of(row, sums, None, 0, 1, 1)
        for some in matching:
            begin, end = some.day("from"), some.day("to")
            following = (month_of(end) + timedelta(days=32)).replace(day=1)
            if begin.day == 1 and end == following - timedelta(days=1):
                yield from shares_of(row, sums, some, 0, 1, 1)
            else:
                yield from shares_of(row, sums, some, begin.day - 1, end.day, (following - month_of(end)).days)

    def check_decisions(self):
        latest = {}
        for row in self.pack.table("decisions.csv"):
            if row["category"] not in latest or row.num("version") > latest[row["category"]].num("version"):
                latest[row["category"]] = row
        excluded = Decimal(0)
        stated = {str(one["category"]): one for one in self.content["categories"]}
        self.must("categories", "category", sorted(latest), sorted(stated))
        for category, row in latest.items():
            one = stated[category]
            names = {
                "version": "version", "decision": "decision", "reason": "reason", "estimated_tonnes": "estimatedTonnes", "review_on": "reviewOn", "author": "author", "at": "at",
                "approved_by": "approvedBy", "approved_at": "approvedAt",
            }
            for column, name in names.items():
                if row[column] != ("" if one[name] is None else str(one[name])):
                    raise row.differs(column, one[name])
            if row["decision"] == "excluded":
                excluded += row.opt("estimated_tonnes") or Decimal(0)
        self.must("-", "excludedTonnes", plain(excluded), self.content["excludedTonnes"])

    def check_collection(self):
        rows = self.pack.table("collection.csv")
        missing = {(row["site"], row["activity_type"], row["month"]) for row in rows if row["state"] == "missing"}
        gaps = self.content["collection"]["gaps"]
        self.must("collection", "missing", len(gaps), self.content["collection"]["missing"])
        for row in rows:
            row.num("expected_days")
            row.opt("missing_kg_co2e")
        for gap in gaps:
            if (gap["site"], gap["activityType"], gap["month"]) not in missing:
                raise Difference("collection.csv", "-", "state", "missing: %s, %s, %s" % (gap["site"], gap["activityType"], gap["month"]), "another state")
        self.must("collection", "expected", sum(1 for row in rows if row.num("expected_days") > 0), self.content["collection"]["expected"])

    def check_difference(self):
        rows = {(row["scope2_method"], row["by"], row["key"]): row for row in self.pack.table("difference.csv")}
        if "previous.json" not in self.pack.bytes:
            for row in rows.values():
                raise row.differs("key", "no difference without an earlier snapshot")
            return
        previous = self.document("previous.json")
        for view in self.content["totals"]:
            for by in COMPARED:
                one, other = compared(previous["totals"][view], by), compared(self.content["totals"][view], by)
                for key in set(one) | set(other):
                    was, now = one.get(key), other.get(key)
                    change = (now or Decimal(0)) - (was or Decimal(0))
                    row = rows.pop((view, by, key), None)
                    if row is None:
                        if by in ("total", "scope") or change != 0:
                            raise Difference("difference.csv", "-", "key", "%s %s %s" % (view, by, key), "nothing")
                        continue
                    row.must("reported_kg_co2e", was)
                    row.must("restated_kg_co2e", now)
                    row.must("change_kg_co2e", change)
        for row in rows.values():
            raise row.differs("key", "a figure of one of the two documents")


def split_of(gas):
    """The seven gases and groups of gases of the Kyoto Protocol."""
    if gas in ("CO2", "N2O", "SF6", "NF3"):
        return gas.lower()
    if gas in ("CH4", "CH4 (fossil)", "CH4 (non-fossil)"):
        return "ch4"
    return "hfcs" if gas.startswith("HFC-") else "pfcs" if gas.startswith("PFC-") else None


def measured(row):
    kg = row.opt("kg_co2e") or Decimal(0)
    values = {name: row.opt(name) or Decimal(0) for name in SPLIT}
    values.update({
        "kgCo2e": kg, "biogenicKgCo2": row.opt("biogenic_kg_co2") or Decimal(0), "kilowattHours": row.opt("kilowatt_hours") or Decimal(0),
        "measuredKgCo2e": kg if row["quality"] == "Measured" and row["provider"] == "entry" else Decimal(0), "defaultedKgCo2e": row.num("defaulted_kg_co2e"),
        "results": Decimal(1), "resultsWithoutFigure": Decimal(1 if row["quality"] == "Missing" else 0),
    })
    return values


def shares_of(row, values, some, before, through, length):
    """The group's share of what falls on the days; and, where an interest is held without control, scope 1 and 2 in category 15."""
    def falls(value):
        return value if before == 0 and through == length else half_up(value * through / length) - half_up(value * before / length)

    share = Decimal(1) if some is None else some.num("share")
    leased = "" if some is None else some["leased_category"]
    for is_invested, part in [(False, share)] + ([] if some is None or some.num("invested") == 0 else [(True, some.num("invested"))]):
        scope, category = int(row["scope"]), int(row["category"])
        if is_invested and scope == 3:
            continue
        method = "%s-based" % row["scope2_method"].lower() if scope == 2 else hyphenated(row["calculation_method"])
        if scope < 3 and is_invested:
            scope, category, method = 3, 15, "investment-specific"
        elif scope < 3 and leased != "":
            scope, category, method = 3, int(leased), "asset-specific"
        counted = {name: falls(values[name]) if part == 1 else Decimal(0) if part == 0 else half_up(falls(values[name]) * part) for name in MEASURES}
        for name in COUNTS:
            counted[name] = values[name] if part > 0 and not is_invested else Decimal(0)
        counted["outside"] = -counted["kgCo2e"] if is_invested else Decimal(0) if part == 1 else falls(values["kgCo2e"]) - counted["kgCo2e"]
        counted.update({
            "comparison": row["comparison_only"] == "yes", "invested": is_invested, "scope": scope, "category": category, "month": row["month"], "method": method,
            "entity": "" if some is None else some["organization_id"], "site": row["account"] if row["provider"] == "entry" else "",
            "activityType": row["service"] if row["provider"] == "entry" else "Cloud usage",
        })
        yield counted


def hyphenated(name):
    return "".join(("-" if at > 0 and letter.isupper() else "") + letter.lower() for at, letter in enumerate(name))


def add(sums, part):
    for name in MEASURES + COUNTS:
        sums[name] += part[name]


def key_of(grouping, part):
    return {"total": (), "category": (part["scope"], part["category"])}.get(grouping, (part.get(grouping),))


def stated_key(grouping, group):
    return (group["scope"], group["category"]) if grouping == "category" else (group[grouping],)


def compared(totals, by):
    """kg CO2e by key, as a difference names them."""
    if by == "total":
        return {"": Decimal(totals["total"]["kgCo2e"])}
    keys = {
        "scope": lambda group: str(group["scope"]),
        "category": lambda group: str(group["scope"]) if group["category"] == 0 else "%d.%d" % (group["scope"], group["category"]),
    }
    return {keys.get(by, lambda group: group[by])(group): Decimal(group["kgCo2e"]) for group in totals[by]}


def main(arguments):
    if len(arguments) != 1:
        print(__doc__.strip())
        return 2
    try:
        pack = Pack(arguments[0])
        of_entry = check_results(pack)
        check_entries(pack, of_entry)
        check_instruments(pack)
        check_totals(pack)
        stated = pack.manifest.get("inventory")
        if stated is not None:
            Inventory(pack, stated).check()
        elif "inventory.json" in pack.bytes:
            raise Difference("manifest.json", "-", "inventory", "the snapshot whose document is here", "nothing")
    except Difference as difference:
        print("DIFFERENT " + str(difference))
        return 1
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError, KeyError, TypeError, ValueError, StopIteration, csv.Error) as problem:
        print("DIFFERENT the file is not an evidence export as evidence.md describes it: %r" % problem)
        return 1
    print("verified: %d entries, %d results recomputed with %d gases and %d factors, %d cloud results summed, %d totals, of %s, %s to %s" % (
        len(pack.entries), len(pack.results), len(pack.gases), len(pack.factors), len(pack.cloud), len(pack.totals),
        pack.manifest["organization"], pack.manifest["firstMonth"], pack.manifest["lastMonth"]))
    if stated is not None:
        print("verified: inventory.json is snapshot %d, SHA-256 %s; every total and every month's hash recomputed" % (stated["snapshot"], stated["sha256"]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
