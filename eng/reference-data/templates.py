"""reference-data/templates: empty tables for factors that the product must not ship, to be filled by whoever has the right to."""

import tables

# The headings of the import of own factors (OwnFactorTemplate).
RESIDUAL_MIX = "activity,name,unit,co2e,co2,ch4,n2o,biogenic_co2,region,valid_from,valid_to,part,supply,uncertainty_percent,note".split(",")


def build():
    made = tables.Set("templates", {
        "id": "templates",
        "title": "Empty tables to fill and import as own factors",
        "version": "2026-11",
        "publisher": "OffGridFlow",
        "source": "docs/reference-data.md, Templates",
        "license": "Facts, compiled for OffGridFlow",
        "notes": [
            "residual-mix.csv: for the residual mixes of AIB (Europe) and Green-e (United States), for which no open licence was found, and for any other.",
        ],
    })
    return made.add("residual-mix.csv", RESIDUAL_MIX, [], "one row per region and year; docs/reference-data.md says what to fill in")
