"""CBAM: goods, default values, benchmarks, schedule. Kept for the CBAM report; no emission factors of an inventory."""

import tables

FILES = {
    "goods.csv": ("cbam_cn_goods.csv", ["id", "cn_code", "sector", "description", "emissions_in_scope", "greenhouse_gases"]),
    "default_values.csv": ("cbam_default_values_2026.csv", [
        "id", "country", "cn_code", "sector", "direct_tco2e_per_t", "indirect_tco2e_per_t", "total_tco2e_per_t", "production_route", "default_benchmark_b", "note"]),
    "benchmarks.csv": ("cbam_benchmarks_2026.csv", [
        "id", "cn_code", "column_a_process_benchmark", "column_a_route", "column_b_default_benchmark", "column_b_route", "unit", "applies"]),
    "schedule.csv": ("cbam_schedule.csv", ["id", "parameter", "sector", "year", "value", "unit", "source", "note"]),
}
ABOUT = {
    "goods.csv": "CN codes, sector, direct only or direct and indirect emissions",
    "default_values.csv": "t CO2e per t of goods by country of origin; empty: take Other Countries and Territories",
    "benchmarks.csv": "t CO2e per t: column A of the process, column B for default values, by route",
    "schedule.csv": "CBAM factor, mark-ups, threshold, price",
}

# What stands in column B of these routes although it is the figure of column A.
SLIPS = {"7206": {"0.15"}, "7207": {"0.188", "0.453"}, "7224": {"0.223", "0.453"}}
SLIP = "The figure of column A stands in column B. Used: column B as the row of North Macedonia has it, and the benchmarks for the codes that name route C."
SOUND = "North Macedonia"


def build(folder):
    values = tables.read(folder, FILES["default_values.csv"][0])
    benchmarks = tables.read(folder, FILES["benchmarks.csv"][0])
    corrections = []
    right = {row["cn_code"]: row["default_benchmark_b"] for row in values if row["country"] == SOUND and not row["production_route"]}
    by_route = {(row["cn_code"], row["column_b_route"]): row["column_b_default_benchmark"] for row in benchmarks}

    for (code, route), value in by_route.items():
        if code[:4] in SLIPS and route == "(C)" and right[code] != value:
            raise ValueError(f"column B of {code} is {value} in the benchmarks and {right[code]} in the default values")

    def is_slip(row, value, route):
        return value in SLIPS.get(row["cn_code"][:4], ()) and route in ("(C)", "(F)", "highest/first route only")

    for row in values:
        published = row["default_benchmark_b"]
        if is_slip(row, published, row["production_route"]):
            row["default_benchmark_b"] = right[row["cn_code"]]
            corrections.append(tables.correction(row["id"], "default_benchmark_b", published, right[row["cn_code"]], SLIP, "IR (EU) 2025/2620, annex, point 5.3"))
        elif published == "0":
            used = by_route[row["cn_code"], row["production_route"]]
            row["default_benchmark_b"] = used
            corrections.append(tables.correction(
                row["id"], "default_benchmark_b", published, used, "A benchmark of zero; the table of benchmarks has the value of the route.", "IR (EU) 2025/2620, annex, point 5.3"))
        elif not row["total_tco2e_per_t"]:
            corrections.append(tables.correction(row["id"], "total_tco2e_per_t", "", "", "No value: " + row["note"] + ".", "IR (EU) 2026/1740"))
    for row in benchmarks:
        if is_slip(row, row["column_b_default_benchmark"], row["column_b_route"]):
            used = right[row["cn_code"]]
            corrections.append(tables.correction(row["id"], "column_b_default_benchmark", row["column_b_default_benchmark"], used, SLIP, "IR (EU) 2025/2620, annex, point 5.3"))
            row["column_b_default_benchmark"] = used

    made = tables.Set("cbam-2026", {
        "id": "cbam-2026",
        "title": "CBAM: goods, default values, benchmarks and schedule",
        "publisher": "European Commission",
        "edition": "default values v20260204, benchmarks 20260206",
        "published": "2026-02-06",
        "retrieved": "2026-11-20",
        "licence": "EU legal texts: reuse with attribution (Decision 2011/833/EU)",
        "source": "Regulation (EU) 2023/956, annexes I and II; IR (EU) 2025/2621, annex I; IR (EU) 2025/2620, annex, point 5.3; Directive 2003/87/EC, art. 10a(1a)",
        "boundary": "Embedded emissions of imported goods, t CO2e per t. Not for an inventory.",
        "cautions": [
            "IR (EU) 2026/1740 (20 July 2026, in force from 1 January 2026) replaced annexes I and IV of 2025/2621: load the Commission's workbook of August 2026 before use.",
            "The columns with mark-ups were left out: 2026/1740 deleted them; the mark-up of schedule.csv is applied to the total.",
            "The total is the legal figure: by rounding it can differ from direct and indirect together.",
            "Benchmarks join on CN code and production route; codes have 4, 6 or 8 digits (the longest that fits); the wrong route of aluminium misstates the allocation tenfold.",
            "A benchmark that is missing or zero blocks the result; most 8-digit codes of 7208, 7601 and 7606 have none. Benchmarks are provisional for 2026.",
            "Column B of routes E and H of 7206, 7207 and 7224 may be column A's too (0.065 and 0.33 against 0.066 and 0.331 in the benchmarks): used as published.",
            "Annex IV (precursors of unknown origin) and the electricity factors of the IEA are not here.",
        ],
    })
    for name, (source, columns) in FILES.items():
        rows = {"default_values.csv": values, "benchmarks.csv": benchmarks}.get(name) or tables.read(folder, source)
        made.add(name, columns, rows, ABOUT[name])
    return made.add("corrections.csv", tables.CORRECTION_COLUMNS, corrections, "what is not as the workbook has it, each with its reason")
