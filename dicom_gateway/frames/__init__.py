"""What the browser reads: series metadata, frames, thumbnails, pictures and electrocardiograms."""
