"""HL7 v2 over MLLP: original reports in (ORU^R01, 2.3 to 2.7), acknowledged when they are committed."""
