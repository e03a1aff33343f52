"""Times of a kernel file beside what a user would pick instead, behind a correctness gate."""
