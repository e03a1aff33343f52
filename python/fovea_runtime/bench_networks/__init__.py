"""Times of whole networks beside models of timm, in training and in inference."""
