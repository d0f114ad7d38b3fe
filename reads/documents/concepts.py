"""The coded concepts of the documents: DICOM's where there is one, ours (99SECREAD) where there is none."""

from __future__ import annotations

from reads.model.codes import Code, Side
from reads.model.finding import Certainty
from reads.model.read import ImageQuality

LOCAL = "99SECREAD"

AGREEMENT = Code("122775", "DCM", "Agreement with prior findings")
DISAGREEMENT = Code("122776", "DCM", "Disagreement with prior findings")
COMMENT = Code("121106", "DCM", "Comment")
FOR_PEER_REVIEW = Code("113008", "DCM", "For Peer Review")
REVIEWER = Code("C54634", "NCIt", "Reviewer")
LATERALITY = Code("272741003", "SCT", "Laterality")

COMPARISON = Code("COMPARISON", LOCAL, "Comparison with the original report")
DISCREPANCY_TYPE = Code("DISCREPANCY", LOCAL, "Type of discrepancy")
DISCREPANCY_ID = Code("DISCREPANCYID", LOCAL, "Number of the discrepancy")
DISCREPANCY_SCORE = Code("SCORE", LOCAL, "Score of the comparison")
CAUSE = Code("CAUSE", LOCAL, "Presumed cause of the discrepancy")
CERTAINTY = Code("CERTAINTY", LOCAL, "Certainty of the reader")
QUALITY_OF_IMAGES = Code("IMAGEQUALITY", LOCAL, "Quality of the images")
STATEMENT = Code("STATEMENT", LOCAL, "Statement of the original report")
ROW_NOTE = Code("NOTE", LOCAL, "Note on the comparison")
SCORE_COMMENT = Code("SCORECOMMENT", LOCAL, "Comment on the score")
SECOND_READ = Code("SECONDREAD", LOCAL, "Independent second read")
NO_ABNORMALITY = Code("NOABNORMALITY", LOCAL, "No abnormality found by the second reader")
NOT_IN_READ = Code("NOTINREAD", LOCAL, "Statement without a finding of the second reader")
GREAT_CALL = Code("GOOD", LOCAL, "Great call (positive feedback)")
ACTIONABLE = Code("ACTIONABLE", LOCAL, "Actionable finding category")

CERTAINTIES = {
    Certainty.DEFINITE: Code("DEFINITE", LOCAL, "Definite"),
    Certainty.PROBABLE: Code("PROBABLE", LOCAL, "Probable"),
    Certainty.POSSIBLE: Code("POSSIBLE", LOCAL, "Possible"),
}
SIDES = {  # CID 244, and Median of CID 2
    Side.RIGHT: Code("24028007", "SCT", "Right"),
    Side.LEFT: Code("7771000", "SCT", "Left"),
    Side.BILATERAL: Code("51440002", "SCT", "Bilateral"),
    Side.MIDLINE: Code("260528009", "SCT", "Median"),
}
QUALITIES = {  # CID 7036
    ImageQuality.DIAGNOSTIC: Code("RID12", "RADLEX", "Diagnostic quality"),
    ImageQuality.LIMITED: Code("RID13", "RADLEX", "Limited quality"),
    ImageQuality.NON_DIAGNOSTIC: Code("RID14", "RADLEX", "Non-diagnostic quality"),
}
ACTIONABLE_CATEGORIES = {  # CID 7035
    1: Code("RID49480", "RADLEX", "ACR Category 1 Actionable Finding"),
    2: Code("RID49481", "RADLEX", "ACR Category 2 Actionable Finding"),
    3: Code("RID49482", "RADLEX", "ACR Category 3 Actionable Finding"),
}
