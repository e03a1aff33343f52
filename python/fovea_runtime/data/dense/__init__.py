"""Images with dense targets: masks for segmentation, boxes for detection."""
