"""Colours and the parts that figures share.

Colours are those of Okabe and Ito (2008), told apart with all common colour vision; lines that
could still be confused also differ in dashes.
"""
import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402 (after the choice of Agg)
import numpy  # noqa: E402

BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, RED, PINK = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
GREY = "#777777"
CYCLE = [BLUE, RED, GREEN, ORANGE, PINK, SKY, BLACK, YELLOW]
DASHES = ["-", "--", "-.", ":"]
# Stacks: neighbours differ in lightness too.
STACK = [BLUE, SKY, "#B3DDF2", ORANGE, GREEN, "#8FD4BF", PINK, "#EBCBDB", RED, "#F2B58A",
         YELLOW, GREY, "#BBBBBB"]
UNITS = {"t": "t", "1": "share", "CNY/t": "CNY/t", "t CO2e": "t CO₂e", "t/yr": "t/yr"}

plt.rcParams.update({
    "figure.dpi": 150, "savefig.dpi": 150, "font.size": 9, "axes.titlesize": 10,
    "axes.titlelocation": "left", "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "grid.color": "#E5E5E5", "grid.linewidth": 0.6, "axes.axisbelow": True,
    "lines.linewidth": 1.6, "legend.frameon": False, "figure.constrained_layout.use": True,
    "svg.hashsalt": "remelt",
})


def words(label):
    """A label of the results as a reader wants it: "cars_nev" is "cars, NEV"."""
    special = {"cars_ice": "cars, ICE", "cars_nev": "cars, NEV", "pv": "photovoltaics",
               "ubc": "used cans", "scope1": "scope 1", "scope2": "scope 2",
               "scope3": "scope 3", "HongKong": "Hong Kong"}
    return special.get(label, label.replace("_", " "))


def line(axes, x, values, colour, label=None, dashes="-"):
    """Median with its band; values (low, median, high)."""
    low, middle, high = values
    axes.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(x, middle, color=colour, label=label, linestyle=dashes)


def points(axes, observed, label="observed", colour=BLACK):
    """Observed values with their range; nothing where there are none."""
    year, value, below, above = observed
    if len(year):
        axes.errorbar(year, value, yerr=[below, above], fmt="o", markersize=3.5, color=colour,
                      elinewidth=0.8, capsize=2, label=label, zorder=5)


def stack(axes, years, parts, labels, colours):
    """Stacked bars; parts [label][year]."""
    bottom = numpy.zeros(len(years))
    middle = numpy.array(years) + 0.5
    for part, label, colour in zip(parts, labels, colours):
        part = numpy.nan_to_num(part)
        axes.bar(middle, part, 0.8, bottom=bottom, color=colour, label=label, edgecolor="white",
                 linewidth=0.4)
        bottom = bottom + part


def legend_beside(axes, reverse=False):
    handles, labels = axes.get_legend_handles_labels()
    if reverse:
        handles, labels = handles[::-1], labels[::-1]
    axes.legend(handles, labels, loc="center left", bbox_to_anchor=(1.01, 0.5))


def year_axis(axes, data):
    first, last = data.span()
    axes.set_xlim(first, last + 1)
    axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(integer=True, nbins=8))
