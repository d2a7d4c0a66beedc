"""A results file as figures want it: finished replicates, years, quantiles, observed points."""
import csv
import os
import warnings

import numpy
import xarray

DATA = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "scenarios", "data")
OBSERVED = {"calibrate", "history", "input"}
VAT = 1.13  # since April 2019; prices of the results are without it


class NotResults(Exception):
    """The file opens, but is not a results file, or has nothing finished in it."""


class Results:
    """One file; its scenarios in `scenarios`."""

    def __init__(self, path):
        if not os.path.exists(path):
            raise FileNotFoundError(path)
        self.path = path
        # load: a results file is small, and figures read it many times over
        with xarray.open_dataset(path, engine="h5netcdf") as data:
            self.data = data.load()
        for name in ("scenario", "replicate", "time"):
            if name not in self.data.dims:
                raise NotResults(f"not a results file: it has no dimension {name}")
        self.scenarios = [str(name) for name in self.data["scenario"].values]
        self.done = self._done()
        if not bool(self.done.any()):
            raise NotResults("no replicate in it is finished")
        self.history = read_history()
        year = self.data["time"].dt.year
        months = year.groupby(year).count()
        # A year that ends early would look like a fall.
        self.years = [int(y) for y in months["year"].values if int(months.sel(year=y)) == 12]

    def _done(self):
        """True for the finished ones, (scenario, replicate)."""
        if "status" not in self.data:
            return xarray.ones_like(self.data["replicate"], dtype=bool).expand_dims(
                scenario=self.data["scenario"])
        status = self.data["status"]
        meanings = str(status.attrs.get("flag_meanings", "pending done failed")).split()
        values = numpy.atleast_1d(status.attrs.get("flag_values", numpy.arange(len(meanings))))
        return status == values[meanings.index("done")]

    def missing(self, names):
        return [name for name in names if name not in self.data]

    def monthly(self, name, scenario):
        """(replicate, time, ...) of the finished replicates."""
        values = self.data[name].sel(scenario=scenario)
        axis = "detail_replicate" if "detail_replicate" in values.dims else "replicate"
        done = self.done.sel(scenario=scenario).values
        kept = numpy.flatnonzero(done[:values.sizes[axis]])
        values = values.isel({axis: kept})
        return values.rename({axis: "replicate"}) if axis != "replicate" else values

    def yearly(self, name, scenario, how=None):
        """(replicate, year, ...) of whole years: sums of sums, else means, else `how`."""
        values = self.monthly(name, scenario)
        if how is None:
            how = "sum" if "sum" in str(values.attrs.get("cell_methods", "")) else "mean"
        grouped = values.groupby("time.year")
        if how == "sum":
            out = grouped.sum("time", skipna=False)
        elif how == "last":
            out = grouped.last()
        else:
            out = grouped.mean("time")
        return out.sel(year=self.years)

    def observed(self, name, scale=1.0):
        """Years, values, lower and upper error of a quantity in history.tsv, shown years only."""
        first, last = self.span()
        rows = [r for r in self.history.get(name, []) if first <= r[0] <= last]
        year = numpy.array([r[0] + 0.5 for r in rows])
        value, low, high = (scale * numpy.array([r[i] for r in rows]) for i in (1, 2, 3))
        return year, value, numpy.maximum(value - low, 0), numpy.maximum(high - value, 0)

    def span(self):
        year = self.data["time"].dt.year.values
        return int(year.min()), int(year.max())

    def decimal_years(self):
        """Middle of each month."""
        time = self.data["time"].dt
        return time.year.values + (time.month.values - 0.5) / 12


def read_history():
    """{variable: [(year, value, low, high)]} of the rows that were observed."""
    rows = {}
    with open(os.path.join(DATA, "history.tsv"), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["use"] not in OBSERVED:
                continue
            value = float(row["value"])
            low, high = (float(row[k]) if row[k] else value for k in ("low", "high"))
            rows.setdefault(row["variable"], []).append((int(row["year"]), value, low, high))
    return rows


def band(values):
    """5 %, median and 95 % over replicates; fill stays out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a cell that is fill everywhere is fill
        low, middle, high = numpy.nanquantile(
            values.transpose("replicate", ...).values, [0.05, 0.5, 0.95], axis=0)
    return low, middle, high


def mean(values):
    """Mean over replicates: unlike medians, means of parts add up to the mean of the whole."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return numpy.nanmean(values.transpose("replicate", ...).values, axis=0)
