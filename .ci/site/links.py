"""Looks for links in a directory of HTML that lead nowhere.

    links.py DIRECTORY

Pages elsewhere are not asked for.
"""

import html.parser
import pathlib
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    """What a page has links to, and what can be linked to in it."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = [], {""}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("href", "src"):
                self.links.append(value)
            elif name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)


def dead_links(root):
    pages = {path: Page(path) for path in sorted(root.rglob("*.html"))}
    for path, page in pages.items():
        for link in page.links:
            url = urllib.parse.urlsplit(link)
            if url.scheme or url.netloc:
                continue
            target = (path.parent / urllib.parse.unquote(url.path)).resolve() if url.path else path
            anchor = urllib.parse.unquote(url.fragment)
            if not target.is_file() or target in pages and anchor not in pages[target].anchors:
                yield f"{path.relative_to(root)}: {link}"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    dead = list(dead_links(root))
    for link in dead:
        print("links nowhere:", link, file=sys.stderr)
    count = len(list(root.rglob("*.html")))
    print(f"links: {count} pages, {len(dead)} dead links")
    sys.exit(1 if dead or not count else 0)


main()
