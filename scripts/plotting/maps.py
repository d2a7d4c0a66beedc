"""The map figure: provinces as tiles, last whole year, medians over replicates."""
import matplotlib.pyplot as plt

from . import tiles
from .results import band

# variable, yearly value, scale, title with unit, colours (light to dark, readable in grey)
PANELS = [
    ("capacity_by_province", "last", 1e-4, "capacity at the year's end (10,000 t/yr)", "Blues"),
    ("output_by_province", "sum", 1e-4, "output (10,000 t)", "Oranges"),
    ("operating_rate_by_province", "mean", 100, "operating rate (%)", "Greens"),
    ("scrap_collected_by_province", "sum", 1e-4, "old scrap collected (10,000 t)", "Purples"),
]


def write(value):
    return f"{value:.0f}" if value >= 10 or value == 0 else f"{value:.1f}"


def provinces(data, scenario):
    shown = [panel for panel in PANELS if panel[0] in data.data]
    columns = min(2, len(shown))
    rows = -(-len(shown) // columns)
    figure, panels = plt.subplots(rows, columns, figsize=(5 * columns, 4.6 * rows + 0.4),
                                  squeeze=False)
    for axes in panels.flat:
        axes.axis("off")
    for axes, (name, how, scale, title, colours) in zip(panels.flat, shown):
        yearly = data.yearly(name, scenario, how)
        names = [str(p) for p in yearly["province"].values]
        if data.years:
            median = band(yearly.sel(year=data.years[-1]))[1] * scale
            tiles.draw(axes, names, median, colours, write)
        axes.set_title(title)
    year = data.years[-1] if data.years else "no whole year"
    figure.suptitle(f"Where the industry is: provinces in {year}", fontsize=11, x=0.01, ha="left")
    return figure
