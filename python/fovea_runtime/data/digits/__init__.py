"""`digits`: seeded scenes composed from scikit-learn's scanned digits (docs/digits.md)."""
