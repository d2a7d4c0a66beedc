"""Figures of prices, one per scenario."""
import matplotlib.pyplot as plt
import numpy

from . import style
from .results import VAT, band

CAST = ["ADC12", "A356", "structural"]


def scrap_prices(data, scenario):
    prices = data.monthly("scrap_price", scenario)
    grades = [str(g) for g in prices["grade"].values]
    tiers = [str(t) for t in prices["tier"].values]
    columns = 4
    rows = -(-len(grades) // columns)
    figure, panels = plt.subplots(rows, columns, figsize=(10.5, 2.1 * rows + 0.9), sharex=True,
                                  sharey=True, squeeze=False)
    for axes, grade in zip(panels.flat, grades):
        for tier, colour, dashes in zip(tiers, style.CYCLE, style.DASHES):
            values = band(prices.sel(grade=grade, tier=tier))
            if numpy.isfinite(values[1]).any():
                style.line(axes, data.decimal_years(), values, colour, style.words(tier), dashes)
        axes.set_title(style.words(grade))
        style.year_axis(axes, data)
        axes.xaxis.set_major_locator(plt.MaxNLocator(integer=True, nbins=4))
    for axes in list(panels.flat)[len(grades):]:
        axes.axis("off")
    handles = {}
    for axes in panels.flat:
        for handle, label in zip(*axes.get_legend_handles_labels()):
            handles.setdefault(label, handle)
    if handles:
        # beside the title, whose height the layout keeps free
        names = [style.words(t) for t in tiers if style.words(t) in handles]
        figure.legend([handles[n] for n in names], names, loc="upper right", ncol=len(names))
    figure.supylabel("CNY per recoverable t, without VAT", fontsize=9)
    figure.suptitle("What scrap costs on its way: price by grade and tier", fontsize=11, x=0.01,
                    ha="left")
    return figure


def alloy_prices(data, scenario):
    prices = data.monthly("alloy_price", scenario)
    alloys = [str(a) for a in prices["alloy"].values]
    figure, panels = plt.subplots(1, 2, figsize=(10, 3.9), sharey=True)
    groups = ([a for a in alloys if a in CAST], [a for a in alloys if a not in CAST])
    for axes, group, title in zip(panels, groups, ("Casting alloys", "Wrought alloys")):
        if "primary_price" in data.data:
            style.line(axes, data.decimal_years(), band(data.monthly("primary_price", scenario)),
                       style.GREY, "primary metal (A00)", "--")
        for alloy, colour in zip(group, style.CYCLE):
            style.line(axes, data.decimal_years(), band(prices.sel(alloy=alloy)), colour, alloy)
        axes.set_title(f"{title} and primary metal")
        style.year_axis(axes, data)
    style.points(panels[0], data.observed("price_ADC12", 1 / VAT), "ADC12 observed, year")
    for axes in panels:
        axes.legend(ncol=2, fontsize=8)
    panels[0].set_ylabel("CNY/t, without VAT")
    return figure
