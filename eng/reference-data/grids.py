"""Electricity of grids outside the EPA's tables: Ember, EEA, UNFCCC, Canada, Australia, New Zealand."""

from decimal import Decimal

import regions
import tables

AVERAGE = "Electricity > Grid average"
LIFE_CYCLE = "Life-cycle based (upstream included): not a Scope 2 factor of generation; not to be mixed with EEA, eGRID or DESNZ in one series."


def grid(row, known, family, **cells):
    """A row of the common columns as a factor; what differs is named."""
    return tables.factor(**{
        "id": row["id"], "activity": family + "/electricity", "name": row["activity"], "category": row["category_path"], "unit": tables.UNITS[row["unit"]],
        "basis": "Mass" if row["gas_basis"] == "mass_kg" else "Co2e", "co2": row["co2"], "ch4": row["ch4"], "n2o": row["n2o"], "co2e": row["co2e"],
        "region": known[" ".join(row["region"].lower().split())], "year": row["valid_from"][:4], "data_from": row["valid_from"], "data_to": row["valid_to"],
        "part": "Direct", "supply": "GridAverage", "scopes": "2", "source_table": row["source_table"], "note": row["note"], **cells})


def ember(folder):
    known = regions.names(folder)
    latest, series = tables.read(folder, "ember_grid_latest.csv"), tables.read(folder, "ember_owid_grid_series.csv")
    result, corrections = [], []
    for row in latest:
        caution = LIFE_CYCLE
        if row["verification"].startswith("check"):
            caution += " Another copy differs: " + row["verification"] + "."
        result.append(grid(row, known, "ember", part="LifeCycle", note=row["verification"], caution=caution))
    there = {(row["region"], row["year"]): row["id"] for row in result}
    for row in series:
        region = known[row["iso3"].lower()]
        # g to kg: the point moves three places.
        kg = tables.number(Decimal(row["co2e_g_per_kwh"]).scaleb(-3))
        if (region, row["year"]) in there:
            corrections.append(tables.correction(
                row["id"], "co2e", kg, "", "Left out: the latest table has the same country and year (" + there[region, row["year"]] + ").", row["source"]))
            continue
        result.append(tables.factor(
            id=row["id"], activity="ember/electricity", name="Grid electricity " + row["iso3"], category=AVERAGE + " (generation)", unit="kWh", basis="Co2e", co2e=kg,
            region=region, year=row["year"], data_from=row["year"] + "-01-01", data_to=row["year"] + "-12-31", part="LifeCycle", supply="GridAverage", scopes="2",
            source_table="owid-energy-data", note="Published: " + row["co2e_g_per_kwh"] + " g CO2e per kWh.", caution=LIFE_CYCLE))
    return tables.factor_set(
        "ember-2026", result, corrections,
        family="ember", publisher="Ember", title="Yearly electricity data: intensity of generation by country", edition="2026 (June, by CO2.js v0.19 and Our World in Data)",
        published="2026-06", retrieved="2026-11-20", vintage="data-year", gwp="AR5",
        boundary="Generation, life-cycle based: upstream included, losses not.",
        licence="CC BY 4.0", attribution="Ember, yearly electricity data; Our World in Data. CO2.js labels its copy CC BY-SA 4.0.",
        source="Ember yearly electricity data, https://ember-energy.org/data/yearly-electricity-data/; OWID energy-data, https://github.com/owid/energy-data",
        sourceFile="ember_grid_latest.csv, ember_owid_grid_series.csv", sourceRows=len(latest) + len(series),
        cautions=[LIFE_CYCLE, "The latest year per country, and a series of 17 countries; where both have a year, the latest table is used.",
                  "205 of the 222 latest values have one stored copy only."])


def eea(folder):
    known = regions.names(folder)
    rows = tables.read(folder, "eea_grid_eu27.csv")
    result, corrections = [], []
    for row in rows:
        superseded = row["valid_from"].startswith("2023")
        text = "Superseded: the EEA revised all values of 2023; the revised ones are not in this set."
        caution = text if superseded else ""
        if superseded:
            corrections.append(tables.correction(row["id"], "co2e", row["co2e"], row["co2e"], text + " Used with a caution.", row["source"]))
        result.append(grid(row, known, "eea", note=row["note"] if not superseded else "generation-based, excludes imports and T&D losses", caution=caution))
    return tables.factor_set(
        "eea-2024", result, corrections,
        family="eea", publisher="European Environment Agency (EEA)", title="Greenhouse gas emission intensity of electricity generation",
        edition="data of 2024 (modified 10 July 2026), data of 2023 (first release)", published="2026-07-10", retrieved="2026-11-20", vintage="data-year",
        gwp="AR5", boundary="Generation within the country: direct emissions, without imports, losses and upstream.",
        licence="CC BY 4.0", source="https://www.eea.europa.eu/en/analysis/indicators/greenhouse-gas-emission-intensity-of-1",
        sourceFile="eea_grid_eu27.csv", sourceRows=len(rows),
        cautions=["The 27 values of 2023 are the first release, which the EEA has revised since: each carries a caution.",
                  "One stored transcription; compared with Ember for plausibility.", "The EEA prints CO2e in sum; its potentials are taken to be those of AR5."])


def unfccc(folder):
    known = regions.names(folder)
    rows = tables.read(folder, "unfccc_ifi_grid_2021.csv")
    result = []
    for row in rows:
        margin = row["category_path"].split(" > ")[1]
        result.append(grid(
            row, known, "unfccc-ifi", activity="unfccc-ifi/electricity/" + tables.slug(margin), supply="Marginal", note=margin + ".",
            caution="A margin for projects and screening, not an average: never for an inventory."))
    return tables.factor_set(
        "unfccc-ifi-2021", result, [],
        family="unfccc-ifi", publisher="UNFCCC, IFI Technical Working Group on GHG accounting", title="Harmonized default grid factors 2021",
        edition="2021 v3.1", published="2022", retrieved="2026-11-20", vintage="data-year",
        boundary="Operating and combined margins of grids: CO2 only.",
        licence="CC BY-SA 4.0", attribution="IFI Dataset of Default Grid Factors v3.1, UNFCCC; copy of the Green Web Foundation (CO2.js), CC BY-SA 4.0.",
        source="https://unfccc.int/climate-action/sectoral-engagement/ifis-harmonization-of-standards-for-ghg-accounting",
        sourceFile="unfccc_ifi_grid_2021.csv", sourceRows=len(rows),
        cautions=["Margins: for projects, never for a Scope 2 inventory. The engine refuses them.",
                  "The UNFCCC states no open licence of its own; the copy used is under CC BY-SA 4.0, so this folder stays under CC BY-SA 4.0.",
                  "One stored copy. The rows have no end date. China and Hong Kong are one row, Guernsey and Jersey another."])


def national(folder):
    known = regions.names(folder)
    rows = tables.read(folder, "grid_ca_au_nz.csv")
    sets = {"ca": ([], []), "au": ([], []), "nz": ([], [])}
    for row in rows:
        if row["id"].startswith("eccc"):
            sets["ca"][0].append(grid(row, known, "grid-ca", source_table=row["source"].split(", ")[-1], name="Grid electricity " + row["region"],
                                      caution="Intensity of consumption: what is lost on the way is likely within it; do not add losses again."))
        elif row["id"].startswith("nga"):
            upstream = row["scope_hint"] == "3.3"
            caution = "NGA Factors 2025 are meant for July 2025 to June 2026; the source dates them by the calendar year 2025."
            if upstream:
                caution += " Upstream and losses in one figure: nothing is added for losses."
            sets["au"][0].append(grid(
                row, known, "grid-au", part="Upstream" if upstream else "Direct", supply="None" if upstream else "GridAverage", scopes=row["scope_hint"].split()[0], data_from="2025-07-01", data_to="2026-06-30",
                source_table=row["source"].split(", ")[-1], caution=caution))
            sets["au"][1].append(tables.correction(
                row["id"], "data_from", "2025-01-01", "2025-07-01", "The note of the source says 2025-26: the Australian year July to June.", row["source"]))
        else:
            caution = ""
            if row["id"] == "mfe_2024_nz":
                caution = "Restated: 0.0994 in the 2026 edition, 0.1011 kg CO2e per kWh in the 2025 edition. Figures made with the earlier edition keep it."
            sets["nz"][0].append(grid(row, known, "grid-nz", source_table="Electricity", caution=caution))

    def made(country, **manifest):
        result, corrections = sets[country]
        return tables.factor_set(
            manifest.pop("id"), result, corrections, family="grid-" + country, **manifest, retrieved="2026-11-20", vintage="data-year",
            sourceFile="grid_ca_au_nz.csv", sourceRows=len(result))

    one = "One stored transcription, not verified against a second copy."
    return [
        made("ca", id="grid-ca-2025", publisher="Environment and Climate Change Canada (ECCC)", title="Emission factors and reference values: electricity by province",
             edition="v3.0 (October 2025)", published="2025-10", boundary="Consumption within the province.",
             licence="Open Government Licence - Canada", attribution="Contains information licensed under the Open Government Licence - Canada.",
             source="https://www.canada.ca/en/environment-climate-change/services/climate-change/pricing-pollution-how-it-will-work/output-based-pricing-system/federal-greenhouse-gas-offset-system/emission-factors-reference-values.html",
             cautions=[one, "ECCC prescribes each table for a later calendar year in its offset system (5.1: 2023 and 2024, 5.2: 2025, 5.3: 2026): here the year is that of the data."]),
        made("au", id="grid-au-2025", publisher="Department of Climate Change, Energy, the Environment and Water (DCCEEW)",
             title="National Greenhouse Accounts Factors: electricity by state", edition="2025", published="2025", boundary="Scope 2: generation; Scope 3: upstream and losses in one.",
             licence="CC BY 4.0", source="https://www.dcceew.gov.au/climate-change/publications/national-greenhouse-accounts-factors",
             cautions=[one, "Meant for July 2025 to June 2026; of vintage 2025, so that 2026 to 2028 may take it with the lag shown."]),
        made("nz", id="grid-nz-2026", publisher="Ministry for the Environment (MfE), New Zealand", title="Measuring emissions: electricity", edition="2026 v2",
             published="2026", boundary="Generation for the national grid.", licence="CC BY 4.0",
             source="https://environment.govt.nz/publications/measuring-emissions-a-guide-for-organisations/",
             cautions=[one, "The edition restates earlier years: 2024 was 0.1011 in the edition of 2025."]),
    ]
