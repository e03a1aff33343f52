"""Networks in the formats of other tools, each read back and compared before it is kept."""
