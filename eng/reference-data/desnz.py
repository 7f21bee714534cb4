"""The UK Government's conversion factors (DESNZ), 2024 to 2026."""

import re

import regions
import tables

# The average of the grid; its losses and what comes before stand on tabs of their own.
GRID = "UK electricity > Electricity generated"
LOSSES = ("Transmission and distribution", "UK electricity T&D for EVs")
LOSSES_UPSTREAM = ("WTT- UK electricity > WTT- UK electricity (T&D)", "WTT- heat and steam > WTT- district heat & steam distribution")

EDITIONS = {
    "2024": ("2024 v1.1 (flat file)", "2024-10-30"),
    "2025": ("2025 v1 (full set)", "2025-06-10"),
    "2026": ("2026 (full set)", "2026-06-11"),
}

ONLY_KYOTO = "emissions including only Kyoto products"
NON_KYOTO_GROUPS = ("Montreal protocol products", "Fluorinated ethers", "Other products")

# Jumps between editions that the publisher does not explain in the tables: id without the edition, editions, text.
JUMPS = [
    (r"12_900_1041_[23]$", ("2025", "2026"), "The upstream factor of liquefied biomethane rose from 10.61 kg CO2e per GJ (2024) to 23.903 (2025): check before comparing the years."),
    (r"3_201_234[567]_3$", ("2026",), "The potential of R511A fell from 7 (2025) to 0.1 (2026): check before comparing the years."),
]


def part_of(row, category, activity):
    """Part, supply and scopes of a row. Supply is for the figure of scope 2 alone: losses and upstream are no factor to buy electricity by."""
    hint = row["scope_hint"]
    if row["gas_basis"] == "energy_kwh":
        return "Direct", "None", "memo"
    if hint == "memo" or (category.startswith("Refrigerant") and outside(category, activity)):
        return "OutsideScopes", "None", "memo"
    if category in LOSSES_UPSTREAM:
        return "LossesUpstream", "None", hint
    if category.startswith(LOSSES):
        return "Losses", "None", hint
    if category.startswith(("WTT- pass vehs", "WTT- delivery vehs")):
        return "Upstream", "None", "3.3;" + hint
    if category.startswith("WTT-"):
        return "Upstream", "None", hint
    if category.startswith(("Material use", "Waste disposal", "Water", "Hotel stay", "Homeworking")):
        return "LifeCycle", "None", hint
    return "Direct", "GridAverage" if hint == "2" else "None", hint


def outside(category, activity):
    """Gases outside the Kyoto Protocol alone."""
    return "including only non-Kyoto" in activity or category.split(" > ")[1] in NON_KYOTO_GROUPS


def build(folder, year):
    known = regions.names(folder)
    rows = tables.read(folder, f"desnz_{year}.csv")
    non_kyoto = {row["activity"].split(" / ")[0] for row in rows if "Blends" in row["category_path"] and "only non-Kyoto" in row["activity"]
                 and row["co2e"] not in ("", "0")}
    result, corrections = [], []
    edition, published = EDITIONS[year]
    for row in rows:
        category, name, note, caution = row["category_path"], row["activity"], row["note"], []
        # The flat file of 2024 writes the unit behind some names, which the full sets do not.
        name = re.sub(r" / kWh$", "", name)
        part, supply, scopes = part_of(row, category, name)
        cells = {column: row[column] for column in ("co2", "ch4", "n2o", "co2e")}
        basis, region = "Co2e", row["region"]
        activity = "desnz/" + slug_of(category, name)
        if category == GRID:
            activity = "desnz/electricity"
        if category == "Hotel stay > Hotel stay":
            activity = "desnz/hotel-stay"
        if row["gas_basis"] == "energy_kwh":
            basis = "Energy"
            kwh, _, value_basis = re.fullmatch(r"kWh per unit: ([\d.]+) kWh (\((.*)\))", note).groups()
            cells["co2e"] = kwh
            note = f"kWh ({value_basis}) per unit, for energy reporting (SECR)."
            corrections.append(tables.correction(row["id"], "co2e", "", kwh, "An amount of energy, kWh per unit, not an emission: it is never calculated as one.", row["source_table"]))
        elif part == "OutsideScopes" and row["co2"] and not row["co2e"]:
            cells = {"biogenic_co2": row["co2"]}
            corrections.append(tables.correction(
                row["id"], "co2", row["co2"], "", "No total is published: biogenic CO2 outside the scopes, kept as biogenic_co2, a memo.", row["source_table"]))
        elif part == "OutsideScopes":
            corrections.append(tables.correction(
                row["id"], "scopes", row["scope_hint"], "memo", "Gases outside the Kyoto Protocol: a memo beside the scopes, not in a total.", row["source_table"]))
        elif category.endswith("Blends") and name.startswith(tuple(blend + " / Total" for blend in non_kyoto)):
            caution.append("Contains gases outside the Kyoto Protocol, which stand outside the totals: for an inventory take the row of the Kyoto products.")
        if category.startswith(("Bioenergy", "Outside of scopes > Bio")) and row["unit"] in ("GJ", "kWh"):
            caution.append("The publisher names no calorific value beside this unit; its bioenergy tables are on net calorific value.")
        if category.startswith("Bioenergy"):
            caution.append("Methane and nitrous oxide only; CO2 from living matter is the row of the tab Outside of scopes.")
        for pattern, editions, text in JUMPS:
            if year in editions and re.search(pattern, row["id"]):
                caution.append(text)
        if year == "2026" and name == "International rail" and part == "Direct":
            caution.append("Rose from 0.00446 (2025) to 0.01135 kg CO2e per passenger.km (2026): check before comparing the years.")
        if year == "2026" and "HGV" in category:
            caution.append("The publisher named the classes of HGV anew in 2026: there is no row of the same name in 2025.")
        result.append(tables.factor(
            id=row["id"], activity=activity, name=name, category=category, unit=tables.UNITS[row["unit"]], basis=basis, **cells,
            region=known[region.lower()], year=year, data_from=row["valid_from"], data_to=row["valid_to"], part=part, supply=supply, scopes=scopes,
            source_table=row["source_table"], note="" if note.startswith("co2/ch4/n2o") else note, caution=" ".join(caution)))
    return tables.factor_set(
        f"desnz-{year}", result, corrections,
        family="desnz", publisher="UK Department for Energy Security and Net Zero (DESNZ)",
        title=f"UK Government GHG conversion factors for company reporting {year}", edition=edition, published=published, retrieved="2026-11-20",
        vintage="edition-year", gwp="AR5",
        boundary="Company reporting in the United Kingdom. Direct, upstream (WTT), losses (T&D) and outside of scopes are rows of their own.",
        licence="Open Government Licence v3.0", attribution="Contains public sector information licensed under the Open Government Licence v3.0.",
        source=rows[0]["source"] + "; https://www.gov.uk/government/collections/government-conversion-factors-for-company-reporting",
        sourceFile=f"desnz_{year}.csv", sourceRows=len(rows),
        cautions=[
            "The columns co2, ch4 and n2o are kg CO2e of each gas with the potentials of AR5: they are never multiplied by potentials again.",
            "Refrigerants stand three times: Kyoto gases only, others only, both. One per record; only the first belongs in a total.",
            "Labels change between editions; rows are joined by name, never by their place.",
            "CO2 from living matter (tab Outside of scopes) is a memo.",
        ] + (["Rows of the tabs SECR kWh are energy, not emissions."] if year == "2024" else []))


def slug_of(category, name):
    return tables.slug(category + " / " + name)
