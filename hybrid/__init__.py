"""What answers: resolve, gather, fuse, filter, explain."""
