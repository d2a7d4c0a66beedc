"""Figures of where metal comes from and goes to, one per scenario. Stacks show means over
replicates, since medians of parts do not add up; the whole has its band."""
import matplotlib.pyplot as plt
import numpy

from . import style
from .results import band, mean


def middle(data):
    return numpy.array(data.years) + 0.5


def total_band(axes, data, values, scale):
    """The 5-95 % range of the whole, as a bar on top of the stack."""
    low, median, high = (scale * v for v in band(values))
    axes.errorbar(middle(data), median, yerr=[median - low, high - median], fmt="none",
                  ecolor=style.BLACK, elinewidth=0.8, capsize=2)


def largest(parts, labels, most):
    """The largest `most` rows of parts, then the sum of the others; labels likewise."""
    order = numpy.argsort(-numpy.nansum(parts, axis=1))
    keep, rest = order[:most], order[most:]
    out = [parts[i] for i in keep]
    names = [labels[i] for i in keep]
    if len(rest):
        out.append(numpy.nansum(parts[rest], axis=0))
        names.append("others")
    return out, names


def imports(data, scenario):
    values = data.yearly("imports_by_origin", scenario)
    labels = [style.words(str(o)) for o in values["origin"].values]
    parts, names = largest(mean(values.transpose("replicate", "origin", "year")) * 1e-6, labels, 8)
    figure, axes = plt.subplots(figsize=(7.2, 3.8))
    style.stack(axes, data.years, parts, names, style.STACK)
    total_band(axes, data, values.sum("origin"), 1e-6)
    style.points(axes, data.observed("scrap_imports"), "observed, total", style.RED)
    if data.years:
        axes.set_title(f"Scrap comes from {names[0]}, {names[1]} and {names[2]} first"
                       if len(names) > 3 else "Scrap imports by origin")
    axes.set_ylabel("scrap imports (Mt gross per year)")
    style.year_axis(axes, data)
    style.legend_beside(axes, reverse=True)
    return figure


def scrap_by_sector(data, scenario):
    values = data.yearly("old_scrap_by_sector", scenario)
    sectors = [str(s) for s in values["sector"].values]
    parts = mean(values.transpose("replicate", "sector", "year")) * 1e-6
    figure, axes = plt.subplots(figsize=(7.2, 3.8))
    style.stack(axes, data.years, parts, [style.words(s) for s in sectors], style.STACK)
    total_band(axes, data, values.sum("sector"), 1e-6)
    style.points(axes, data.observed("old_scrap_recycled"), "observed, total", style.BLACK)
    if data.years:
        total = parts[:, -1].sum()
        axes.set_title(f"Old scrap collected reaches {total:.1f} Mt in {data.years[-1]}")
    axes.set_ylabel("old scrap collected (Mt per year)")
    style.year_axis(axes, data)
    style.legend_beside(axes, reverse=True)
    return figure


def wrought_fate(data, scenario):
    names = ["same_alloy_rate", "other_wrought_rate", "to_cast_rate"]
    parts = [100 * mean(data.yearly(name, scenario)) for name in names]
    figure, axes = plt.subplots(figsize=(6.8, 3.6))
    style.stack(axes, data.years, parts, ["same alloy", "other wrought alloy", "casting alloy"],
                [style.BLUE, style.SKY, style.ORANGE])
    if data.years:
        axes.set_title(f"{parts[0][-1]:.0f} % of wrought scrap returns to its alloy and "
                       f"{parts[2][-1]:.0f} % is cast in {data.years[-1]}")
    axes.set_ylabel("wrought scrap charged (%)")
    axes.set_ylim(0, 100)
    style.year_axis(axes, data)
    style.legend_beside(axes, reverse=True)
    return figure


def emissions(data, scenario):
    values = data.yearly("emissions_by_scope", scenario)
    scopes = [str(s) for s in values["scope"].values]
    with_footprint = "footprint" in data.data
    figure, panels = plt.subplots(1, 2 if with_footprint else 1,
                                  figsize=(10 if with_footprint else 6.4, 3.7), squeeze=False)
    left = panels[0][0]
    parts = mean(values.transpose("replicate", "scope", "year")) * 1e-6
    style.stack(left, data.years, parts, [style.words(s) for s in scopes],
                [style.RED, style.ORANGE, style.SKY])
    total_band(left, data, values.sum("scope"), 1e-6)
    left.set_title("Emissions of the secondary chain, up to liquid metal")
    left.set_ylabel("Mt CO₂e per year")
    style.year_axis(left, data)
    left.legend()
    if with_footprint:
        right = panels[0][1]
        yearly = data.yearly("footprint", scenario)
        for method, colour in zip(yearly["method"].values, style.CYCLE):
            style.line(right, middle(data), band(yearly.sel({"method": method})), colour,
                       style.words(str(method)))
        right.set_title("Footprint of secondary aluminium")
        right.set_ylabel("t CO₂e per t delivered")
        right.set_ylim(bottom=0)
        style.year_axis(right, data)
        right.legend()
    return figure
