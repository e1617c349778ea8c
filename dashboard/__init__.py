"""What a person touches: the pages, the `segue` command."""
