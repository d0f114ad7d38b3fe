"""The fictional people of the sample studies: patients, and the radiologists who signed the original reports."""

from dataclasses import dataclass

ISSUER = "SRDEMO"
INSTITUTION = "Sample Hospital (fictional)"


@dataclass(frozen=True)
class Person:
    """A fictional patient. `name` is a DICOM PN (PS3.5 6.2), `birth_date` is YYYYMMDD, `sex` is F, M or O."""

    id: str
    name: str
    birth_date: str
    sex: str


@dataclass(frozen=True)
class Radiologist:
    """An author of reports, as the radiology information system knows them."""

    id: str
    family: str
    given: str
    prefix: str = "Dr."


MIRIAM = Person("SRD1001", "Hartwell^Miriam", "19610417", "F")
TOBIAS = Person("SRD1002", "Oyelaran^Tobias", "19700902", "M")
IRIS = Person("SRD1003", "Castellan^Iris", "19980621", "F")
ROSALIND = Person("SRD1004", "Vane^Rosalind", "19530305", "F")
GIDEON = Person("SRD1005", "Marlowe^Gideon", "19831130", "M")
ANSELM = Person("SRD1006", "Ferrow^Anselm", "19670812", "M")
LIV = Person("SRD1007", "Sørbye^Liv", "19640229", "F")
CASPER = Person("SRD1008", "Thornbury^Casper", "19551019", "M")
ELSA = Person("SRD1009", "Winterbourne^Elsa", "19840123", "F")

RADIOLOGISTS = {
    person.id: person
    for person in (
        Radiologist("R1001", "Okafor", "Ngozi"),
        Radiologist("R1002", "Lindqvist", "Erik"),
        Radiologist("R2001", "Marsh", "Adele"),
    )
}
