"""DICOM in: C-ECHO and C-STORE (PS3.4 A and B)."""
