"""reference-data/activity-types: what people enter, and the publishers' rows behind each type, for every part that is published."""

import csv
import re

import tables
import value_chain

TYPE_COLUMNS = "key,name,family,scope,category,categories,units,needs_gas,reported,names,hint".split(",")

# Whose energy, vehicles and gases belong to others: suppliers, lessors, customers, franchisees, investees.
ELSEWHERE = "1|4|8|9|10|11|13|14|15"
ELSEWHERE_MOVING = "1|4|6|7|8|9|10|11|13|14|15"
ELSEWHERE_LEAKING = "1|4|8|9|10|11|12|13|14|15"
GROSS_GAS = "kWh (Gross CV)|kWh (Net CV)|m3|t|mmBtu (Gross CV)|therm (Gross CV)|scf|GJ (Gross CV)"
LIQUID = "l|t|kWh (Gross CV)|kWh (Net CV)|gal (US)|mmBtu (Gross CV)|GJ (Gross CV)"
SOLID = "t|kg|kWh (Gross CV)|kWh (Net CV)|short ton|mmBtu (Gross CV)"
BIOFUEL = "l|kg|GJ|gal (US)|mmBtu (Gross CV)"
BIOMASS = "t|kWh|short ton|mmBtu (Gross CV)"
VOLUME = "l|gal (US)|t|kg|kWh (Gross CV)|kWh (Net CV)"
DISTANCE = "km|mi"
POWER = "kWh|MWh|GJ"

ROAD = "CO2, CH4 and N2O in the UK tables; the US table of vehicle fuels has CO2 only, CH4 and N2O go by distance."


def fuel(group, name):
    """A fossil fuel of DESNZ with its upstream row."""
    return [f"desnz/fuels/{group}-fuels/{name}", f"desnz/wtt-fuels/{group}-fuels/{name}"]


def forecourt(name):
    """A forecourt fuel with its share of biofuel outside the scopes."""
    return [*fuel("liquid", name), f"desnz/outside-of-scopes/forecourt-fuels-containing-biofuel/{name}"]


def bio(group, name):
    """A biofuel of DESNZ: CH4 and N2O, upstream, CO2 outside the scopes."""
    return [f"desnz/bioenergy/{group}/{name}", f"desnz/wtt-bioenergy/wtt-{group}/{name}", f"desnz/outside-of-scopes/{group}/{name}"]


def epa(group, *names):
    return [f"epa-hub/stationary-combustion/{group}/{name}" for name in names]


def epa_mobile(*names):
    return [f"epa-hub/mobile-combustion-co2/{name}" for name in names]


def car(group, name):
    return [f"desnz/passenger-vehicles/{group}/{name}", f"desnz/wtt-pass-vehs-travel-land/wtt-{group}/{name}"]


def van(name):
    return [f"desnz/delivery-vehicles/vans/{name}", f"desnz/wtt-delivery-vehs-freight/wtt-vans/{name}"]


def truck(before, since):
    """A class of HGV under its names before 2026 and since."""
    return [
        f"desnz/delivery-vehicles/hgv-all-diesel/{before}", f"desnz/wtt-delivery-vehs-freight/wtt-hgv-all-diesel/{before}",
        f"desnz/delivery-vehicles/hgv-non-refrigerated-all-diesel/{since}", f"desnz/wtt-delivery-vehs-freight/wtt-hgv-non-refrigerated-all-diesel/{since}",
    ]


PETROLEUM = "petroleum-products"
COAL = "coal-and-coke"

# key, name, family, units, further names, hint, activities
STATIONARY = [
    ("natural-gas", "Natural gas", GROSS_GAS, "Mains gas|Gas", "Burned in boilers, heaters, ovens or engines on site. Bills in kWh are on gross calorific value in most countries.",
     fuel("gaseous", "natural-gas") + epa("natural-gas", "natural-gas")),
    ("lpg", "LPG", LIQUID, "Liquefied petroleum gas", "Burned on site. Take propane or butane where the bill names it.",
     fuel("gaseous", "lpg") + epa(PETROLEUM, "liquefied-petroleum-gases-lpg")),
    ("propane", "Propane", LIQUID, "Bottled propane", "Burned on site, from a tank or bottles.", fuel("gaseous", "propane") + epa(PETROLEUM, "propane")),
    ("butane", "Butane", LIQUID, "Bottled butane", "Burned on site, from a tank or bottles.", fuel("gaseous", "butane") + epa(PETROLEUM, "butane")),
    ("cng-stationary", "Compressed natural gas, burned on site", "kg|t|l|kWh (Gross CV)|kWh (Net CV)", "", "Delivered compressed and burned on site.", fuel("gaseous", "cng")),
    ("lng-stationary", "Liquefied natural gas, burned on site", "kg|t|l|kWh (Gross CV)|kWh (Net CV)", "", "Delivered liquid and burned on site.", fuel("gaseous", "lng")),
    ("gas-oil", "Gas oil", LIQUID, "Red diesel|Heating oil|Distillate fuel oil|Fuel oil No. 2", "Burned on site in boilers, generators or machines, without a share of biofuel.",
     fuel("liquid", "gas-oil") + epa(PETROLEUM, "distillate-fuel-oil-no-2")),
    ("diesel-stationary", "Diesel, burned on site", LIQUID, "Generator diesel", "Road diesel burned in generators and machines on site.",
     forecourt("diesel-average-biofuel-blend") + epa(PETROLEUM, "distillate-fuel-oil-no-2")),
    ("burning-oil", "Kerosene", LIQUID, "Burning oil|Paraffin|Heating kerosene", "Burned on site for heating.",
     fuel("liquid", "burning-oil") + epa(PETROLEUM, "kerosene")),
    ("fuel-oil", "Fuel oil", LIQUID, "Heavy fuel oil|Residual fuel oil|HFO", "Residual oil burned in boilers and furnaces.",
     fuel("liquid", "fuel-oil") + epa(PETROLEUM, "residual-fuel-oil-no-6")),
    ("petrol-stationary", "Petrol, burned on site", LIQUID, "Gasoline, burned on site", "Burned in generators and machines on site.",
     forecourt("petrol-average-biofuel-blend") + epa(PETROLEUM, "motor-gasoline")),
    ("waste-oil", "Waste oil", LIQUID, "Used oil", "Used oil burned for heat.", fuel("liquid", "waste-oils") + epa(PETROLEUM, "used-oil")),
    ("naphtha", "Naphtha", LIQUID, "", "Burned as a fuel; as a feedstock it is no combustion.", fuel("liquid", "naphtha") + epa(PETROLEUM, "naphtha-401-deg-f")),
    ("coal-industrial", "Coal, industrial", SOLID, "Steam coal|Industrial coal", "Burned in industrial boilers and kilns.",
     fuel("solid", "coal-industrial") + epa(COAL, "mixed-industrial-sector")),
    ("coal-commercial", "Coal, commercial and domestic", SOLID, "House coal|Domestic coal|Coal", "Burned for heating in buildings.",
     fuel("solid", "coal-domestic") + epa(COAL, "mixed-commercial-sector")),
    ("coal-power", "Coal, power station", SOLID, "", "Burned to generate electricity.",
     fuel("solid", "coal-electricity-generation") + epa(COAL, "mixed-electric-power-sector")),
    ("coking-coal", "Coking coal", SOLID, "", "Coal for coke ovens.", fuel("solid", "coking-coal") + epa(COAL, "mixed-industrial-coking")),
    ("anthracite", "Anthracite", SOLID, "", "Hard coal, as the US table tells it apart.", epa(COAL, "anthracite")),
    ("lignite", "Lignite", SOLID, "Brown coal", "Brown coal, as the US table tells it apart.", epa(COAL, "lignite")),
    ("coke", "Coke", SOLID, "Coal coke", "Coke of coal burned in furnaces.", epa(COAL, "coal-coke")),
    ("petroleum-coke", "Petroleum coke", SOLID, "Petcoke", "Burned in kilns and furnaces.",
     fuel("solid", "petroleum-coke") + epa("other-fuels-solid", "petroleum-coke-solid")),
    ("wood-logs", "Wood logs", BIOMASS, "Firewood|Logs", "CO2 stands outside the scopes; CH4 and N2O count in Scope 1.",
     bio("biomass", "wood-logs") + epa("biomass-fuels-solid", "wood-and-wood-residuals")),
    ("wood-chips", "Wood chips", BIOMASS, "Woodchips", "CO2 stands outside the scopes; CH4 and N2O count in Scope 1.",
     bio("biomass", "wood-chips") + epa("biomass-fuels-solid", "wood-and-wood-residuals")),
    ("wood-pellets", "Wood pellets", BIOMASS, "Pellets", "CO2 stands outside the scopes; CH4 and N2O count in Scope 1.",
     bio("biomass", "wood-pellets") + epa("biomass-fuels-solid", "wood-and-wood-residuals")),
    ("straw", "Grass and straw", BIOMASS, "Straw|Grass", "CO2 stands outside the scopes; CH4 and N2O count in Scope 1.",
     bio("biomass", "grass-straw") + epa("biomass-fuels-solid", "agricultural-byproducts")),
    ("biogas", "Biogas", "kWh|t|mmBtu (Gross CV)|scf", "Digester gas", "CO2 stands outside the scopes; CH4 and N2O count in Scope 1.",
     bio("biogas", "biogas") + epa("biomass-fuels-gaseous", "other-biomass-gases")),
    ("landfill-gas", "Landfill gas", "kWh|t|mmBtu (Gross CV)|scf", "", "CO2 stands outside the scopes; CH4 and N2O count in Scope 1.",
     bio("biogas", "landfill-gas") + epa("biomass-fuels-gaseous", "landfill-gas")),
    ("biomethane", "Biomethane", "kg|t|GJ|kWh", "Green gas", "By pipe or bottle, with evidence of its origin; without evidence it is natural gas.", bio("biofuel", "biomethane-compressed")),
    ("biodiesel-stationary", "Biodiesel, burned on site", BIOFUEL, "", "Pure biodiesel burned on site. CO2 stands outside the scopes.",
     bio("biofuel", "biodiesel-me") + epa("biomass-fuels-liquid", "biodiesel-100")),
    ("hvo-stationary", "HVO, burned on site", BIOFUEL, "Hydrotreated vegetable oil, burned on site", "Hydrotreated vegetable oil in generators and machines on site. CO2 stands outside the scopes.",
     bio("biofuel", "biodiesel-hvo")),
    ("municipal-waste", "Municipal solid waste, burned on site", "t|kg|short ton|mmBtu (Gross CV)", "", "Burned in own plant, as the US table has it.",
     epa("other-fuels-solid", "municipal-solid-waste")),
]

MOBILE = [
    ("petrol", "Petrol in vehicles", VOLUME, "Petrol|Gasoline|Motor gasoline", ROAD, forecourt("petrol-average-biofuel-blend") + epa_mobile("motor-gasoline")),
    ("diesel", "Diesel in vehicles", VOLUME, "Diesel|DERV|Diesel fuel", ROAD, forecourt("diesel-average-biofuel-blend") + epa_mobile("diesel-fuel")),
    ("cng", "CNG in vehicles", "kg|t|l|scf|kWh (Gross CV)|kWh (Net CV)", "CNG|Compressed natural gas", ROAD,
     fuel("gaseous", "cng") + epa_mobile("compressed-natural-gas-cng")),
    ("lng", "LNG in vehicles", VOLUME, "LNG|Liquefied natural gas", ROAD, fuel("gaseous", "lng") + epa_mobile("liquefied-natural-gas-lng")),
    ("lpg-vehicles", "LPG in vehicles", VOLUME, "Autogas", ROAD, fuel("gaseous", "lpg") + epa_mobile("liquefied-petroleum-gases-lpg")),
    ("bioethanol", "Bioethanol in vehicles", BIOFUEL, "Bioethanol|Ethanol", "Pure ethanol. CO2 stands outside the scopes.", bio("biofuel", "bioethanol") + epa_mobile("ethanol-100")),
    ("biodiesel", "Biodiesel in vehicles", BIOFUEL, "Biodiesel|B100|FAME", "Pure biodiesel. CO2 stands outside the scopes.", bio("biofuel", "biodiesel-me") + epa_mobile("biodiesel-100")),
    ("hvo", "HVO in vehicles", BIOFUEL, "HVO|Renewable diesel|Hydrotreated vegetable oil", "Hydrotreated vegetable oil. CO2 stands outside the scopes.", bio("biofuel", "biodiesel-hvo")),
    ("aviation-turbine-fuel", "Aviation turbine fuel", VOLUME, "Jet fuel|Kerosene-type jet fuel|Jet A|Jet A-1",
     "Own or chartered aircraft. Effects of flight other than CO2, CH4 and N2O are not within it.", fuel("liquid", "aviation-turbine-fuel") + epa_mobile("kerosene-type-jet-fuel")),
    ("aviation-gasoline", "Aviation gasoline", VOLUME, "Avgas|Aviation spirit", "Own or chartered aircraft with piston engines.",
     fuel("liquid", "aviation-spirit") + epa_mobile("aviation-gasoline")),
    ("marine-gas-oil", "Marine gas oil", VOLUME, "MGO", "Own or chartered vessels.", fuel("liquid", "marine-gas-oil")),
    ("marine-fuel-oil", "Marine fuel oil", VOLUME, "Bunker fuel|Heavy marine fuel", "Own or chartered vessels.", fuel("liquid", "marine-fuel-oil") + epa_mobile("residual-fuel-oil")),
]

BY_DISTANCE = "Only where the fuel is not known: fuel is surer. Own or leased vehicles; a hired car or an employee's own is Scope 3."
for size in ("small", "medium", "large", "average"):
    for kind in ("diesel", "petrol", "hybrid"):
        MOBILE.append((f"car-{size}-{kind}", f"{size.capitalize()} car, {kind}", DISTANCE, "", BY_DISTANCE, car("cars-by-size", f"{size}-car/{kind}")))
MOBILE.append(("car-average", "Average car, fuel not known", DISTANCE, "Car", BY_DISTANCE, car("cars-by-size", "average-car/unknown")))
for key, name, row in (("class-1", "up to 1.305 t", "class-i-up-to-1-305-tonnes"), ("class-2", "1.305 to 1.74 t", "class-ii-1-305-to-1-74-tonnes"),
                       ("class-3", "1.74 to 3.5 t", "class-iii-1-74-to-3-5-tonnes"), ("average", "average up to 3.5 t", "average-up-to-3-5-tonnes")):
    for kind in ("diesel", "petrol"):
        MOBILE.append((f"van-{key}-{kind}", f"Van {name}, {kind}", DISTANCE, "", BY_DISTANCE, van(f"{row}/{kind}")))
LOAD = "Diesel, average load. Only where the fuel is not known. Own or leased trucks; haulage by others is Scope 3."
for key, name, before, since in (
        ("rigid-small", "Rigid truck, over 3.5 to 7.5 t", "rigid-3-5-7-5-tonnes/average-laden", "rigid-3-5-7-5-tonnes/average-laden"),
        ("rigid-medium", "Rigid truck, over 7.5 to 17 t", "rigid-7-5-tonnes-17-tonnes/average-laden", "rigid-7-5-tonnes-17-tonnes/average-laden"),
        ("rigid-large", "Rigid truck, over 17 t", "rigid-17-tonnes/average-laden", "rigid-17-tonnes/average-laden"),
        ("articulated-small", "Articulated truck, over 3.5 to 33 t", "articulated-3-5-33t/average-laden", "articulated-3-5-33t/average-laden"),
        ("articulated-large", "Articulated truck, over 33 t", "articulated-33t/average-laden", "articulated-33t/average-laden"),
        ("average", "Average truck", "all-hgvs/average-laden", "average-non-refrigerated-hgvs/average-laden")):
    MOBILE.append((f"hgv-{key}", name, DISTANCE, "HGV" if key == "average" else "", LOAD, truck(before, since)))
for size in ("small", "medium", "large", "average"):
    MOBILE.append((f"motorbike-{size}", f"Motorbike, {size}", DISTANCE, "Motorcycle" if size == "average" else "", BY_DISTANCE, car("motorbike", size)))

RELEASED = [
    ("process-gas", "Gas released by a process", "Process", "kg|t|g|lb", "Process emissions",
     "The mass of gas that a chemical or physical process releases, by the plant's own balance. Name the gas.", []),
    ("refrigerant-leak", "Refrigerant leak", "Fugitive", "kg|g|lb|t", "Refrigerants|Refrigerant top-up",
     "The mass topped up, or the balance of stock, purchases and sales of the year. Name the refrigerant.", []),
    ("fugitive-gas", "Other gas escaped", "Fugitive", "kg|t|g|lb", "Fire suppressant|SF6 leak|Methane leak",
     "Escaped from equipment that is no cooling: switchgear, extinguishers, pipes. Name the gas.", []),
]

UNFCCC = [f"unfccc-ifi/electricity/{name}" for name in (
    "ifi-operating-margin", "ifi-combined-margin-firm-energy", "ifi-combined-margin-intermittent-energy", "ifi-combined-margin-energy-efficiency",
    "ifi-combined-margin-electricity-consumption")]
PURCHASED = [
    ("electricity", "Electricity", "Electricity", POWER, "Power|Purchased electricity|Grid electricity",
     "From the grid, as on the bill. Contracts and certificates are entered apart; both Scope 2 methods follow.",
     ["desnz/electricity", "desnz/transmission-and-distribution/t-d-uk-electricity/electricity-uk", "desnz/wtt-uk-electricity/wtt-uk-electricity-generation/electricity-uk",
      "desnz/wtt-uk-electricity/wtt-uk-electricity-t-d/electricity-uk", "desnz/outside-of-scopes/electricity-generated/electricity-uk", "egrid/electricity", "eea/electricity", "grid-ca/electricity", "grid-au/electricity", "grid-nz/electricity", "ember/electricity", *UNFCCC]),
    ("heat", "District heat", "Heat", POWER + "|mmBtu", "District heating|Purchased heat|Heat network",
     "Bought from a network. The UK table names its losses apart.",
     ["desnz/heat-and-steam/heat-and-steam/district-heat-and-steam", "desnz/transmission-and-distribution/distribution-district-heat-steam/5-loss",
      "desnz/wtt-heat-and-steam/wtt-heat-and-steam/district-heat-and-steam", "desnz/wtt-heat-and-steam/wtt-district-heat-steam-distribution/5-loss",
      "epa-hub/purchased-steam-and-heat/steam-and-heat"]),
    ("heat-onsite", "Heat from a neighbor's plant", "Heat", POWER + "|mmBtu", "Onsite heat",
     "Bought from a plant on the same site, without a network.",
     ["desnz/heat-and-steam/heat-and-steam/onsite-heat-and-steam", "desnz/wtt-heat-and-steam/wtt-heat-and-steam/onsite-heat-and-steam",
      "epa-hub/purchased-steam-and-heat/steam-and-heat"]),
    ("steam", "Steam", "Steam", POWER + "|mmBtu", "Purchased steam",
     "Bought by energy content. EPA assumes a gas boiler of 80 % efficiency.",
     ["desnz/heat-and-steam/heat-and-steam/onsite-heat-and-steam", "desnz/wtt-heat-and-steam/wtt-heat-and-steam/onsite-heat-and-steam",
      "epa-hub/purchased-steam-and-heat/steam-and-heat"]),
    ("cooling", "District cooling", "Cooling", POWER, "Chilled water|Purchased cooling",
     "Bought chilled water. No publisher here has a factor: enter the supplier's as your own factor.", []),
]

# No emission of its own: kept for the energy ledger. The fuel behind it, where there is one, is an entry of its own.
OWN_ENERGY = [
    ("own-energy", "Own energy without fuel", "Solar power|Wind power|Hydropower|Photovoltaics|Solar heat|Geothermal heat",
     "All that your own panels, turbines or collectors made, also what was sold. It has no emissions in operation."),
    ("own-energy-fossil", "Power or heat made from own fossil fuel", "Own generation from fossil fuel",
     "What an own plant made. The fuel that it burned is entered as fuel and counts there; this is shown as production only."),
    ("own-energy-biofuel", "Power or heat made from own renewable fuel", "Own generation from renewable fuel",
     "What an own plant made. The fuel that it burned is entered as fuel and counts there; this is shown as production only."),
    ("sold-energy", "Energy sold to others", "Power sold|Heat sold|Energy fed into the grid",
     "Power, heat or steam sold or fed into the grid. It is shown apart and takes nothing off the consumption."),
]


def all_types(known):
    for key, name, units, names, hint, activities in STATIONARY:
        yield row(key, name, "Stationary", 1, "", ELSEWHERE, units, "", "", names, hint), activities
    for key, name, units, names, hint, activities in MOBILE:
        yield row(key, name, "Mobile", 1, "", ELSEWHERE_MOVING, units, "", "", names, hint), activities
    for key, name, family, units, names, hint, activities in RELEASED:
        yield row(key, name, family, 1, "", ELSEWHERE_LEAKING, units, "yes", "", names, hint), activities
    for key, name, family, units, names, hint, activities in PURCHASED:
        yield row(key, name, family, 2, "", ELSEWHERE_MOVING, units, "", "", names, hint), activities
    for key, name, names, hint in OWN_ENERGY:
        yield row(key, name, "OwnEnergy", 1, "", "", POWER, "", "", names, hint), []
    for key, name, category, others, units, reported, names, hint, activities in value_chain.all_types(known):
        others = "|".join([others] if isinstance(others, str) else others)
        yield row(key, name, "ValueChain", 3, category, others, units, "", "yes" if reported else "", names, hint), activities


def row(key, name, family, scope, category, categories, units, needs_gas, reported, names, hint):
    return dict(zip(TYPE_COLUMNS, (key, name, family, str(scope), category, categories, units, needs_gas, reported, names, hint)))


def groups(units_table):
    """The group of each unit, energy by calorific basis apart. Money is one group: rates and indices lead from each to each."""
    with open(units_table, encoding="utf-8", newline="") as file:
        found = {row["unit"]: row["group"] for row in csv.DictReader(file)}
    for unit in [unit for unit, group in found.items() if group == "energy"]:
        for basis in ("Gross CV", "Net CV"):
            found[f"{unit} ({basis})"] = "energy " + basis
    return Groups(found)


class Groups(dict):
    """With every currency, of a year or of the day, in one group."""

    def __missing__(self, unit):
        if re.fullmatch(r"[A-Z]{3}( \d{4})?", unit):
            return "money"
        raise KeyError(unit)


def build(known, units_table):
    """known: every activity of the factor sets with its units, so that no type names a row that is not there and offers no unit that nothing is per."""
    group_of = groups(units_table)
    types, factors = [], []
    taken = {}
    for type, activities in all_types(known):
        for name in {n.lower() for n in (type["key"], type["name"], *type["names"].split("|")) if n}:
            if taken.setdefault(name, type["key"]) != type["key"]:
                raise ValueError(f"'{name}' is a name of {taken[name]} and of {type['key']}")
        missing = [activity for activity in activities if activity not in known]
        if missing:
            raise ValueError(f"{type['key']}: no set has {missing}")
        there = {group_of[unit] for activity in activities for unit in known[activity]}
        offered = [unit for unit in type["units"].split("|") if not activities or group_of[unit] in there]
        if not offered:
            raise ValueError(f"{type['key']} offers no unit that a row is per")
        types.append({**type, "units": "|".join(offered)})
        factors += [{"type": type["key"], "activity": activity} for activity in activities]
    made = tables.Set("activity-types", {
        "id": "activity-types",
        "title": "Activity types that people enter, and the publishers' rows behind them",
        "version": "2026-11",
        "publisher": "OffGridFlow",
        "source": "Compiled for OffGridFlow from the rows of the factor sets in this folder; scopes: GHG Protocol Corporate Standard, ch. 4; categories: GHG Protocol Scope 3 Standard, table 5.4.",
        "license": "Facts, compiled for OffGridFlow",
        "notes": [
            "units: the usual first. needs_gas: whoever enters it names the gas or the blend, and its potential is the factor.",
            "category: where a type of scope 3 stands; categories: where an entry may put it instead, and with it energy, vehicles and gases of others. reported: the quantity is an emission already.",
            "Where EPA gives CO2 per unit of fuel and CH4 and N2O per mile, only the row per unit of fuel stands behind a type, and the hint says so.",
        ],
    })
    made.add("types.csv", TYPE_COLUMNS, types, "one row per type; names divided by |")
    return made.add("factors.csv", ["type", "activity"], factors, "the publishers' activities behind a type, all parts")
