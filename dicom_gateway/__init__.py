"""Everything that talks to machines: DICOM in and out, HL7 in, the archive. Knows nothing of users or pages."""
