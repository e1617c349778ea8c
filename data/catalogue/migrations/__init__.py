"""Schema migrations, run by `Catalogue.open`.

A change to `data.catalogue.tables`, `tables_sound`, `tables_work` or `tables_outside` comes with a
new file in ``versions/``, named after its revision, and moves `REVISION` to it.
"""

REVISION = "0005"
"""The schema that this Segue reads and writes."""

VERSION_TABLE = "segue_schema"
"""Table that holds the revision of a database."""
