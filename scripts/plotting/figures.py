"""The figures by name, what each needs, and drawing them."""
import os

import matplotlib.pyplot as plt

from . import industry, maps, markets, metal

# name: (function, variables it cannot do without, one file per scenario)
FIGURES = {
    "capacity-output": (industry.capacity_output, ["capacity", "output"], False),
    "operating-rate": (industry.operating_rate, ["operating_rate"], False),
    "secondary-share": (industry.secondary_share, ["secondary_share"], False),
    "margin": (industry.margin, ["margin_median", "margin_p10"], False),
    "molten": (industry.molten, ["molten_output", "molten_share"], False),
    "scrap-prices": (markets.scrap_prices, ["scrap_price"], True),
    "alloy-prices": (markets.alloy_prices, ["alloy_price"], True),
    "imports": (metal.imports, ["imports_by_origin"], True),
    "scrap-by-sector": (metal.scrap_by_sector, ["old_scrap_by_sector"], True),
    "wrought-fate": (metal.wrought_fate, ["same_alloy_rate", "other_wrought_rate", "to_cast_rate"],
                     True),
    "emissions": (metal.emissions, ["emissions_by_scope"], True),
    "provinces": (maps.provinces, ["capacity_by_province", "output_by_province"], True),
}


def draw(data, names, folder, form):
    """Writes the figures; returns the files, and (name, missing variables) of those left out."""
    os.makedirs(folder, exist_ok=True)
    written, skipped = [], []
    for name in names:
        function, needs, each = FIGURES[name]
        missing = data.missing(needs)
        if missing:
            skipped.append((name, missing))
            continue
        if each:
            for scenario in data.scenarios:
                suffix = "" if len(data.scenarios) == 1 else f"-{scenario}"
                written.append(save(function(data, scenario), folder, name + suffix, form))
        else:
            written.append(save(function(data), folder, name, form))
    return written, skipped


def save(figure, folder, name, form):
    path = os.path.join(folder, f"{name}.{form}")
    # no date and no version in the file: equal results give equal figures
    metadata = {"png": {"Software": None}, "svg": {"Date": None},
                "pdf": {"CreationDate": None, "Producer": None, "Creator": None}}[form]
    figure.savefig(path, metadata=metadata)
    plt.close(figure)
    return path
