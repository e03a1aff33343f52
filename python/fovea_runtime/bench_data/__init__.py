"""How fast training gets its images."""
