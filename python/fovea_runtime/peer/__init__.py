"""Models of timm as peers: what is trained, counted and timed beside networks of our own."""
