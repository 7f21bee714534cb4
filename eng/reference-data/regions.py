"""reference-data/regions: countries of ISO 3166-1, grid subregions and provinces that publishers give factors for, groups of countries."""

import csv
from pathlib import Path

import tables

GROUPS = [
    ("world", "World", "World", "", ["Global"]),
    ("Africa", "Africa", "Continent", "world", []),
    ("Asia", "Asia", "Continent", "world", []),
    ("Middle East", "Middle East", "Continent", "Asia", []),
    ("Europe", "Europe", "Continent", "world", []),
    ("EU", "European Union (27)", "Continent", "Europe", ["European Union", "EU-27", "EU27", "Memo: EU 27"]),
    ("North America", "North America", "Continent", "world", []),
    ("Latin America and Caribbean", "Latin America and Caribbean", "Continent", "world", []),
    ("Oceania", "Oceania", "Continent", "world", []),
    ("ASEAN", "ASEAN", "Continent", "world", ["Association of Southeast Asian Nations"]),
    ("G7", "G7", "Continent", "world", []),
    ("G20", "G20", "Continent", "world", []),
    ("OECD", "OECD", "Continent", "world", []),
]

# Code, name, parent, further names. Short codes of two letters are left out: NL, PE, SK or AR are countries.
PROVINCES = [
    ("CA-AB", "Alberta", "CA", []), ("CA-BC", "British Columbia", "CA", []), ("CA-MB", "Manitoba", "CA", []),
    ("CA-NB", "New Brunswick", "CA", []), ("CA-NL", "Newfoundland and Labrador", "CA", ["Newfoundland"]), ("CA-NS", "Nova Scotia", "CA", []),
    ("CA-NT", "Northwest Territories", "CA", []), ("CA-NU", "Nunavut", "CA", []), ("CA-ON", "Ontario", "CA", []),
    ("CA-PE", "Prince Edward Island", "CA", []), ("CA-QC", "Quebec", "CA", ["Québec"]), ("CA-SK", "Saskatchewan", "CA", []),
    ("CA-YT", "Yukon", "CA", ["Yukon Territory"]),
    # The factors for New South Wales hold for the Australian Capital Territory (NGA Factors 2025, table 1).
    ("AU-ACT", "Australian Capital Territory", "AU-NSW", ["ACT", "Canberra"]), ("AU-NSW", "New South Wales", "AU", ["NSW"]),
    ("AU-NT", "Northern Territory", "AU", ["NT-DKIS"]), ("AU-QLD", "Queensland", "AU", ["QLD"]), ("AU-SA", "South Australia", "AU", []),
    ("AU-TAS", "Tasmania", "AU", ["TAS"]), ("AU-VIC", "Victoria", "AU", ["VIC"]), ("AU-WA", "Western Australia", "AU", ["WA-SWIS"]),
    ("GB-LND", "London", "GB", ["UK (London)"]),
    ("ES-CN", "Canary Islands", "ES", ["Canary Islands (Spain)"]), ("PT-20", "Azores", "PT", ["Azores (Portugal)"]),
    ("PT-30", "Madeira", "PT", ["Madeira (Portugal)"]),
    ("GB-CHA", "Channel Islands", "Europe", ["Channel Islands (U.K)"]),
]

COLUMNS = ["code", "name", "kind", "parent", "names"]


def rows(folder):
    result = [dict(zip(COLUMNS, (code, name, kind, parent, "|".join(names)))) for code, name, kind, parent, names in GROUPS]
    with open(Path(__file__).with_name("countries.csv"), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parent = "GB-CHA" if row["code"] in ("GG", "JE") else row["parent"]
            result.append({"code": row["code"], "name": row["name"], "kind": "Country", "parent": parent, "names": row["names"]})
    result += [dict(zip(COLUMNS, (code, name, "Province", parent, "|".join(names)))) for code, name, parent, names in PROVINCES]
    for row in tables.read(folder, "egrid_2023_subregion.csv"):
        code = row["subregion"]
        if code == "US":
            continue
        # Puerto Rico is a country of ISO 3166-1; its grid is a subregion of eGRID.
        parent = "PR" if code == "PRMS" else "US"
        names = [code, row["subregion_name"], "US-eGRID-" + code]
        result.append({"code": "US-" + code, "name": row["subregion_name"] + " (" + code + ")", "kind": "GridRegion", "parent": parent, "names": "|".join(names)})
    return result


def names(folder):
    """Every code and name with its code."""
    found = {}
    for row in rows(folder):
        for name in [row["code"], row["name"], *filter(None, row["names"].split("|"))]:
            other = found.setdefault(name.lower(), row["code"])
            if other != row["code"]:
                raise ValueError(f"'{name}' is a name of {other} and of {row['code']}")
    return found


def build(folder):
    names(folder)
    made = tables.Set("regions", {
        "id": "regions",
        "title": "Countries, provinces, grid subregions and groups of countries",
        "version": "2026-11",
        "publisher": "OffGridFlow",
        "source": "Codes: ISO 3166-1 and 3166-2. Grid subregions: US EPA eGRID2023. Further names: as DESNZ, Ember and the UNFCCC write them.",
        "license": "Facts, compiled for OffGridFlow",
        "notes": [
            "names: divided by |. kind and parent: the next wider region, by which a factor may be found.",
            "The parent of the Australian Capital Territory is New South Wales, whose factors hold there (NGA Factors 2025).",
            "Puerto Rico lies in itself, not in the United States: its grid has no connection, and EPA's factors of other tables are taken by name only.",
            "ASEAN, G7, G20 and OECD overlap with continents and are no country's parent.",
        ],
    })
    return made.add("regions.csv", COLUMNS, rows(folder), "code, name, kind, code of the parent, further names")
