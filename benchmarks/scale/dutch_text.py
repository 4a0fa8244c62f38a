"""Dutch text by the thousand: the pages of Debian's ``libreoffice-help-nl``, paragraph by paragraph.

Public text that anyone can fetch, and nothing of it is kept here: the package is downloaded and unpacked into a folder
of the one who measures.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup, Tag

PACKAGE = "libreoffice-help-nl"

_PAGES = "usr/share/libreoffice/help/nl/text"
_WORD = re.compile(r"\w+")
_HEADING = re.compile(r"h[1-6]")
# Below this they are cells of tables, labels and names of menus.
_FEWEST_WORDS = 10


class NoDutchTextError(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the text could not be fetched: {reason}. On Debian or Ubuntu `apt-get download {PACKAGE}` must work "
            f"(`apt-get update` first); elsewhere unpack that package (`ar x`, then `tar xf data.tar.xz`) and name the "
            "folder with --text."
        )


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``headings`` are those above it, the outermost first, the page's own title left out."""

    headings: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    slug: str
    title: str
    paragraphs: tuple[Paragraph, ...]


def fetch(folder: Path) -> Path:
    """Download and unpack the package into ``folder``, unless it is there. Raises ``NoDutchTextError``."""
    unpacked = folder / PACKAGE
    if (unpacked / _PAGES).is_dir():
        return unpacked
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise NoDutchTextError(f"there is no {tool} on this machine")
    folder.mkdir(parents=True, exist_ok=True)
    _run("apt-get", "download", PACKAGE, cwd=folder)
    packages = sorted(folder.glob(f"{PACKAGE}_*.deb"))
    _run("dpkg-deb", "-x", str(packages[-1]), str(unpacked), cwd=folder)
    return unpacked


def read_pages(unpacked: Path) -> list[Page]:
    """All pages that have a paragraph of their own; what stands in several is kept where it stands first.

    Raises ``NoDutchTextError`` when ``unpacked`` is no such package.
    """
    files = sorted((unpacked / _PAGES).rglob("*.html"))
    if not files:
        raise NoDutchTextError(f"{unpacked} has no {_PAGES}")
    seen: set[str] = set()
    pages = (_page(file.relative_to(unpacked / _PAGES), file.read_text("utf-8"), seen) for file in files)
    return [page for page in pages if page.paragraphs]


def _page(name: Path, html: str, seen: set[str]) -> Page:
    soup = BeautifulSoup(html, "html.parser")
    body = soup.find(id="DisplayArea")
    title = _words(soup.title) if soup.title else name.stem
    paragraphs = tuple(_unseen(_paragraphs(body, title), seen)) if isinstance(body, Tag) else ()
    return Page(name.with_suffix("").as_posix().replace("/", "-"), title, paragraphs)


def _paragraphs(body: Tag, title: str) -> Iterator[Paragraph]:
    open_headings: list[tuple[int, str]] = []
    for tag in body.find_all(["p", _HEADING]):
        text = _words(tag)
        if tag.name == "p":
            above = tuple(heading for _, heading in open_headings if heading != title)
            if len(_WORD.findall(text)) >= _FEWEST_WORDS and "code" not in " ".join(tag.get_attribute_list("class")):
                yield Paragraph(above, text)
        elif text:
            level = int(tag.name[1])
            open_headings = [each for each in open_headings if each[0] < level] + [(level, text)]


def _unseen(paragraphs: Iterable[Paragraph], seen: set[str]) -> Iterator[Paragraph]:
    for paragraph in paragraphs:
        if paragraph.text not in seen:
            seen.add(paragraph.text)
            yield paragraph


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().replace("\0", "").split())


def _run(*command: str, cwd: Path) -> None:
    try:
        subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        raise NoDutchTextError(f"{command[0]} says: {error.stderr.strip().splitlines()[-1:]}") from error
