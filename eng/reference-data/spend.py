"""USEEIO: kg per dollar of purchases, by NAICS code."""

from decimal import Decimal

import tables

# USEEIO's names of gases and those of reference-data/gwp.
GASES = {
    "Carbon tetrafluoride": "PFC-14", "HFC-125": "HFC-125", "HFC-134a": "HFC-134a", "HFC-143a": "HFC-143a", "HFC-23": "HFC-23", "HFC-236fa": "HFC-236fa",
    "HFC-32": "HFC-32", "HFCs and PFCs, unspecified": "HFCs and PFCs, unspecified (kg CO2e)", "Hexafluoroethane": "PFC-116", "Nitrogen trifluoride": "NF3",
    "Perfluorobutane": "PFC-31-10", "Perfluorocyclobutane": "PFC-318", "Perfluorohexane": "PFC-51-14", "Perfluoropropane": "PFC-218", "Sulfur hexafluoride": "SF6",
}

# Version: year of prices and data, potentials, edition, published.
EDITIONS = {"1.2": ("2021", "AR4", "v1.2", "2023-04"), "1.3": ("2022", "AR5", "v1.3.0", "2024")}
AGRICULTURE = {"111110": "1.326 (v1.2) against 0.532 kg CO2e per dollar (v1.3) for soybeans: check before comparing the editions."}


def other_gases(text):
    parts = []
    for part in text.split(";"):
        name, kg = part.rsplit("=", 1)
        if Decimal(kg) != 0:
            parts.append(GASES[name] + "=" + tables.number(kg))
    return "|".join(sorted(parts))


def build(folder, version):
    year, gwp, edition, published = EDITIONS[version]
    rows = tables.read(folder, f"useeio_v{version.replace('.', '_')}_naics6.csv")
    unit = "USD " + year
    result, corrections = [], []

    def add(row, id, activity, basis, caution="", **cells):
        result.append(tables.factor(
            id=id, activity=f"useeio/{row['naics2017']}/{activity}", name=f"{row['naics_title']}, {activity.replace('-', ' ')}", category="Spend > NAICS 2017 " + row["naics2017"][:2], unit=unit,
            basis=basis, **cells, region="US", year=year, data_from=year + "-01-01", data_to=year + "-12-31", part="LifeCycle", supply="None", scopes="3.1;3.2",
            source_table="NAICS 2017 " + row["naics2017"], caution=caution))

    for row in rows:
        for margins, column in (("with-margins", "ef_with_margins"), ("without-margins", "ef_without_margins")):
            add(row, f"{row['id']}_{margins.replace('-', '_')}", margins, "Co2e", AGRICULTURE.get(row["naics2017"], ""), co2e=row[column])
    source_rows = len(rows)
    if version == "1.3":
        totals = {row["naics2017"]: Decimal(row["ef_with_margins"]) for row in rows}
        by_gas = tables.read(folder, "useeio_v1_3_naics6_by_gas.csv")
        source_rows += len(by_gas)
        for row in by_gas:
            if row["naics2017"] not in totals:
                raise ValueError(f"{row['id']} has no total")
            add(row, row["id"], "with-margins-by-gas", "Mass", co2=row["carbon_dioxide_kg_with_margins"], ch4=row["methane_kg_with_margins"],
                n2o=row["nitrous_oxide_kg_with_margins"], other_gases=other_gases(row["other_gases_with_margins"]))
        corrections.append(tables.correction(
            "useeio13gas_*", "other_gases", "HFCs and PFCs, unspecified", "HFCs and PFCs, unspecified (kg CO2e)",
            "Stated in kg CO2e, not in kg of a gas: the name says so, its potential is 1. The published totals at AR5 follow from the gases with it.",
            "computed over all 1,016 rows: at most 0.0044 kg CO2e per dollar apart"))
    return tables.factor_set(
        "useeio-" + version, result, corrections,
        family="useeio", publisher="US Environmental Protection Agency (EPA)",
        title="Supply chain GHG emission factors for US commodities and industries", edition=edition, published=published, retrieved="2026-11-20",
        vintage="data-year", gwp=gwp, boundary="Cradle to the point of purchase, per dollar at purchaser's price; with margins transport and trade are within it.",
        licence="CC0 1.0 / US public domain", source="https://catalog.data.gov/dataset/supply-chain-greenhouse-gas-emission-factors-v1-" + version[-1] + "-by-naics-6",
        sourceFile=f"useeio_v{version.replace('.', '_')}_naics6.csv" + (", useeio_v1_3_naics6_by_gas.csv" if version == "1.3" else ""), sourceRows=source_rows,
        cautions=[
            f"Prices of {year} in US dollars: take spend net of tax, convert it at the rate of the month of purchase, bring it to the prices of {year}; without a rate or an index there is no result.",
            "With margins includes transport and trade: take without margins where category 4 is counted apart.",
        ] + (["The potentials of v1.2 are taken to be those of AR4, which was not verified.",
              "Farm products differ much from v1.3 (soybeans 1.326 against 0.532): check before comparing."] if version == "1.2" else
             ["Of the three activities of a code one is used: with margins, without margins, or with margins by gas."]))
