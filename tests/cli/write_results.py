#!/usr/bin/python3
"""Writes a small results file with the contract's names and made-up numbers, to test figures:
write_results.py FILE.h5 [--scenarios N] [--without NAME,...] [--unfinished]"""
import argparse
import csv
import os

import numpy
import xarray

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "..", "scenarios", "data", "provinces.tsv")
LABELS = {
    "sector": "cars_ice cars_nev other_transport building electrical pv machinery durables "
              "packaging other".split(),
    "grade": "extrusion_new extrusion_old thermal_break formwork ubc wheels mixed_cast shredded "
             "wire sheet_clean sheet_old turnings".split(),
    "alloy": "ADC12 A356 structural 6063 6061 3104 6016 1350".split(),
    "tier": "collector hub sorted port".split(),
    "origin": "Thailand Malaysia Japan UK USA EU Korea HongKong".split(),
    "scope": "scope1 scope2 scope3".split(),
    "method": "cut_off allocation".split(),
    "size": "small medium large".split(),
}
# name: axes after time, level, growth per month, unit, cell method
VARIABLES = {
    "capacity": ((), 13e6, 0.008, "t/yr", "time: point"),
    "output": ((), 6.2e5, 0.006, "t", "time: sum"),
    "operating_rate": ((), 0.5, 0, "1", "time: mean"),
    "operating_rate_by_size": (("size",), 0.5, 0, "1", "time: mean"),
    "secondary_share": ((), 0.17, 0.003, "1", "time: mean"),
    "margin_median": ((), 80, 0, "CNY/t", "time: mean"),
    "margin_p10": ((), -20, 0, "CNY/t", "time: mean"),
    "molten_output": ((), 1.5e5, 0.007, "t", "time: sum"),
    "molten_share": ((), 0.25, 0.001, "1", "time: mean"),
    "primary_price": ((), 15000, 0.001, "CNY/t", "time: mean"),
    "scrap_price": (("tier", "grade"), 13000, 0.001, "CNY/t", "time: mean"),
    "alloy_price": (("alloy",), 16000, 0.001, "CNY/t", "time: mean"),
    "imports_by_origin": (("origin",), 1e4, 0.005, "t", "time: sum"),
    "old_scrap_by_sector": (("sector",), 4.5e4, 0.006, "t", "time: sum"),
    "same_alloy_rate": ((), 0.3, 0, "1", "time: mean"),
    "other_wrought_rate": ((), 0.3, 0, "1", "time: mean"),
    "to_cast_rate": ((), 0.4, 0, "1", "time: mean"),
    "emissions_by_scope": (("scope",), 1e5, 0.005, "t", "time: sum"),
    "footprint": (("method",), 0.8, -0.001, "1", "time: mean"),
    "capacity_by_province": (("province",), 4e5, 0.008, "t/yr", "time: point"),
    "output_by_province": (("province",), 2e4, 0.006, "t", "time: sum"),
    "operating_rate_by_province": (("province",), 0.5, 0, "1", "time: mean"),
    "scrap_collected_by_province": (("province",), 1.5e4, 0.006, "t", "time: sum"),
}


def provinces():
    with open(DATA, encoding="utf-8", newline="") as file:
        return [row["province"] for row in csv.DictReader(file, delimiter="\t")]


def variable(name, sizes, generator):
    axes, level, growth, unit, method = VARIABLES[name]
    replicate = "detail_replicate" if name.endswith("_by_province") else "replicate"
    dims = ("scenario", replicate, "time") + axes
    shape = [sizes[d] for d in dims]
    values = level * numpy.exp(0.05 * generator.standard_normal(shape))
    trend = numpy.exp(growth * numpy.arange(sizes["time"]))
    values *= trend.reshape([1, 1, -1] + [1] * len(axes))
    if axes:  # categories differ
        weights = numpy.linspace(0.6, 1.5, shape[-1])
        values *= weights
    if name == "scrap_price":
        values[..., 0, :2] = numpy.nan  # fill: no trade
    return dims, values.astype("float32"), {"units": unit, "cell_methods": method}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--scenarios", type=int, default=1)
    parser.add_argument("--without", default="")
    parser.add_argument("--unfinished", action="store_true")
    given = parser.parse_args()
    labels = dict(LABELS, province=provinces(), replicate=list(range(6)),
                  detail_replicate=list(range(4)),
                  scenario=["baseline", "integrated", "stagnation"][:given.scenarios])
    time = numpy.arange("2020-01", "2026-07", dtype="datetime64[M]").astype("datetime64[ns]")
    sizes = {d: len(v) for d, v in labels.items()} | {"time": len(time)}
    generator = numpy.random.default_rng(2)
    left_out = given.without.split(",")
    content = {name: variable(name, sizes, generator) for name in VARIABLES
               if name not in left_out}
    status = numpy.full((sizes["scenario"], sizes["replicate"]), 0 if given.unfinished else 1,
                        dtype="int8")
    status[:, -1] = 2
    content["status"] = (("scenario", "replicate"), status,
                         {"flag_values": numpy.array([0, 1, 2], dtype="int8"),
                          "flag_meanings": "pending done failed"})
    data = xarray.Dataset(content, coords=dict(labels, time=time))
    data.to_netcdf(given.file, engine="h5netcdf",
                   encoding={"time": {"units": "days since 2020-01-01"}})


if __name__ == "__main__":
    main()
