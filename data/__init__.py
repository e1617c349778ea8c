"""What is kept: records, identity, harmony, the catalogue, playlists.

Knows no network and no model.
"""
