"""What is learned: arrays in, arrays out. No SQL, no HTTP, no Dash."""
