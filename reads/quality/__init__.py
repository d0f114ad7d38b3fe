"""Honest numbers about second reads."""
