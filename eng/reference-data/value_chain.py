"""Activity types of scope 3: what is bought, moved, thrown away, travelled, sold, let and financed, with the publishers' rows behind each."""

# The category in which a type stands unless the entry says another, and those to which an entry may move it.
GOODS = ("1", "2")
WASTE = ("5", "12")
FREIGHT = ("4", "9")
TRAVEL = ("6", "")
LAND = ("6", "7")

MASS = "t|kg|short ton"
LOAD = "t.km|short ton-mile"
PASSENGER = "passenger.km|passenger-mile"
MONEY = "USD|EUR|GBP|CHF|CAD|AUD|JPY"
EMITTED = "t CO2e|kg CO2e"

# DESNZ's material, our key, our name.
MATERIALS = [
    ("construction/aggregates", "aggregates", "Aggregates"), ("construction/asbestos", "asbestos", "Asbestos"), ("construction/asphalt", "asphalt", "Asphalt"),
    ("construction/average-construction", "construction-average", "Construction materials, average"), ("construction/bricks", "bricks", "Bricks"),
    ("construction/concrete", "concrete", "Concrete"), ("construction/insulation", "insulation", "Insulation"), ("construction/metals", "construction-metals", "Construction metals"),
    ("construction/mineral-oil", "mineral-oil", "Mineral oil"), ("construction/plasterboard", "plasterboard", "Plasterboard"), ("construction/soils", "soils", "Soils"),
    ("construction/tyres", "tires", "Tires"), ("construction/wood", "wood", "Wood"),
    ("other/books", "books", "Books"), ("other/clothing", "clothing", "Clothing"), ("other/food-and-drink", "food-and-drink", "Food and drink"), ("other/glass", "glass", "Glass"),
    ("organic/compost-derived-from-food-and-garden-waste", "compost-food", "Compost of food and garden waste"),
    ("organic/compost-derived-from-garden-waste", "compost-garden", "Compost of garden waste"),
    ("electrical-items/batteries-alkaline", "batteries-alkaline", "Alkaline batteries"), ("electrical-items/batteries-li-ion", "batteries-li-ion", "Lithium-ion batteries"),
    ("electrical-items/batteries-nimh", "batteries-nimh", "Nickel-metal hydride batteries"), ("electrical-items/batteries", "batteries", "Batteries"),
    ("electrical-items/electrical-items-fridges-and-freezers", "fridges", "Fridges and freezers"), ("electrical-items/electrical-items-it", "it-equipment", "IT equipment"),
    ("electrical-items/electrical-items-large", "electrical-large", "Large electrical items"), ("electrical-items/electrical-items-small", "electrical-small", "Small electrical items"),
    ("electrical-items/weee-fridges-and-freezers", "weee-fridges", "Discarded fridges and freezers"), ("electrical-items/weee-large", "weee-large", "Large discarded electrical items"),
    ("electrical-items/weee-mixed", "weee-mixed", "Mixed discarded electrical items"), ("electrical-items/weee-small", "weee-small", "Small discarded electrical items"),
    ("metal/metal-aluminium-cans-and-foil-excl-forming", "aluminum", "Aluminum cans and foil"), ("metal/metal-mixed-cans", "mixed-cans", "Mixed cans"),
    ("metal/metal-scrap-metal", "scrap-metal", "Scrap metal"), ("metal/metal-steel-cans", "steel-cans", "Steel cans"),
    ("plastic/plastics-average-plastics", "plastic-average", "Plastics, average"), ("plastic/plastics-average-plastic-film", "plastic-film", "Plastic film, average"),
    ("plastic/plastics-average-plastic-rigid", "plastic-rigid", "Rigid plastics, average"), ("plastic/plastics-hdpe-incl-forming", "hdpe", "HDPE"),
    ("plastic/plastics-ldpe-and-lldpe-incl-forming", "ldpe", "LDPE and LLDPE"), ("plastic/plastics-pet-incl-forming", "pet", "PET"), ("plastic/plastics-pp-incl-forming", "pp", "PP"),
    ("plastic/plastics-ps-incl-forming", "ps", "PS"), ("plastic/plastics-pvc-incl-forming", "pvc", "PVC"),
    ("paper/paper-and-board-board", "board", "Board"), ("paper/paper-and-board-mixed", "paper-mixed", "Paper and board, mixed"), ("paper/paper-and-board-paper", "paper", "Paper"),
    ("refuse/household-residual-waste", "household-waste", "Household residual waste"), ("refuse/commercial-and-industrial-waste", "commercial-waste", "Commercial and industrial waste"),
    ("refuse/organic-food-and-drink-waste", "food-waste", "Food and drink waste"), ("refuse/organic-garden-waste", "garden-waste", "Garden waste"),
    ("refuse/organic-mixed-food-and-garden-waste", "organic-waste", "Mixed food and garden waste"),
]
SOURCES = [("primary-material-production", "", ""), ("closed-loop-source", "-recycled", ", recycled"), ("re-used", "-reused", ", reused")]

# DESNZ's treatments, those of 2024 among them; ours; EPA's.
TREATMENTS = [
    (("landfill",), "landfill", "landfilled", "landfilled"),
    (("incineration-with-energy-recovery", "combustion"), "combustion", "combusted", "combusted"),
    (("closed-loop",), "recycling", "recycled in a closed loop", "recycled"),
    (("open-loop",), "open-loop", "recycled in an open loop", None),
    (("composting",), "composting", "composted", "composted"),
    (("anaerobic-digestion",), "digestion", "digested", None),
]
# The US table's material where it is the same thing as ours.
EPA_MATERIALS = {
    "concrete": "concrete", "tires": "tires", "bricks": "clay-bricks", "asphalt": "asphalt-concrete", "plasterboard": "drywall", "glass": "glass", "aluminum": "aluminum-cans",
    "steel-cans": "steel-cans", "plastic-average": "mixed-plastics", "hdpe": "hdpe", "ldpe": "ldpe", "pet": "pet", "pp": "pp", "ps": "ps", "pvc": "pvc",
    "board": "corrugated-containers", "paper": "office-paper", "paper-mixed": "mixed-paper-general", "commercial-waste": "mixed-msw", "food-waste": "food-waste",
    "garden-waste": "yard-trimmings", "organic-waste": "mixed-organics", "weee-mixed": "mixed-electronics", "books": "textbooks", "wood": "dimensional-lumber",
}

HAULS = [("domestic-to-from-uk", "domestic", "Domestic flight"), ("short-haul-to-from-uk", "short", "Short-haul flight"),
         ("long-haul-to-from-uk", "long", "Long-haul flight"), ("international-to-from-non-uk", "international", "Flight between other countries")]
CLASSES = [("average-passenger", "average", "average passenger"), ("economy-class", "economy", "economy"), ("premium-economy-class", "premium", "premium economy"),
           ("business-class", "business", "business class"), ("first-class", "first", "first class")]
FLIGHT = "Great-circle distance times passengers. Short-haul is up to 3,700 km. {rf}"
RF = ("Without the effects other than CO2, CH4 and N2O.", "With an estimate of contrails and the like, which no gas of the Kyoto Protocol is: never beside flights without it.")

EPA_TRAVEL = "epa-hub/scope-3-cat-6-and-7/business-travel-and-employee-commuting/"
EPA_FREIGHT = "epa-hub/scope-3-cat-4-and-9/transportation-and-distribution/"

# Classes of truck under their names before 2026 and since; of the averages also by cooling.
TRUCKS = [
    ("rigid-small", "rigid truck, over 3.5 to 7.5 t", "rigid-3-5-7-5-tonnes", None), ("rigid-medium", "rigid truck, over 7.5 to 17 t", "rigid-7-5-tonnes-17-tonnes", None),
    ("rigid-large", "rigid truck, over 17 t", "rigid-17-tonnes", None), ("rigid", "rigid truck, average", "all-rigids", "rigids"),
    ("articulated-small", "articulated truck, over 3.5 to 33 t", "articulated-3-5-33t", None), ("articulated-large", "articulated truck, over 33 t", "articulated-33t", None),
    ("articulated", "articulated truck, average", "all-artics", "artics"), ("average", "average truck", "all-hgvs", "hgvs"),
]
SHIPS = [
    ("cargo-ship/bulk-carrier/average", "bulk-carrier", "bulk carrier"), ("cargo-ship/container-ship/average", "container-ship", "container ship"),
    ("cargo-ship/general-cargo/average", "general-cargo", "general cargo ship"), ("cargo-ship/large-ropax-ferry/average", "ropax-ferry", "large RoPax ferry"),
    ("cargo-ship/refrigerated-cargo/all-dwt", "refrigerated-ship", "refrigerated cargo ship"), ("cargo-ship/roro-ferry/average", "roro-ferry", "RoRo ferry"),
    ("cargo-ship/vehicle-transport/average", "vehicle-carrier", "vehicle carrier"), ("sea-tanker/chemical-tanker/average", "chemical-tanker", "chemical tanker"),
    ("sea-tanker/crude-tanker/average", "crude-tanker", "crude oil tanker"), ("sea-tanker/lng-tanker/average", "lng-tanker", "LNG tanker"),
    ("sea-tanker/lpg-tanker/average", "lpg-tanker", "LPG tanker"), ("sea-tanker/products-tanker/average", "products-tanker", "products tanker"),
]
HAULAGE = "Mass times distance, by somebody else's vehicle. Paid for by you it is category 4, by the customer category 9."

# key, name, NAICS 2017, category
SPEND = [
    ("legal", "legal services", "541110", "1"), ("accounting", "accounting services", "541211", "1"), ("architecture", "architectural services", "541310", "1"),
    ("engineering", "engineering services", "541330", "1"), ("software-development", "software development", "541511", "1"), ("it-services", "IT systems design", "541512", "1"),
    ("hosting", "hosting and data processing", "518210", "1"), ("software", "software licenses", "511210", "1"), ("telecommunications", "telecommunications", "517311", "1"),
    ("management-consulting", "management consulting", "541611", "1"), ("advertising", "advertising", "541810", "1"), ("market-research", "market research", "541910", "1"),
    ("research", "research and development services", "541715", "1"), ("insurance", "insurance", "524126", "1"), ("banking", "banking services", "522110", "1"),
    ("staffing", "temporary staff", "561320", "1"), ("security", "security services", "561612", "1"), ("cleaning", "cleaning services", "561720", "1"),
    ("landscaping", "landscaping", "561730", "1"), ("training", "professional training", "611430", "1"), ("catering", "catering", "722320", "1"),
    ("printing", "printing", "323111", "1"), ("office-supplies", "office supplies of paper", "322230", "1"), ("packaging-board", "packaging of board", "322211", "1"),
    ("packaging-plastic", "packaging of plastic", "326112", "1"), ("chemicals", "basic chemicals", "325199", "1"), ("pharmaceuticals", "pharmaceuticals", "325412", "1"),
    ("steel", "iron and steel", "331110", "1"), ("clothing", "clothing", "315220", "1"), ("furniture", "office furniture", "337214", "2"),
    ("computers", "computers", "334111", "2"), ("machinery", "industrial machinery", "333249", "2"), ("vehicles", "cars", "336111", "2"),
    ("construction", "construction of commercial buildings", "236220", "2"), ("repair", "repair of machinery", "811310", "1"), ("water", "water supply", "221310", "1"),
    ("waste", "waste collection", "562111", "5"), ("waste-disposal", "waste treatment", "562219", "5"), ("trucking", "road freight", "484121", "4"),
    ("courier", "couriers and parcels", "492110", "4"), ("air-freight", "air freight", "481112", "4"), ("sea-freight", "sea freight", "483111", "4"),
    ("rail-freight", "rail freight", "482111", "4"), ("warehousing", "warehousing", "493110", "4"), ("air-travel", "flights", "481111", "6"), ("hotels", "hotels", "721110", "6"),
    ("car-rental", "car rental", "532111", "6"), ("taxis", "taxis", "485310", "6"), ("rent-buildings", "rent of buildings", "531120", "8"),
]
SPEND_CATEGORIES = ("1", "2", "4", "5", "6", "8", "9")
SPENT = "Net of VAT, in any currency. US figures per dollar with transport and trade; where category 4 is counted apart take the published row without margins."

# key, name, category, further categories, hint
REPORTED = [
    ("reported-goods", "Emissions of goods and services, reported by the supplier", "1", ("2", "4", "5", "6", "8", "9"),
     "The supplier's own figure for what you bought, cradle to gate, with evidence; the share that is yours by a worksheet."),
    ("reported-processing", "Emissions of processing sold products, reported", "10", (), "Scope 1 and 2 of whoever processes your intermediate products, the share that is yours."),
    ("reported-use", "Emissions of sold products in use, reported", "11", (), "From a study of the product, over its whole life and all units sold in the period."),
    ("reported-end-of-life", "Emissions of sold products at their end of life, reported", "12", (), "From a study of the product's disposal, all units sold in the period."),
    ("reported-leased-assets", "Emissions of leased assets, reported", "13", ("8",), "Scope 1 and 2 of what you let (13) or rent (8), as the other party reports it."),
    ("reported-franchises", "Emissions of franchises, reported", "14", (), "Scope 1 and 2 of franchisees, as they report it."),
    ("investment-share", "Investment by equity share", "15", (), "The investee's scope 1 and 2 times your share of the equity, in the year of the report."),
    ("investment-listed-equity", "Listed equity and corporate bonds (PCAF)", "15", (), "Outstanding amount ÷ enterprise value with cash (EVIC) × the investee's emissions."),
    ("investment-business-loan", "Business loans and unlisted equity (PCAF)", "15", (), "Outstanding amount ÷ (equity + debt) × the investee's emissions."),
    ("investment-project-finance", "Project finance (PCAF)", "15", (), "Outstanding amount ÷ (project equity + debt) × the project's emissions of the year."),
    ("investment-commercial-real-estate", "Commercial real estate (PCAF)", "15", (), "Outstanding amount ÷ value of the property at origination × the building's emissions."),
    ("investment-mortgage", "Mortgages (PCAF)", "15", (), "Outstanding amount ÷ value of the property at origination × the building's emissions."),
    ("investment-vehicle-loan", "Motor vehicle loans (PCAF)", "15", (), "Outstanding amount ÷ value of the vehicle at origination × the vehicle's emissions."),
    ("investment-sovereign-debt", "Sovereign debt (PCAF)", "15", (), "Exposure ÷ GDP adjusted for purchasing power × the country's emissions."),
]


def all_types(known):
    """key, name, category, further categories, units, reported, further names, hint, activities; known: the activities that the sets have."""
    yield from goods(known)
    yield from waste(known)
    yield from freight()
    yield from travel()
    for key, name, naics, category in SPEND:
        others = tuple(other for other in SPEND_CATEGORIES if other != category)
        yield f"spend-{key}", f"Spend: {name}", category, others, MONEY, False, "", SPENT, [f"useeio/{naics}/with-margins"]
    for key, name, category, others, hint in REPORTED:
        yield key, name, category, others, EMITTED, True, "", hint, []


def goods(known):
    for place, key, name in MATERIALS:
        for source, suffix, words in SOURCES:
            activity = f"desnz/material-use/{place}/{source}"
            # Wood of a closed loop is there since 2026 only.
            if activity in known and (key, suffix) != ("wood", "-recycled"):
                yield f"material-{key}{suffix}", f"Bought: {lower(name)}{words}", *GOODS, MASS, False, "", "Mass bought, cradle to gate.", [activity]
    yield "water-supply", "Water supply", "1", ("8", "13", "14"), "m3|million litres", False, "Mains water|Tap water", "Delivered by the water company.", ["desnz/water-supply/water-supply/water-supply"]


def waste(known):
    for place, key, name in MATERIALS:
        for names, treatment, words, epa in TREATMENTS:
            activities = [f"desnz/waste-disposal/{place}/{each}" for each in names if f"desnz/waste-disposal/{place}/{each}" in known]
            if not activities or (key in ("household-waste", "commercial-waste") and treatment not in ("landfill", "combustion")):
                continue
            us = f"epa-hub/scope-3-cat-5-and-12/waste/{epa}/{EPA_MATERIALS.get(key)}-{epa}"
            yield (f"waste-{key}-{treatment}", f"Waste: {lower(name)}, {words}", *WASTE, MASS, False, "",
                   "Mass by its treatment. Own waste is category 5, sold products at their end of life category 12.", activities + ([us] if us in known else []))
    yield ("wastewater", "Wastewater treatment", "5", ("12", "8", "13", "14"), "m3|million litres", False, "Water treatment|Sewage", "Sent to the sewer.",
           ["desnz/water-treatment/water-treatment/water-treatment"])


def freight():
    for key, name, before, average in TRUCKS:
        for cooled in (False, True):
            tabs = ([("hgv-refrigerated-all-diesel", before), ("hgv-refrigerated-all-diesel", f"average-refrigerated-{average}" if average else None)] if cooled
                    else [("hgv-all-diesel", before), ("hgv-non-refrigerated-all-diesel", f"average-non-refrigerated-{average}" if average else before)])
            activities = []
            for tab, row in tabs:
                if row:
                    activities += [f"desnz/freighting-goods/{tab}/{row}/average-laden", f"desnz/wtt-delivery-vehs-freight/wtt-{tab}/{row}/average-laden"]
            if key == "average" and not cooled:
                activities.append(EPA_FREIGHT + "medium-and-heavy-duty-truck")
            yield (f"freight-{key}" + ("-refrigerated" if cooled else ""), f"Freight: {'refrigerated ' if cooled else ''}{name}", *FREIGHT, LOAD, False, "Haulage|Trucking" if key == "average" and not cooled else "",
                   HAULAGE, activities)
    for kind in ("diesel", "petrol", "battery-electric-vehicle"):
        yield (f"freight-van-{kind.split('-')[0]}", f"Freight: van, {'electric' if kind.startswith('battery') else kind}", *FREIGHT, LOAD, False, "", HAULAGE,
               [f"desnz/freighting-goods/vans/average-up-to-3-5-tonnes/{kind}", f"desnz/wtt-delivery-vehs-freight/wtt-vans/average-up-to-3-5-tonnes/{kind}"])
    yield ("freight-rail", "Freight: train", *FREIGHT, LOAD, False, "Rail freight", HAULAGE,
           ["desnz/freighting-goods/rail/freight-train", "desnz/wtt-delivery-vehs-freight/wtt-rail/freight-train", EPA_FREIGHT + "rail"])
    for row, key, name in SHIPS:
        tab, _, rest = row.partition("/")
        yield f"freight-{key}", f"Freight: {name}", *FREIGHT, LOAD, False, "", HAULAGE, [f"desnz/freighting-goods/{row}", f"desnz/wtt-delivery-vehs-freight/wtt-{tab}/{rest}"]
    for haul, key, name in HAULS:
        for effects, suffix, words in (("without-rf", "", ""), ("with-rf", "-rf", ", with radiative forcing")):
            yield (f"freight-air-{key}{suffix}", f"Freight: {lower(name)}{words}", *FREIGHT, LOAD, False, "", HAULAGE + " " + RF[suffix != ""],
                   [f"desnz/freighting-goods/freight-flights/{haul}/{effects}", f"desnz/wtt-delivery-vehs-freight/wtt-freight-flights/{haul}/{effects}"])
    for key, name in (("waterborne", "inland and coastal ship"), ("aircraft", "aircraft")):
        yield (f"freight-us-{key}", f"Freight: {name}, US average", *FREIGHT, LOAD, False, "", HAULAGE, [EPA_FREIGHT + ("waterborne-craft" if key == "waterborne" else key)])


def travel():
    for haul, key, name in HAULS:
        for seat, seat_key, seat_name in CLASSES:
            if (key == "domestic" and seat_key != "average") or (key == "short" and seat_key in ("premium", "first")):
                continue
            for effects, suffix, words in (("without-rf", "", ""), ("with-rf", "-rf", ", with radiative forcing")):
                yield (f"flight-{key}-{seat_key}{suffix}", f"{name}, {seat_name}{words}", *TRAVEL, PASSENGER, False, "", FLIGHT.format(rf=RF[suffix != ""]),
                       [f"desnz/business-travel-air/flights/{haul}/{seat}/{effects}", f"desnz/wtt-business-travel-air/wtt-flights/{haul}/{seat}/{effects}"])
    for key, name, row in (("short", "under 300 miles", "air-travel-short-haul-300-miles"), ("medium", "300 to 2,300 miles", "air-travel-medium-haul-300-miles-2300-miles"),
                           ("long", "over 2,300 miles", "air-travel-long-haul-2300-miles")):
        yield f"flight-us-{key}", f"Flight, {name}, US average", *TRAVEL, PASSENGER, False, "", FLIGHT.format(rf=RF[0]).replace(" Short-haul is up to 3,700 km.", ""), [EPA_TRAVEL + row]
    for key, name in (("foot-passenger", "on foot"), ("car-passenger", "with a car"), ("average-all-passenger", "average passenger")):
        yield (f"ferry-{key.split('-')[0]}", f"Ferry, {name}", *LAND, PASSENGER, False, "", "Distance times passengers.",
               [f"desnz/business-travel-sea/ferry/{key}", f"desnz/wtt-business-travel-sea/wtt-ferry/{key}"])
    own = "A hired car, or an employee's own. Distance of the vehicle; of a journey shared divide by the people in it."
    for size in ("small", "medium", "large", "average"):
        kinds = ["diesel", "petrol", "hybrid"] + (["plug-in-hybrid-electric-vehicle", "battery-electric-vehicle", "unknown"] if size == "average" else [])
        for kind in kinds:
            words = {"plug-in-hybrid-electric-vehicle": "plug-in hybrid", "battery-electric-vehicle": "electric", "unknown": "fuel not known"}.get(kind, kind)
            key = {"plug-in-hybrid-electric-vehicle": "plug-in", "battery-electric-vehicle": "electric", "unknown": "any"}.get(kind, kind)
            yield (f"journey-car-{size}-{key}", f"Journey by {size} car, {words}", *LAND, "km|mi", False, "Hired car" if (size, key) == ("average", "any") else "", own,
                   [f"desnz/business-travel-land/cars-by-size/{size}-car/{kind}", f"desnz/wtt-pass-vehs-travel-land/wtt-cars-by-size/{size}-car/{kind}"])
    yield ("journey-motorbike", "Journey by motorbike", *LAND, "km|mi", False, "", own,
           ["desnz/business-travel-land/motorbike/average", "desnz/wtt-pass-vehs-travel-land/wtt-motorbike/average"])
    for row, key, name, us in (("taxis/regular-taxi", "taxi", "taxi", None), ("taxis/black-cab", "black-cab", "London black cab", None),
                               ("bus/average-local-bus", "bus", "local bus", "bus"), ("bus/coach", "coach", "coach", None), ("bus/local-london-bus", "london-bus", "London bus", None),
                               ("rail/national-rail", "train", "train", "intercity-rail-national-average"), ("rail/international-rail", "international-train", "international train", None),
                               ("rail/light-rail-and-tram", "tram", "light rail or tram", "transit-rail-i-e-subway-tram-e"), ("rail/london-underground", "underground", "London Underground", None)):
        tab, _, rest = row.partition("/")
        yield (f"journey-{key}", f"Journey by {name}", *LAND, PASSENGER, False, {"taxi": "Taxi", "train": "Rail travel|National rail"}.get(key, ""), "Distance times passengers.",
               [f"desnz/business-travel-land/{row}", f"desnz/wtt-pass-vehs-travel-land/wtt-{tab}/{rest}"] + ([EPA_TRAVEL + us] if us else []))
    yield "journey-us-commuter-rail", "Journey by commuter rail, US average", *LAND, PASSENGER, False, "", "Distance times passengers.", [EPA_TRAVEL + "commuter-rail"]
    for key, name in (("passenger-car", "car"), ("light-duty-truck", "light truck"), ("motorcycle", "motorcycle")):
        yield (f"journey-us-{key}", f"Journey by {name}, US average", *LAND, "vehicle-mile|vehicle.km", False, "", "Distance of the vehicle.", [EPA_TRAVEL + key])
    yield "hotel-night", "Hotel night", *TRAVEL, "room night", False, "Hotel stay|Overnight stay", "Rooms times nights, in the country of the site; enter stays elsewhere at a site there or choose the factor.", ["desnz/hotel-stay"]
    for key, name, row in (("", "Working from home", "homeworking-office-equipment-heating/homeworking-office-equipment-heating"),
                           ("-equipment", "Working from home, office equipment only", "office-equipment/office-equipment"), ("-heating", "Working from home, heating only", "heating/heating")):
        yield (f"home-working{key}", name, "7", "", "FTE working hour", False, "Homeworking|Telework" if not key else "", "Hours worked at home in full-time equivalents: people times days times hours.",
               [f"desnz/homeworking/{row}"])


def lower(name):
    return name if name[1].isupper() else name[0].lower() + name[1:]
