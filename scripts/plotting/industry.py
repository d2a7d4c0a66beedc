"""Figures of the secondary industry as a whole, all scenarios in one."""
import matplotlib.pyplot as plt
import numpy

from . import style
from .results import band


def colours(data):
    """(scenario, colour, dashes, label); a single scenario needs no label."""
    for number, scenario in enumerate(data.scenarios):
        label = scenario if len(data.scenarios) > 1 else None
        yield (scenario, style.CYCLE[number % len(style.CYCLE)],
               style.DASHES[number // len(style.CYCLE) % len(style.DASHES)], label)


def middle(years):
    return numpy.array(years) + 0.5


def last_median(data, name, how=None):
    """Median of the last whole year in the first scenario, and that year; NaN where none."""
    if not data.years:
        return numpy.nan, 0
    return float(band(data.yearly(name, data.scenarios[0], how))[1][-1]), data.years[-1]


def finish(figure, axes, data, legend):
    style.year_axis(axes, data)
    if legend and axes.get_legend_handles_labels()[0]:
        axes.legend()
    return figure


def capacity_output(data):
    figure, axes = plt.subplots(figsize=(6.4, 3.8))
    several = len(data.scenarios) > 1
    for scenario, colour, dashes, label in colours(data):
        other = colour if several else style.RED
        capacity = [v * 1e-6 for v in band(data.monthly("capacity", scenario))]
        style.line(axes, data.decimal_years(), capacity, colour, label or "capacity", dashes)
        output = [v * 1e-6 for v in band(data.yearly("output", scenario))]
        style.line(axes, middle(data.years), output, other, None if several else "output, yearly",
                   dashes)
    style.points(axes, data.observed("secondary_capacity"), "observed")
    style.points(axes, data.observed("secondary_output"), None)
    capacity, year = last_median(data, "capacity", "last")
    output, _ = last_median(data, "output")
    axes.set_title(f"Capacity of {capacity / 1e6:.1f} Mt/yr makes {output / 1e6:.1f} Mt of secondary "
                   f"aluminium in {year}" + (f" ({data.scenarios[0]})" if several else ""))
    axes.set_ylabel("capacity (Mt/yr, upper)  and  output (Mt per year, lower)" if several
                    else "Mt/yr and Mt per year")
    axes.set_ylim(bottom=0)
    return finish(figure, axes, data, True)


def operating_rate(data):
    by_size = "operating_rate_by_size" in data.data and len(data.scenarios) == 1
    figure, panels = plt.subplots(1, 2 if by_size else 1, figsize=(9 if by_size else 6.4, 3.6),
                                  squeeze=False, sharey=True)
    axes = panels[0][0]
    for scenario, colour, dashes, label in colours(data):
        monthly = [100 * v for v in band(data.monthly("operating_rate", scenario))]
        axes.plot(data.decimal_years(), monthly[1], color=colour, linewidth=0.6, alpha=0.6)
        yearly = [100 * v for v in band(data.yearly("operating_rate", scenario))]
        style.line(axes, middle(data.years), yearly, colour, label or "yearly mean", dashes)
    rate, year = last_median(data, "operating_rate")
    axes.set_title(f"The industry runs at {100 * rate:.0f} % of its capacity in {year};\n"
                   "thin: months, with the trough of the Spring Festival")
    axes.set_ylabel("output / capacity (%)")
    if by_size:
        right = panels[0][1]
        sizes = data.monthly("operating_rate_by_size", data.scenarios[0])["size"].values
        yearly = data.yearly("operating_rate_by_size", data.scenarios[0])
        for size, colour in zip(sizes, style.CYCLE):
            style.line(right, middle(data.years), [100 * v for v in band(yearly.sel(size=size))],
                       colour, f"{style.words(str(size))} plants")
        right.set_title("By size of plant, yearly mean")
        finish(figure, right, data, True)
    axes.set_ylim(bottom=0)
    return finish(figure, axes, data, True)


def secondary_share(data):
    figure, axes = plt.subplots(figsize=(6.4, 3.6))
    for scenario, colour, dashes, label in colours(data):
        yearly = [100 * v for v in band(data.yearly("secondary_share", scenario))]
        style.line(axes, middle(data.years), yearly, colour, label, dashes)
    share, year = last_median(data, "secondary_share")
    axes.set_title(f"{share * 100:.1f} % of aluminium output is secondary in {year}")
    axes.set_ylabel("secondary / (primary + secondary) output (%)")
    axes.set_ylim(bottom=0)
    return finish(figure, axes, data, True)


def margin(data):
    figure, axes = plt.subplots(figsize=(6.4, 3.6))
    several = len(data.scenarios) > 1
    for scenario, colour, dashes, label in colours(data):
        median = band(data.yearly("margin_median", scenario))
        tenth = band(data.yearly("margin_p10", scenario))
        style.line(axes, middle(data.years), median, colour, label or "median plant", dashes)
        style.line(axes, middle(data.years), tenth, colour if several else style.RED,
                   None if several else "tenth percentile of plants", ":")
    axes.axhline(0, color=style.BLACK, linewidth=0.8)
    axes.set_title("Margins after fixed cost and refund"
                   + (" (dotted: tenth percentile of plants)" if several else ""))
    axes.set_ylabel("CNY per t of output")
    return finish(figure, axes, data, True)


def molten(data):
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    for scenario, colour, dashes, label in colours(data):
        amount = [v * 1e-6 for v in band(data.yearly("molten_output", scenario))]
        style.line(left, middle(data.years), amount, colour, label, dashes)
        share = [100 * v for v in band(data.yearly("molten_share", scenario))]
        style.line(right, middle(data.years), share, colour, label, dashes)
    amount, year = last_median(data, "molten_output")
    left.set_title(f"{amount / 1e6:.1f} Mt are delivered liquid in {year}")
    left.set_ylabel("Mt per year")
    right.set_title("Share of output delivered liquid")
    right.set_ylabel("% of output")
    for axes in (left, right):
        axes.set_ylim(bottom=0)
        finish(figure, axes, data, axes is left)
    return figure
