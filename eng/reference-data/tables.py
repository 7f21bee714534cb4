"""What all sets share: reading the source tables, writing a set's folder, checking a set before it is written."""

import csv
import hashlib
import io
import json
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

FACTOR_COLUMNS = (
    "id,activity,name,category,unit,basis,co2,ch4,n2o,co2e,biogenic_co2,biogenic_methane,other_gases,region,year,data_from,data_to,"
    "part,supply,scopes,loss_share,uncertainty_percent,source_table,note,caution"
).split(",")
CORRECTION_COLUMNS = "id,column,published,used,reason,source".split(",")

# The publishers' words for units and the symbols of reference-data/units.
UNITS = {
    "tonnes": "t", "litres": "l", "cubic metres": "m3", "miles": "mi", "gallon": "gal (US)", "tonne.km": "t.km", "mmBtu (HHV)": "mmBtu (Gross CV)",
    "Room per night": "room night", "per FTE Working Hour": "FTE working hour",
    "km": "km", "kg": "kg", "GJ": "GJ", "kWh": "kWh", "kWh (Net CV)": "kWh (Net CV)", "kWh (Gross CV)": "kWh (Gross CV)", "passenger.km": "passenger.km",
    "million litres": "million litres", "short ton": "short ton", "vehicle-mile": "vehicle-mile", "passenger-mile": "passenger-mile", "scf": "scf",
    "short ton-mile": "short ton-mile", "mmBtu": "mmBtu", "MWh": "MWh",
}


def read(folder, name):
    """The rows of a source table as dictionaries of texts."""
    with open(Path(folder) / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def slug(text):
    """A place of a publication as it stands in an activity: small letters, digits, hyphens, and slashes between the headings."""
    parts = []
    for part in re.split(r" > | / ", text):
        plain = unicodedata.normalize("NFKD", part.replace("\u2013", "-")).encode("ascii", "ignore").decode().lower()
        parts.append(re.sub(r"[^a-z0-9]+", "-", plain).strip("-"))
    return "/".join(parts)


def number(text):
    """A plain decimal without an exponent and without zeros at its end; empty stays empty."""
    if text in ("", None):
        return ""
    value = text if isinstance(text, Decimal) else Decimal(text)
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain


def factor(**cells):
    """A row of factors.csv; what is not named is empty."""
    unknown = set(cells) - set(FACTOR_COLUMNS)
    if unknown:
        raise ValueError(f"no columns of a factor: {unknown}")
    row = {column: str(cells.get(column, "")) for column in FACTOR_COLUMNS}
    for column in ("co2", "ch4", "n2o", "co2e", "biogenic_co2", "loss_share", "uncertainty_percent"):
        row[column] = number(row[column])
    return row


def correction(id, column, published, used, reason, source):
    return dict(zip(CORRECTION_COLUMNS, (id, column, published, used, reason, source)))


def table(columns, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = [row[column] for column in columns]
        for cell in cells:
            if "\n" in cell or "\r" in cell:
                raise ValueError(f"a cell goes over lines: {cell!r}")
        writer.writerow(cells)
    return text.getvalue().encode("utf-8")


class Set:
    """A folder of reference-data: its tables and the manifest that names their checksums."""

    def __init__(self, folder, manifest):
        self.folder = folder
        self.manifest = manifest
        self.files = []

    def add(self, name, columns, rows, about):
        self.files.append((name, table(columns, rows), about, len(rows)))
        return self

    def copy(self, name, data, about):
        self.files.append((name, data, about, data.count(b"\n") - 1))
        return self

    def contents(self):
        """Every file of the folder with its bytes."""
        listed = [
            {"name": name, "about": about, "rows": rows, "sha256": hashlib.sha256(data).hexdigest()}
            for name, data, about, rows in self.files
        ]
        manifest = json.dumps({**self.manifest, "files": listed}, indent=2, ensure_ascii=False) + "\n"
        return {**{name: data for name, data, _, _ in self.files}, "manifest.json": manifest.encode("utf-8")}


def factor_set(id, rows, corrections, **manifest):
    """A set of emission factors. A row twice, or one without a figure, ends the build."""
    keys, ids = {}, set()
    for row in rows:
        key = tuple(row[column] for column in ("activity", "unit", "region", "year", "part", "supply"))
        if key in keys:
            raise ValueError(f"{id}: {row['id']} and {keys[key]} have the same {key}")
        keys[key] = row["id"]
        if row["id"] in ids:
            raise ValueError(f"{id}: the id {row['id']} is there twice")
        ids.add(row["id"])
        if not any(row[column] for column in ("co2", "ch4", "n2o", "co2e", "biogenic_co2", "other_gases")):
            raise ValueError(f"{id}: {row['id']} has no figure")
    for entry in corrections:
        if not entry["reason"] or not entry["source"]:
            raise ValueError(f"{id}: a correction of {entry['id']} has no reason or no source")
    made = Set("factors-" + id, {"id": "factors-" + id, **manifest})
    made.add("factors.csv", FACTOR_COLUMNS, rows, "one row per factor; columns in docs/reference-data.md")
    if corrections:
        made.add("corrections.csv", CORRECTION_COLUMNS, corrections, "what is not as published, and rows without an emission total, each with its reason")
    return made
