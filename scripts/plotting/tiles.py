"""A map of China's provinces as a grid of equal tiles: who neighbours whom is kept, area is not."""
import matplotlib
import numpy

# province: column, row, short name
TILES = {
    "Heilongjiang": (8, 0, "HLJ"), "Inner Mongolia": (5, 1, "NMG"), "Jilin": (8, 1, "JIL"),
    "Xinjiang": (1, 2, "XJ"), "Gansu": (3, 2, "GS"), "Ningxia": (4, 2, "NX"),
    "Shanxi": (5, 2, "SX"), "Hebei": (6, 2, "HEB"), "Beijing": (7, 2, "BJ"),
    "Liaoning": (8, 2, "LN"), "Tibet": (2, 3, "XZ"), "Qinghai": (3, 3, "QH"),
    "Shaanxi": (4, 3, "SN"), "Henan": (5, 3, "HEN"), "Shandong": (6, 3, "SD"),
    "Tianjin": (7, 3, "TJ"), "Sichuan": (3, 4, "SC"), "Chongqing": (4, 4, "CQ"),
    "Hubei": (5, 4, "HUB"), "Anhui": (6, 4, "AH"), "Jiangsu": (7, 4, "JS"),
    "Shanghai": (8, 4, "SH"), "Yunnan": (3, 5, "YN"), "Guizhou": (4, 5, "GZ"),
    "Hunan": (5, 5, "HUN"), "Jiangxi": (6, 5, "JX"), "Zhejiang": (7, 5, "ZJ"),
    "Guangxi": (4, 6, "GX"), "Guangdong": (5, 6, "GD"), "Fujian": (6, 6, "FJ"),
    "Hainan": (5, 7, "HI"),
}


def draw(axes, provinces, values, colours, form):
    """One tile a province, its value written in it; a province without a tile is an error."""
    unknown = [p for p in provinces if p not in TILES]
    if unknown:
        raise ValueError(f"no tile for {', '.join(unknown)}")
    finite = values[numpy.isfinite(values)]
    top = finite.max() if finite.size and finite.max() > 0 else 1.0
    shade = matplotlib.colormaps[colours]
    for province, value in zip(provinces, values):
        column, row, short = TILES[province]
        known = numpy.isfinite(value)
        colour = shade(0.9 * value / top) if known else "#F3F3F3"
        dark = known and value / top > 0.6
        axes.add_patch(matplotlib.patches.Rectangle((column + 0.03, row + 0.03), 0.94, 0.94,
                                                    facecolor=colour, edgecolor="#BBBBBB",
                                                    linewidth=0.4))
        ink = "white" if dark else "black"
        axes.text(column + 0.5, row + 0.34, short, ha="center", va="center", fontsize=6.5,
                  color=ink)
        axes.text(column + 0.5, row + 0.68, form(value) if known else "–", ha="center",
                  va="center", fontsize=6.5, color=ink)
    axes.set_xlim(1, 9)
    axes.set_ylim(8, 0)
    axes.set_aspect("equal")
    axes.axis("off")
