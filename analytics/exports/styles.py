"""How the workbook looks."""

from __future__ import annotations

from typing import Any, Final

from analytics.columns import Kind

WIDTHS: Final[dict[Kind, int]] = {
    Kind.ID: 46,
    Kind.TEXT: 38,
    Kind.SENTENCE: 72,
    Kind.TERM: 26,
    Kind.LIST: 34,
    Kind.COUNT: 12,
    Kind.NUMBER: 11,
    Kind.BITS: 11,
    Kind.SHARE: 11,
    Kind.PROBABILITY: 11,
    Kind.MONEY: 13,
    Kind.TIME: 20,
}
LEFT: Final = {"align": "left", "indent": 1}
RIGHT: Final = {"align": "right", "indent": 1}
FORMATS: Final[dict[Kind, dict[str, Any]]] = {
    Kind.ID: {"num_format": "@", **LEFT},
    Kind.TEXT: LEFT,
    Kind.SENTENCE: {"text_wrap": True, **LEFT},
    Kind.TERM: LEFT,
    Kind.LIST: {"text_wrap": True, **LEFT},
    Kind.COUNT: {"num_format": "#,##0", **RIGHT},
    Kind.NUMBER: {"num_format": "#,##0", **RIGHT},
    Kind.BITS: {"num_format": "0.00", **RIGHT},
    Kind.SHARE: {"num_format": "0%", **RIGHT},
    Kind.PROBABILITY: {"num_format": "0.0E+00", **RIGHT},
    Kind.MONEY: {"num_format": "#,##0.00", **RIGHT},
    Kind.TIME: {"num_format": "yyyy-mm-dd hh:mm:ss", **LEFT},
}
#: Numbers that are not whole, and those too small for four decimals. One format for all would show `94.`
FRACTION: Final = "#,##0.0000"
TINY: Final = "0.0E+00"
#: Points that a line of text takes, and lines that a row shows at most.
LINE: Final = 13.5
LINES: Final = 8
#: Sizes of paper, as the format counts them.
A3: Final = 8
A4: Final = 9
#: Characters that a page is wide, at a size that can still be read: 6 points on A4, 5 on A3.
A4_HOLDS: Final = 240
A3_HOLDS: Final = 480
BASE: Final = {
    "valign": "top",
    "bottom": 1,
    "bottom_color": "#E3E7EC",
    "font_name": "Calibri",
    "font_size": 10,
}
#: Backgrounds, which change from operation to operation; those of frozen columns, and of cells to fill in.
BANDS: Final = ("#FFFFFF", "#F4F7FA")
FROZEN_BANDS: Final = ("#EEF2F6", "#E4EAF0")
INPUT: Final = "#FFF8DC"
TEXTS: Final = {Kind.ID, Kind.TEXT, Kind.SENTENCE, Kind.TERM, Kind.LIST}
BAR: Final = {"type": "data_bar", "bar_solid": True, "bar_color": "#EDB5A9", "bar_negative_color": "#7FA7C9"}
COMMENT: Final = {"author": "cibgraph", "x_scale": 1.6, "font_size": 9}
