"""The web part: pages, API and DICOMweb on Flask."""
