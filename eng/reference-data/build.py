#!/usr/bin/env python3
"""Makes the sets of reference-data from the folder of source tables. Python 3, standard library only; the same input gives the same bytes.

    build.py FACTORS_FOLDER            writes the folders
    build.py FACTORS_FOLDER --check    says what differs and ends with 1 if anything does
"""

import argparse
import csv
import io
import sys
from pathlib import Path

import activity_types
import cbam
import desnz
import energy
import epa
import gases
import grids
import regions
import spend
import templates

ROOT = Path(__file__).resolve().parents[2] / "reference-data"


def all_sets(folder):
    sets = [regions.build(folder), gases.build(folder)]
    sets += [desnz.build(folder, year) for year in ("2024", "2025", "2026")]
    sets += [epa.hub(folder, year) for year in ("2024", "2025")]
    sets += [epa.egrid(folder, year) for year in ("2022", "2023")]
    sets += [grids.ember(folder), grids.eea(folder), grids.unfccc(folder), *grids.national(folder)]
    sets += [spend.build(folder, version) for version in ("1.2", "1.3")]
    sets += [cbam.build(folder), templates.build()]
    units, fuels = {}, []
    for made in sets:
        for name, data, _, _ in made.files:
            if name == "factors.csv":
                for row in csv.DictReader(io.StringIO(data.decode("utf-8"))):
                    units.setdefault(row["activity"], set()).add(row["unit"])
                    if made.folder.startswith(("factors-desnz-", "factors-epa-hub-")):
                        fuels.append(row)
    sets.append(energy.build(fuels))
    sets.append(activity_types.build(units, ROOT / "units" / "units.csv"))
    return sets


def main():
    options = argparse.ArgumentParser(description="Makes the sets of reference-data.")
    options.add_argument("folder", help="folder of the source tables")
    options.add_argument("--check", action="store_true", help="compare only")
    options = options.parse_args()
    differ = []
    for made in all_sets(options.folder):
        contents = made.contents()
        target = ROOT / made.folder
        there = {path.name for path in target.iterdir()} if target.is_dir() else set()
        differ += [f"{made.folder}/{name} is not made from the source tables" for name in sorted(there - contents.keys())]
        for name, data in contents.items():
            path = target / name
            if path.is_file() and path.read_bytes() == data:
                continue
            differ.append(f"{made.folder}/{name}")
            if not options.check:
                target.mkdir(exist_ok=True)
                path.write_bytes(data)
    for line in differ:
        print(line)
    return 1 if options.check and differ else 0


if __name__ == "__main__":
    sys.exit(main())
