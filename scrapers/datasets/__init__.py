"""Collections of labelled sound to train and to measure encoders on, one file for each."""

from scrapers.datasets.dataset import Dataset, OnlineDataset
from scrapers.datasets.fma import Fma
from scrapers.datasets.folder import Folder
from scrapers.datasets.ncs import Ncs

#: Data sets that are fetched from the web, by the name a person asks for them with.
ONLINE: dict[str, type[OnlineDataset]] = {source.name: source for source in (Fma, Ncs)}

__all__ = ["ONLINE", "Dataset", "Fma", "Folder", "Ncs", "OnlineDataset"]
