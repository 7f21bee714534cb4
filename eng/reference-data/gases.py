"""reference-data/gwp: 100-year global warming potentials and compositions of refrigerant blends."""

import re
from decimal import Decimal

import tables

# Name in the source: name in the product, further names. What is not named here follows the rules of `named`.
NAMES = {
    "CO2": ("CO2", ["Carbon dioxide", "R-744"]), "CH4": ("CH4", ["Methane"]), "N2O": ("N2O", ["Nitrous oxide"]),
    "CH4 (fossil)": ("CH4 (fossil)", ["Fossil methane"]), "CH4 (non-fossil)": ("CH4 (non-fossil)", ["Biogenic methane", "Non-fossil methane"]),
    "SF6": ("SF6", ["Sulfur hexafluoride", "Sulphur hexafluoride"]), "NF3": ("NF3", ["Nitrogen trifluoride"]),
    "CF4": ("PFC-14", ["CF4", "R-14", "Carbon tetrafluoride", "Perfluoromethane"]),
    "C2F6": ("PFC-116", ["C2F6", "R-116", "Hexafluoroethane", "Perfluoroethane"]),
    "C3F8": ("PFC-218", ["C3F8", "R-218", "Perfluoropropane"]),
    "cC4F8": ("PFC-318", ["c-C4F8", "cC4F8", "RC318", "R-C318", "Perfluorocyclobutane"]),
    "C4F10": ("PFC-31-10", ["C4F10", "PFC-3-1-10", "Perfluorobutane"]), "C5F12": ("PFC-41-12", ["C5F12", "PFC-4-1-12", "Perfluoropentane"]),
    "C6F14": ("PFC-51-14", ["C6F14", "PFC-5-1-14", "Perfluorohexane"]), "C7F16": ("PFC-61-16", ["C7F16", "Perfluoroheptane"]),
    "C8F18": ("PFC-71-18", ["C8F18", "Perfluorooctane"]), "C10F18": ("PFC-91-18", ["C10F18", "PFC-9-1-18"]),
    "cC3F6": ("c-C3F6", ["cC3F6", "Perfluorocyclopropane"]),
    "HFC4310mee": ("HFC-43-10mee", ["HFC4310mee", "R-43-10mee"]),
    "CCl4": ("CCl4", ["Carbon tetrachloride", "R-10"]), "CH3Br": ("CH3Br", ["Methyl bromide"]), "CH3CCl3": ("CH3CCl3", ["Methyl chloroform", "R-140a"]),
    "CHCl3": ("CHCl3", ["Chloroform"]), "CH2Cl2": ("CH2Cl2", ["Methylene chloride", "R-30"]), "CH3Cl": ("CH3Cl", ["Methyl chloride", "R-40"]),
    "SO2F2": ("SO2F2", ["Sulfuryl fluoride"]), "SF5CF3": ("SF5CF3", ["Trifluoromethyl sulfur pentafluoride", "Trifluoromethyl sulphur pentafluoride"]),
    "PFPMIE": ("PFPMIE", []), "Halon1301": ("Halon-1301", ["Halon1301", "R-13B1"]), "Halon1211": ("Halon-1211", ["Halon1211", "R-12B1"]),
    "HFE4310pccc124": ("HFE-43-10pccc124", ["HFE4310pccc124", "H-Galden 1040x"]), "HFE236ca12": ("HFE-236ca12", ["HFE236ca12", "HG-10"]),
    "HFE338pcc13": ("HFE-338pcc13", ["HFE338pcc13", "HG-01"]), "HFE569sf2": ("HFE-569sf2", ["HFE569sf2", "HFE-7200"]),
}

POTENTIALS = [("sar", "sar_100"), ("ar4", "ar4_100"), ("ar5", "ar5_100"), ("ar5_feedback", "ar5_ccf_100"), ("ar6", "ar6_100")]
GAS_COLUMNS = ["name", "names", "kyoto", *(column for column, _ in POTENTIALS), "caution"]
BLEND_COLUMNS = ["name", "names", "composition"]

SF6 = "The table of the source has 25,200 (AR6 WG1, 7.SM.7 as first printed); the corrected value is 24,300."
METHANE = ("AR6 methane of fossil origin 29.8 and of other origin 27.0 (AR6 WG1, table 7.15) come from general knowledge and were not verified against a "
           "stored copy; in the other reports the one value of CH4 holds.")


def named(species):
    """A compilation's HFC134a is the product's HFC-134a, known also as R-134a."""
    if species in NAMES:
        return NAMES[species]
    match = re.fullmatch(r"(HFC|HCFC|CFC|HFE|HCFE|Halon)(\d.*)", species)
    if not match:
        return species, []
    family, digits = match.groups()
    name = family + "-" + digits
    return name, [species] + (["R-" + digits] if family in ("HFC", "HCFC", "CFC") else [])


def build(folder):
    corrections, gases, left_out = [], {}, []
    for row in tables.read(folder, "gwp_ipcc.csv"):
        name, names = named(row["species"])
        potentials = {column: tables.number(row[source]) for column, source in POTENTIALS}
        caution = ""
        if not any(potentials.values()):
            left_out.append(row["species"])
            corrections.append(tables.correction(name, "ar6", "", "", "Left out: none of the five reports gives a potential in the source table.", "gwp_ipcc"))
            continue
        if row["species"] == "SF6":
            corrections.append(tables.correction(name, "ar6", potentials["ar6"], "24300", SF6, "IPCC AR6 WG1 errata; note of the source compilation"))
            potentials["ar6"], caution = "24300", SF6
        if row["species"].startswith("CH4 ("):
            for column in ("ar5", "ar5_feedback"):
                corrections.append(tables.correction(
                    name, column, potentials[column], "", "Methane of two origins is kept apart in AR6 only; EPA and DESNZ calculate AR5 with 28 for all methane.",
                    "EPA GHG Emission Factors Hub 2025, table 11"))
                potentials[column] = ""
            caution = METHANE
        if name in gases:
            raise ValueError(f"two rows of {name}")
        gases[name] = {"name": name, "names": "|".join(names), "kyoto": row["kyoto_basket"], **potentials, "caution": caution}

    for kind in ("CH4 (fossil)", "CH4 (non-fossil)"):
        corrections.append(tables.correction(kind, "ar6", gases[kind]["ar6"], gases[kind]["ar6"], METHANE, "IPCC AR6 WG1, table 7.15 (not verified)"))
    gases["HFCs and PFCs, unspecified (kg CO2e)"] = {
        "name": "HFCs and PFCs, unspecified (kg CO2e)", "names": "HFCs and PFCs, unspecified", "kyoto": "yes", **{column: "1" for column, _ in POTENTIALS},
        "caution": "No gas: a mixture that USEEIO states in kg CO2e. With a potential of 1 the published totals at AR5 follow from the gases."}

    names = {}
    for gas in gases.values():
        for name in [gas["name"], *filter(None, gas["names"].split("|"))]:
            if names.setdefault(name.lower(), gas["name"]) != gas["name"]:
                raise ValueError(f"'{name}' is {names[name.lower()]} and {gas['name']}")

    blends = []
    for row in tables.read(folder, "refrigerant_blends.csv"):
        parts = []
        for part in row["composition"].split(","):
            share, gas = re.fullmatch(r"\s*([\d.]+)% (\S+)\s*", part).groups()
            gas = names.get(gas.lower(), gas)
            parts.append((gas, Decimal(share) / 100))
        if sum(share for _, share in parts) != 1:
            raise ValueError(f"the shares of {row['blend']} do not add up to 1")
        blend = row["blend"]
        blends.append({"name": blend, "names": blend.replace("-", ""), "composition": "|".join(f"{gas}={tables.number(share)}" for gas, share in parts)})
        total = sum(share * Decimal(gases[gas]["ar5"]) for gas, share in parts if gas in gases and gases[gas]["kyoto"] == "yes")
        if abs(total - Decimal(row["epa_hub_ar5_gwp"])) > 1:
            corrections.append(tables.correction(
                blend, "ar5", row["epa_hub_ar5_gwp"], tables.number(total.quantize(Decimal("0.1"))),
                "EPA's AR5 potential does not follow from EPA's own composition; the composition is used, which gives DESNZ's 2,212.",
                "EPA GHG Emission Factors Hub 2025, table 12; DESNZ 2025, Refrigerant & other"))

    made = tables.Set("gwp", {
        "id": "gwp",
        "title": "Global warming potentials of the IPCC and compositions of refrigerant blends",
        "version": "2026-11",
        "publisher": "OffGridFlow",
        "source": "IPCC SAR, AR4, AR5 and AR6 as compiled by openclimatedata/globalwarmingpotentials v0.13.1; blends: US EPA GHG Emission Factors Hub 2025, table 12.",
        "licence": "CC0 1.0 (compilation of facts); blends: US federal government work, public domain",
        "boundary": "100-year potentials, kg CO2e per kg",
        "cautions": [
            "One set of potentials for a whole inventory.", METHANE, SF6,
            "Gases outside the Kyoto Protocol (CFC, HCFC, halons, fluorinated ethers) stand outside the totals.",
            "Hydrocarbons in blends have no potential here: their share counts as nothing.",
        ],
    })
    made.add("gases.csv", GAS_COLUMNS, list(gases.values()), "100-year potentials per report; empty: the report gives none")
    made.add("blends.csv", BLEND_COLUMNS, blends, "shares of the mass, adding up to 1")
    made.add("corrections.csv", tables.CORRECTION_COLUMNS, corrections, "what is not as the source has it, each with its reason")
    made.gas_names = names
    return made
