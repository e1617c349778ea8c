"""Signing in to Spotify: the ways of a browser there and back."""
