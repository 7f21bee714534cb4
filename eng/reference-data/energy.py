"""reference-data/energy-content: what each publisher's fuel is for the energy ledger, and how many kWh at net calorific value one unit of it holds.

DESNZ prints its fuels per tonne, litre, cubic metre and kWh, all from one calorific value an edition: the figure per tonne divided by the figure per kWh (Net
CV) is that value. EPA prints the heat content, gross; the IPCC says how much less the net one is.
"""

import re
from decimal import ROUND_HALF_EVEN, Decimal

import tables

FUEL_COLUMNS = "activity,carrier".split(",")
VALUE_COLUMNS = "activity,year,unit,kwh,rows,source".split(",")
BLEND_COLUMNS = "activity,year,renewable_share,rows".split(",")

KWH_PER_MMBTU = Decimal("1055.05585262") / Decimal("3.6")

# 2006 IPCC Guidelines for National Greenhouse Gas Inventories, vol. 2, 1.4.1.2.
NET_OF_GROSS = {"Coal": Decimal("0.95"), "Petroleum": Decimal("0.95"), "NaturalGas": Decimal("0.9")}
IPCC = "2006 IPCC Guidelines, vol. 2, 1.4.1.2: net is {} % less than gross"

DESNZ_NATURAL_GAS = {"natural-gas", "natural-gas-100-mineral-blend", "cng", "lng"}
# Petroleum coke stands among DESNZ's solid fuels and is a petroleum product.
DESNZ_PETROLEUM_SOLID = {"petroleum-coke"}
EPA_STATIONARY = "epa-hub/stationary-combustion/"
EPA_MOBILE = "epa-hub/mobile-combustion-co2/"
EPA_GROUPS = {
    "coal-and-coke": "Coal", "natural-gas": "NaturalGas", "petroleum-products": "Petroleum", "other-fuels-solid": "OtherFossil", "other-fuels-gaseous": "OtherFossil",
    "biomass-fuels-solid": "RenewableFuel", "biomass-fuels-gaseous": "RenewableFuel", "biomass-fuels-liquid": "RenewableFuel",
}
EPA_ELSEWHERE = {
    "other-fuels-solid/petroleum-coke-solid": "Petroleum", "other-fuels-gaseous/propane-gas": "Petroleum", "other-fuels-gaseous/blast-furnace-gas": "Coal",
    "other-fuels-gaseous/coke-oven-gas": "Coal", "other-fuels-gaseous/fuel-gas": "Petroleum",
    # EPA lists peat with biomass; it is none in Directive (EU) 2018/2001, art. 2.
    "biomass-fuels-solid/peat": "OtherFossil",
}
EPA_MOBILE_CARRIERS = {
    "biodiesel-100": "RenewableFuel", "ethanol-100": "RenewableFuel", "compressed-natural-gas-cng": "NaturalGas", "liquefied-natural-gas-lng": "NaturalGas",
}
# EPA gives vehicles' gas per scf and no heat content: it is that of natural gas.
SAME_GAS = {EPA_MOBILE + "compressed-natural-gas-cng": EPA_STATIONARY + "natural-gas/natural-gas"}


def carrier_of(activity):
    """What the fuel is; None for what is no fuel."""
    parts = activity.split("/")
    if activity.startswith("desnz/fuels/"):
        group, name = parts[2], parts[3]
        if name in DESNZ_NATURAL_GAS:
            return "NaturalGas"
        return "Coal" if group == "solid-fuels" and name not in DESNZ_PETROLEUM_SOLID else "Petroleum"
    if activity.startswith("desnz/bioenergy/"):
        return "RenewableFuel"
    if activity.startswith(EPA_STATIONARY) and parts[2] in EPA_GROUPS:
        return EPA_ELSEWHERE.get("/".join(parts[2:]), EPA_GROUPS[parts[2]])
    if activity.startswith(EPA_MOBILE):
        return EPA_MOBILE_CARRIERS.get(parts[2], "Petroleum")
    return None


def digits(value):
    """Six significant digits, as many as the printed figures carry."""
    value = Decimal(value)
    return tables.number(value.quantize(Decimal(1).scaleb(value.adjusted() - 5), rounding=ROUND_HALF_EVEN))


def significant(text):
    return len(text.replace(".", "").lstrip("0"))


def desnz_values(activity, year, rows, memo):
    """Per unit the ratio of two printed figures of one column. Where several columns would do, the one with most digits; CO2 of living matter for biofuels."""
    columns = [(column, {row["unit"]: row for row in source}) for source, column in ((rows, "co2"), (rows, "co2e"), (memo, "biogenic_co2"))]
    for base, per_base in (("kWh (Net CV)", Decimal(1)), ("kWh", Decimal(1)), ("GJ", 1000 / Decimal("3.6"))):
        if not any(base in by_unit for _, by_unit in columns[:2]):
            continue
        if base != "kWh (Net CV)":
            # DESNZ's bioenergy is on net calorific value, in kWh and in GJ.
            yield {"activity": activity, "year": year, "unit": "kWh", "kwh": "1", "rows": "", "source": "Bioenergy of DESNZ is given by net calorific value"}
        for unit in ("t", "kg", "l", "m3", "kWh (Gross CV)"):
            found = [
                (min(significant(by_unit[unit][column]), significant(by_unit[base][column])), by_unit[unit], by_unit[base], column)
                for column, by_unit in columns if unit in by_unit and base in by_unit and by_unit[unit][column] and by_unit[base][column]
            ]
            if found and not (unit == "kg" and any("t" in by_unit for _, by_unit in columns[:2])):
                _, one, other, column = max(found, key=lambda each: each[0])
                kwh = Decimal(one[column]) / Decimal(other[column]) * per_base
                yield {
                    "activity": activity, "year": year, "unit": unit, "kwh": digits(kwh), "rows": f"{one['id']}/{other['id']}",
                    "source": f"{column} per {unit} ÷ {column} per {base}",
                }
        return


def epa_values(activity, carrier, year, rows):
    ratio = NET_OF_GROSS.get(carrier)
    if ratio is None:
        return
    less = IPCC.format(tables.number((1 - ratio) * 100))
    yield {"activity": activity, "year": year, "unit": "kWh (Gross CV)", "kwh": tables.number(ratio), "rows": "", "source": less}
    for row in rows:
        heat = re.search(r"Heat content ([\d.]+) mmBtu \(HHV\) per", row["note"])
        if heat and row["unit"] in ("short ton", "gal (US)", "scf"):
            yield {
                "activity": activity, "year": year, "unit": row["unit"], "kwh": digits(Decimal(heat.group(1)) * KWH_PER_MMBTU * ratio), "rows": row["id"],
                "source": f"heat content {heat.group(1)} mmBtu (HHV); {less}",
            }


def build(factors):
    """factors: the rows of the factor sets of DESNZ and EPA."""
    by_activity = {}
    for row in factors:
        by_activity.setdefault(row["activity"], {}).setdefault(row["year"], []).append(row)
    fuels, values, blends = [], [], []
    for activity in sorted(by_activity):
        carrier = carrier_of(activity)
        if carrier is None:
            continue
        fuels.append({"activity": activity, "carrier": carrier})
        name = activity.split("/")[-1]
        for year in sorted(by_activity[activity]):
            rows = [row for row in by_activity[activity][year] if row["part"] == "Direct"]
            if activity.startswith("desnz/"):
                memo = by_activity.get(activity.replace("desnz/bioenergy/", "desnz/outside-of-scopes/"), {}).get(year, [])
                values += desnz_values(activity, year, rows, memo)
                blended = by_activity.get("desnz/outside-of-scopes/forecourt-fuels-containing-biofuel/" + name, {}).get(year, [])
                fossil = [row for row in rows if row["unit"] == "t"]
                living = [row for row in blended if row["unit"] == "t"]
                if fossil and living:
                    (one,), (other,) = fossil, living
                    share = Decimal(other["biogenic_co2"]) / (Decimal(other["biogenic_co2"]) + Decimal(one["co2"]))
                    blends.append({"activity": activity, "year": year, "renewable_share": digits(share), "rows": f"{other['id']}/{one['id']}"})
            else:
                heated = by_activity[SAME_GAS[activity]].get(year, []) if activity in SAME_GAS else rows
                values += epa_values(activity, carrier, year, [row for row in heated if row["part"] == "Direct"])
    made = tables.Set("energy-content", {
        "id": "energy-content",
        "title": "Fuels by what they are, and their energy at net calorific value",
        "version": "2026-11",
        "publisher": "OffGridFlow",
        "source": "Derived from the factor sets of DESNZ and of the EPA in this folder, row by row; 2006 IPCC Guidelines for National Greenhouse Gas Inventories, vol. 2, 1.4.1.2.",
        "license": "Open Government Licence v3.0 (DESNZ); public domain (EPA); facts",
        "notes": [
            "kwh: kWh at net calorific value in one unit. rows: the factors whose figures give it, the first divided by the second.",
            "DESNZ derives all units of a fuel from one calorific value an edition, so the ratio of two of its figures is that value, to the digits printed.",
            "EPA's heat contents are gross. The IPCC's relation to net is for coal, oil and natural gas; for waste and biomass EPA's have none, and no value is made up.",
            "renewable_share: CO2 of living matter in all CO2 of a blend, per tonne. Carbon stands for energy: the fuels blended differ by less than 3 % in CO2 per unit of energy.",
        ],
    })
    made.add("fuels.csv", FUEL_COLUMNS, fuels, "what each publisher's fuel is")
    made.add("values.csv", VALUE_COLUMNS, values, "kWh at net calorific value per unit, by edition")
    return made.add("blends.csv", BLEND_COLUMNS, blends, "the renewable share of forecourt fuels, by edition")
