#!/usr/bin/python3
"""Opens a file that test_merge.c wrote with ncdump and both xarray engines, and compares labels,
units and values with those the test wrote."""
import subprocess
import sys
import warnings

import h5py
import numpy as np
import xarray as xr

MONTHS, YEARS, FIRST, LAST, DETAIL = 133, 30, 2, 9, 3
LETTERS = list("abcdefghijklmnopqrst")
SECTORS = ["cars_ice", "building", "建筑"]
PROVINCES = ["Guangdong", "Henan", "Zhejiang", "Sichuan"]
ROOT = {  # in the order of the layout: name: (unit, dims, steps, cell_methods, long_name, dtype)
    "output": ("t", (), "time: sum", "secondary aluminium", "f4"),
    "capacity": ("t/yr", (), "time: point", "capacity, month's end", "f4"),
    "balance_error": ("1", (), "time: mean", "balance error", "f8"),
    "in_use_stock_by_sector": ("t", ("sector",), "time: point", "in-use stock at month's end", "f4"),
    "metal_flow": ("t", ("flow_from", "flow_to"), "time: sum", "metal flow", "f4"),
    "output_by_province": ("t", ("province",), "time: sum", "secondary aluminium by province", "f4"),
}
LABELS = {"sector": SECTORS, "province": PROVINCES, "flow_from": LETTERS, "flow_to": LETTERS}
SCENARIOS = ["baseline", "再生铝"]


def expected(scenario, replicate, first, count):
    """fixture_value of elements first .. first + count - 1."""
    i = np.arange(first, first + count, dtype=np.uint64)
    x = (i + 1) * 2654435761 + scenario * 40503 + replicate * 977
    x = x % 1000003
    return np.where(x % 11 == 0, np.nan, x / 8)


def state(scenario, replicate):
    if (scenario, replicate) == (1, 5):
        return 2
    return 0 if (scenario, replicate) == (0, 8) else 1


def check_variable(array, name, offset, steps, dims, replicates, time="time"):
    shape = [len(LABELS[d]) for d in dims]
    axis = "detail_replicate" if name.endswith("_by_province") else "replicate"
    assert array.dims == ("scenario", axis, time) + dims, (name, array.dims)
    values = array.values
    for s in range(2):
        for k, r in enumerate(replicates):
            want = expected(s, r, offset, steps * int(np.prod(shape)))
            want = want.astype(array.dtype).reshape([steps] + shape)
            if state(s, r) != 1:
                want = np.full_like(want, np.nan)
            np.testing.assert_array_equal(values[s, k], want, err_msg=f"{name} {s} {r}")


def check_engine(file, engine, size):
    everyone, offset = list(range(FIRST, LAST)), 0
    with xr.open_dataset(file, engine=engine) as data:
        assert data.attrs["Conventions"] == "CF-1.10" and data.attrs["title"] == "The baseline"
        assert data.attrs["source"] == "remelt 0.1.0" and int(data.attrs["seed"]) == 4711
        assert int(data.attrs["results_version"]) == 1
        assert list(data["scenario"].values) == SCENARIOS
        assert list(data["replicate"].values) == everyone
        assert list(data["detail_replicate"].values) == everyone[:DETAIL]
        times = data["time"].values.astype("datetime64[D]")
        months = np.datetime64("2020-01") + np.arange(MONTHS + 1)
        assert (times == months[:-1].astype("datetime64[D]")).all()
        bounds = data["time_bnds"].values.astype("datetime64[D]")
        assert data["time_bnds"].dims == ("time", "bnds")
        assert (bounds[:, 1] == months[1:].astype("datetime64[D]")).all()
        for dim, labels in LABELS.items():
            assert list(data[dim].values) == labels, dim
        for name, (unit, dims, methods, long_name, kind) in ROOT.items():
            array = data[name]
            assert array.attrs["units"] == unit and array.attrs["cell_methods"] == methods
            assert array.attrs["long_name"] == long_name, array.attrs
            assert array.dtype == np.dtype(kind), (name, array.dtype)
            detail = name.endswith("_by_province")
            check_variable(array, name, offset, MONTHS, dims, everyone[:DETAIL] if detail else everyone)
            offset += MONTHS * int(np.prod([len(LABELS[d]) for d in dims]))
        status = data["status"]
        want = [[state(s, r) for r in everyone] for s in range(2)]
        assert status.dims == ("scenario", "replicate") and (status.values == want).all()
        assert status.attrs["flag_meanings"] == "pending done failed"
        assert list(status.attrs["flag_values"]) == [0, 1, 2]
        assert data["trace_hash"].dtype == np.uint64
        hashes = data["trace_hash"].values.ravel()
        assert hashes[0] > 2**53 and len(set(hashes)) == len(hashes), "rounded or repeated"
    with xr.open_dataset(file, engine=engine, group="history") as data:
        assert list(data["year"].values) == list(range(1990, 1990 + YEARS))
        check_variable(data["discards"], "discards", offset, YEARS, ("sector",), everyone, "year")
        assert data["discards"].attrs["cell_methods"] == "year: sum"
        offset += YEARS * 3
    assert offset == size, (offset, size)
    with xr.open_dataset(file, engine=engine, group="parameters") as data:
        assert list(data["smelter.melt_loss"].values) == [0.025, 0.025]
        assert data["smelter.melt_loss"].attrs["source"] == "expert"
        assert data["smelter.support"].dims == ("scenario", "time")
        assert abs(float(data["smelter.support"][1, 60]) - 150) < 1e-9
        assert data["smelter.shares"].dims == ("scenario", "sector")
        assert list(data["smelter.rule"].values) == ["fifo", "fifo"]
    with xr.open_dataset(file, engine=engine, group="scenarios") as data:
        assert list(data["text"].values) == ["remelt: 1\nname: baseline\n"] * 2
    with xr.open_dataset(file, engine=engine, group="log") as data:
        assert list(data["message"].values) == ["metal: 3 g missing in Henan on 2021-03-04"]
        assert list(data["failed_scenario"].values) == [SCENARIOS[1]]
        assert list(data["failed_replicate"].values) == [5]


def check_hdf5(file):
    """Every axis of every root dataset has exactly one scale, no two axes the same."""
    with h5py.File(file) as data:
        for name, item in data.items():
            if not isinstance(item, h5py.Dataset) or h5py.h5ds.is_scale(item.id):
                continue
            scales = [dim[0].name for dim in item.dims if len(dim) == 1]
            assert len(scales) == item.ndim == len(set(scales)), (name, scales)
            if item.chunks and name not in ("status", "trace_hash"):
                assert item.compression_opts == 1 and item.shuffle and item.chunks[:2] == (1, 1)


def main():
    file, size = sys.argv[1], int(sys.argv[2])
    warnings.simplefilter("error")  # a reader that complains is a reader that will break
    warnings.filterwarnings("ignore", message="numpy.ndarray size changed")
    text = subprocess.run(["ncdump", file], capture_output=True, text=True, check=True).stdout
    for part in ("float output(scenario, replicate, time)", "output:_FillValue = NaNf",
                 "double balance_error(", 'status:flag_meanings = "pending done failed"', "建筑",
                 "uint64 trace_hash(scenario, replicate)", "int time_bnds(time, bnds)"):
        assert part in text, part
    subprocess.run(["h5dump", "-H", file], stdout=subprocess.DEVNULL, check=True)
    check_hdf5(file)
    for engine in ("netcdf4", "h5netcdf"):
        check_engine(file, engine, size)


main()
