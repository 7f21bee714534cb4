"""The US EPA's GHG Emission Factors Hub and eGRID."""

from decimal import Decimal, ROUND_HALF_EVEN

import tables

LB = Decimal("0.45359237")
GWP_NOTE = "kg of each gas; CO2e follows with the inventory's potentials."
PUBLIC = "US federal government work, public domain (17 USC 105)"

HUB = {"2024": ("2024 (5 June 2024)", "2024-06-05"), "2025": ("2025 (15 January 2025)", "2025-01-15")}
EGRID = {"2022": ("eGRID2022 (January 2024), as in the Hub of June 2024", "2024-06-05"), "2023": ("eGRID2023 (January 2025 release)", "2025-01-15")}


def hub(folder, year):
    rows = tables.read(folder, f"epa_ghg_hub_{year}.csv")
    result, corrections = [], []
    for row in rows:
        cells = {column: row[column] for column in ("co2", "ch4", "n2o", "co2e")}
        number, caution = row["source_table"], []
        biogenic = "Biomass Fuels" in row["category_path"] or row["note"].startswith("Biogenic CO2")
        if biogenic:
            cells["biogenic_co2"], cells["co2"] = cells["co2"], ""
            if number != "Table 2":
                cells["biogenic_methane"] = "yes"
            corrections.append(tables.correction(
                row["id"], "co2", row["co2"], "", "CO2 of biomass stands outside the scopes: kept as biogenic_co2, a memo. CH4 and N2O stay in scope 1.",
                "GHG Protocol Corporate Standard, ch. 4; EPA Hub, " + number))
            if number == "Table 2":
                caution.append("CO2 from living matter only: a memo. CH4 and N2O are in tables 3 to 5, per mile or per gallon of a kind of machine.")
        elif number == "Table 2":
            caution.append("CO2 only. CH4 and N2O are in tables 3 to 5, per mile or per gallon of a kind of machine: they are activities of their own.")
        if number in ("Table 3", "Table 4", "Table 5"):
            caution.append("CH4 and N2O only. CO2 is in table 2, per unit of fuel.")
        if "Motorcycles" in row["activity"]:
            if year == "2025":
                caution.append("CH4 and N2O of motorcycles look exchanged in the 2025 edition (for example 0.009 and 0.09 g per mile): used as published.")
            elif row["ch4"] == "0" and row["n2o"] == "0":
                caution.append("The 2024 edition publishes zero for CH4 and N2O of these model years: used as published.")
        result.append(tables.factor(
            id=row["id"], activity="epa-hub/" + tables.slug(row["category_path"] + " / " + row["activity"]), name=row["activity"], category=row["category_path"],
            unit=tables.UNITS[row["unit"]], basis="Mass" if row["gas_basis"] == "mass_kg" else "Co2e", **cells, region="US", year=year,
            data_from=row["valid_from"], data_to=row["valid_to"],
            part="LifeCycle" if number == "Table 9" else "OutsideScopes" if biogenic and number == "Table 2" else "Direct",
            supply="GridAverage" if row["scope_hint"] == "2" else "None",
            scopes="memo" if biogenic and number == "Table 2" else row["scope_hint"], source_table=number, note=row["note"].strip(), caution=" ".join(caution)))
    edition, published = HUB[year]
    return tables.factor_set(
        f"epa-hub-{year}", result, corrections,
        family="epa-hub", publisher="US Environmental Protection Agency (EPA)", title=f"GHG Emission Factors Hub {year}", edition=edition,
        published=published, retrieved="2026-11-20", vintage="edition-year", gwp="AR5",
        boundary="Combustion, purchased steam and heat: emissions at the source. Waste (table 9): treatment and transport, without avoided emissions.",
        licence=PUBLIC, source=rows[0]["source"] + "; https://www.epa.gov/climateleadership/ghg-emission-factors-hub",
        sourceFile=f"epa_ghg_hub_{year}.csv", sourceRows=len(rows),
        cautions=[
            GWP_NOTE + " Table 9 is kg CO2e with AR5.",
            "Table 2 has CO2 of fuels in vehicles, tables 3 to 5 CH4 and N2O, mostly per mile: a whole needs both.",
            "CO2 of biomass and biofuels was moved outside the scopes (corrections.csv).",
        ])


def per_mwh(pounds):
    """kg per MWh of pounds per MWh: exact, to the twelfth decimal."""
    return tables.number((Decimal(pounds) * LB).quantize(Decimal("1e-12"), ROUND_HALF_EVEN))


def egrid(folder, year):
    rows = tables.read(folder, f"egrid_{year}_subregion.csv")
    result, corrections = [], []
    for row in rows:
        code = row["subregion"]
        region = "US" if code == "US" else "US-" + code
        for kind, column, supply in (("", "total_output", "GridAverage"), ("_nonbaseload", "nonbaseload", "Marginal")):
            id = f"egrid{year}_{code}{kind}"
            loss = row["grid_gross_loss_fraction"] if supply == "GridAverage" else ""
            caution = ""
            if supply == "Marginal":
                caution = "Non-baseload output: for projects that displace electricity, never for an inventory."
            elif year == "2023" and not loss:
                caution = "EPA gives no grid gross loss here: losses cannot be calculated from this row."
                corrections.append(tables.correction(id, "loss_share", "", "", "Blank in the source.", "EPA GHG Emission Factors Hub, table 6"))
            published = {gas: row[f"{column}_{gas}_lb_per_mwh"] for gas in ("co2", "ch4", "n2o")}
            result.append(tables.factor(
                id=id, activity="egrid/electricity", name=row["subregion_name"] + (", non-baseload" if kind else ""),
                category="eGRID > " + ("Non-baseload output emission rates" if kind else "Total output emission rates"),
                unit="MWh", basis="Mass", **{gas: per_mwh(pounds) for gas, pounds in published.items()}, region=region, year=year,
                data_from=f"{year}-01-01", data_to=f"{year}-12-31", part="Direct", supply=supply, scopes="2", loss_share=loss, source_table=row["source_table"],
                note="Published: " + ", ".join(f"{pounds} lb {gas.upper()}" for gas, pounds in published.items()) + " per MWh; × 0.45359237 kg/lb.", caution=caution))
    edition, published = EGRID[year]
    cautions = ["Rates of generation. Losses are not within them; category 3 takes them from loss_share.",
                "The tables name no days: those of a row are the data year's."]
    cautions.append(
        "EPA issued revision 2 of eGRID2023 on 12 June 2025, which changed some subregions (AZNM, FRCC, NYCW, RFCM, SPSO, SRSO among them): this is the January 2025 release."
        if year == "2023" else "The table of this edition has no grid gross loss: losses cannot be calculated from it.")
    return tables.factor_set(
        f"egrid-{year}", result, corrections,
        family="egrid", publisher="US Environmental Protection Agency (EPA)", title=f"eGRID{year}: emission rates of the subregions' grids", edition=edition,
        published=published, retrieved="2026-11-20", vintage="data-year", boundary="Generation within the subregion: direct emissions, without losses and upstream.",
        licence=PUBLIC, source=rows[0]["source"] + "; https://www.epa.gov/egrid", sourceFile=f"egrid_{year}_subregion.csv", sourceRows=len(rows), cautions=cautions)
