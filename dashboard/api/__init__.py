"""The JSON API, and the shapes that it shares with the command line."""
