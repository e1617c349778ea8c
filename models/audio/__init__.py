"""What a file sounds like: decoding, tempo, key, loudness, energy."""
