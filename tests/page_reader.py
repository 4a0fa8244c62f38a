"""What stands in a page."""

from html.parser import HTMLParser


class PageReader(HTMLParser):
    """The tags of a page, what it would fetch, and what a reader sees."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.ids: list[str] = []
        self.seen = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        addresses = [value or "" for name, value in attributes if name.split(":")[-1] in {"src", "href", "action"}]
        self.fetched += [address for address in addresses if not address.startswith("#")]
        self.ids += [value or "" for name, value in attributes if name == "id"]

    def handle_data(self, data: str) -> None:
        self.seen += data
