"""A compared case as documents: DICOM SR and key objects, PDF, CSV. Values in, bytes out."""
