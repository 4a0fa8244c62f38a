"""Pictures that stand in a page: lines and letters in the page's own colours and font."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

from assistant.evaluation.errors import PictureError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Stand-ins that nothing else is drawn in, each for what the page calls a colour by day and by night.
INK, FAINT = "#010101", "#010102"
BLUE, ORANGE, GREEN = "#010103", "#010104", "#010105"
_COLOURS = {INK: "--ink", FAINT: "--faint", BLUE: "--blue", ORANGE: "--orange", GREEN: "--green"}

# As wide as a telephone shows it without making the letters smaller.
_WIDTH = 4.4
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.5,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.major.pad": 6,
    "ytick.major.pad": 6,
    "legend.frameon": False,
    "legend.borderaxespad": 0.2,
}
_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@dataclass(frozen=True, slots=True)
class Caption:
    """``name`` is the picture's own on the page; ``description`` says in words what it shows."""

    name: str
    title: str
    description: str


def drawn(caption: Caption, draw: Callable[["Axes"], None], height: float = 3.3) -> str:
    """An SVG element; ``height`` is in inches. Raises ``PictureError`` when matplotlib is not installed."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise PictureError from error

    with mpl.rc_context({**_SETTINGS, "svg.hashsalt": caption.name}):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(figure.add_subplot())
        svg = StringIO()
        figure.savefig(svg, format="svg", transparent=True, metadata=_METADATA)
    return _in_page(svg.getvalue(), caption)


def percent_axis(axes: "Axes", which: str) -> None:
    """0 to 1 as percentages, along "x" or "y"."""
    places = [0.0, 0.25, 0.5, 0.75, 1.0]
    labels = [f"{place * 100:.0f} %" for place in places]
    if which == "x":
        axes.set_xticks(places, labels)
        axes.set_xlim(0, 1)
    else:
        axes.set_yticks(places, labels)
        axes.set_ylim(0, 1)


def legend_above(axes: "Axes", columns: int = 1) -> None:
    """Where it hides nothing."""
    axes.figure.legend(loc="outside upper left", ncols=columns)


def _in_page(svg: str, caption: Caption) -> str:
    """Without what comes before the element, its names its own, with words for who cannot see it."""
    opening, rest = svg[svg.index("<svg") :].split(">", 1)
    rest = _renamed(_recoloured(rest, _COLOURS), caption.name)
    label = f'role="img" aria-labelledby="{caption.name}-title" aria-describedby="{caption.name}-desc"'
    words = (
        f'<title id="{caption.name}-title">{escape(caption.title)}</title>'
        f'<desc id="{caption.name}-desc">{escape(caption.description)}</desc>'
    )
    return f"{opening} {label}>{words}{rest}"


def _recoloured(svg: str, colours: Mapping[str, str]) -> str:
    for stand_in, name in colours.items():
        svg = svg.replace(stand_in, f"var({name})")
    return svg


def _renamed(svg: str, name: str) -> str:
    """Two pictures on one page may not use the same name for different things."""
    return re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", svg)
