"""MixesDB: tracklists of DJ sets, kept as MediaWiki wikitext.

`read_page` turns one page into a `Tracklist`; `WikitextFile`, `PagesJson` and
`ExportXml` do so for pages saved as files.
"""

from scrapers.mixesdb.page import read_page
from scrapers.mixesdb.pages import ExportXml, PagesJson, WikitextFile

__all__ = ["ExportXml", "PagesJson", "WikitextFile", "read_page"]
