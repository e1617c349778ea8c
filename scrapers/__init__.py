"""What comes in: one file per source, each turning a foreign format into records."""
