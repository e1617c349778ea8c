"""Small parts that pages are made of: records in, Dash components out."""
