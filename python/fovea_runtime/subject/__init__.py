"""Networks with their weights, wherever both come from: what is evaluated and looked into."""
