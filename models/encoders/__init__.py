"""Encoders: what turns sound into vectors, one file each, one contract."""
