"""What was expected against what was raised, counted and as a picture."""

from collections import Counter
from dataclasses import dataclass
from html import escape
from io import StringIO

from assistant.evaluation.errors import PictureError
from assistant.evaluation.labels import LEVELS, level_name
from assistant.evaluation.triage import Measurement
from assistant.triage.rulebook import Level

# From the most urgent to none.
_ORDER = (*reversed(LEVELS), Level.DOUBT, None)
_TITLE = "Verwacht en gekregen alarm per niveau"
_TOO_LOW = "#b00020"
_DARK_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Confusion:
    """``counts[i][j]``: messages that should have ``names[i]`` and got ``names[j]``; the most urgent first."""

    counts: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, measured: Measurement) -> "Confusion":
        pairs = Counter((judged.expected, judged.got) for judged in measured.examples)
        return cls(tuple(tuple(pairs[expected, got] for got in _ORDER) for expected in _ORDER))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(level_name(level) for level in _ORDER)

    @property
    def rows(self) -> list[tuple[str, tuple[int, ...]]]:
        return list(zip(self.names, self.counts, strict=True))

    @property
    def description(self) -> str:
        """The picture in words."""
        total = sum(map(sum, self.counts))
        same = sum(self.counts[place][place] for place in range(len(self.counts)))
        too_low = sum(sum(row[place + 1 :]) for place, row in enumerate(self.counts))
        return (
            f"Van {total} berichten kregen er {same} precies wat verwacht was, {too_low} minder dan verwacht en "
            f"{total - same - too_low} meer. De tabel ‘Verwacht tegenover gekregen’ heeft alle getallen."
        )


def confusion_picture(confusion: Confusion) -> str:
    """An SVG element with a title and a description. Raises ``PictureError`` when matplotlib is not installed."""
    try:
        import matplotlib as mpl
        from matplotlib.axes import Axes
        from matplotlib.figure import Figure
        from matplotlib.patches import Rectangle
    except ModuleNotFoundError as error:
        raise PictureError from error

    def cell(axes: Axes, row: int, column: int) -> None:
        count, total = confusion.counts[row][column], sum(confusion.counts[row])
        if not count:
            return
        colour = "white" if count / total > _DARK_FROM else "black"
        axes.text(column + 0.5, row + 0.5, str(count), ha="center", va="center", color=colour)
        if column > row:
            axes.add_patch(
                Rectangle((column + 0.04, row + 0.04), 0.92, 0.92, fill=False, edgecolor=_TOO_LOW, linewidth=2)
            )

    places = range(len(confusion.names))
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "confusion", "font.size": 11}):
        figure = Figure(figsize=(8, 5.6), layout="constrained")
        axes = figure.add_subplot()
        shares = [[count / max(sum(row), 1) for count in row] for row in confusion.counts]
        # Not imshow: that would put a bitmap in the page.
        axes.pcolormesh(shares, cmap="Blues", vmin=0, vmax=1)
        axes.invert_yaxis()
        middles = [place + 0.5 for place in places]
        axes.set_xticks(middles, confusion.names)
        axes.set_yticks(middles, [f"{name} ({sum(row)})" for name, row in confusion.rows])
        axes.xaxis.tick_top()
        axes.xaxis.set_label_position("top")
        axes.tick_params(length=0)
        axes.set_xlabel("gekregen")
        axes.set_ylabel("verwacht (aantal berichten)")
        for row in places:
            for column in places:
                cell(axes, row, column)
        svg = StringIO()
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _accessible(svg.getvalue(), confusion.description)


def _accessible(svg: str, description: str) -> str:
    """Without what comes before the element, and with words for who cannot see it."""
    opening, rest = svg[svg.index("<svg") :].split(">", 1)
    words = f'<title id="confusion-title">{_TITLE}</title><desc id="confusion-desc">{escape(description)}</desc>'
    return f'{opening} role="img" aria-labelledby="confusion-title" aria-describedby="confusion-desc">{words}{rest}'
