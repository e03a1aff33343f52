"""The layouts of checkpoints: one file for each code base that publishes or writes them."""
