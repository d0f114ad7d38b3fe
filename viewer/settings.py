"""What a site may set: defaults, then DIR/secondread.toml, then the environment, then the command line."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from reads.model.errors import Permanent

FILE_NAME = "secondread.toml"
Port = Annotated[int, Field(ge=0, le=65535)]


class Group(BaseModel):
    """Settings that belong together; frozen, and a name that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DicomSettings(Group):
    """The DICOM receiver."""

    host: str = Field("127.0.0.1", description="Address that the DICOM receiver listens on.")
    port: Port = Field(11112, description="TCP port of the DICOM receiver; 0 takes a free one.")
    ae_title: str = Field("SECONDREAD", min_length=1, max_length=16, description="Our application entity title.")
    maximum_associations: int = Field(100, ge=1, description="Associations open at one time; more are rejected.")


class Hl7Settings(Group):
    """The HL7 v2 listener."""

    host: str = Field("127.0.0.1", description="Address that the HL7 listener (MLLP) listens on.")
    port: Port = Field(2575, description="TCP port of the HL7 listener; 0 takes a free one.")
    accession_from: tuple[str, ...] = Field(
        ("OBR-18", "OBR-3", "OBR-19"),
        description="Fields that may hold the accession number; the first with text counts.",
    )


class HttpSettings(Group):
    """The web application."""

    host: str = Field("127.0.0.1", description="Address that the web application listens on.")
    port: Port = Field(8080, description="TCP port of the web application; 0 takes a free one.")
    threads: int = Field(8, ge=1, le=256, description="Threads that answer requests.")
    trusted_https: bool = Field(
        False,
        description="True behind a proxy that ends TLS: cookies are marked Secure and its forwarded headers count.",
    )


class ArchiveSettings(Group):
    """The clinical archive (Orthanc)."""

    url: str = Field("", description="URL of the hospital's own Orthanc; empty starts one that belongs to the service.")
    username: str = Field("", description="User name at that Orthanc.")
    password: SecretStr = Field(SecretStr(""), description="Password at that Orthanc.")
    folder: Path | None = Field(
        None,
        description="Storage folder of that Orthanc if it is on this machine; images there are synced to the disk.",
    )
    stable_age_s: int = Field(
        5, ge=1, description="Seconds without a new image after which a study counts as complete."
    )


class IntakeSettings(Group):
    """What happens to a study that arrives."""

    open_cases: bool = Field(True, description="Whether each study that arrives opens a case.")
    scheme: str = Field("radpeer2016", description="Scoring scheme of new cases.")
    due_days: int = Field(3, ge=1, description="Days until a new case is due.")


class SessionSettings(Group):
    """How long somebody stays signed in."""

    idle_min: int = Field(15, ge=1, description="Minutes without a request after which a session ends.")
    max_h: int = Field(12, ge=1, description="Hours after which every session ends.")


class Settings(BaseSettings):
    """All settings of one running service, frozen. Nothing else in the product reads the environment."""

    model_config = SettingsConfigDict(
        env_prefix="SECONDREAD_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        nested_model_default_partial_update=True,
    )

    data: Path = Field(Path("data"), description="Folder that holds all data of the service.")
    organization: str = Field(
        "Second Read", min_length=1, description="Whose review this is; printed on its documents."
    )
    database_url: str = Field(
        "", description="SQLAlchemy URL of the reads database; empty is SQLite in the data folder."
    )
    jobs_database_url: str = Field("", description="SQLAlchemy URL of the jobs; empty is SQLite in the data folder.")
    dicom: DicomSettings = DicomSettings()
    hl7: Hl7Settings = Hl7Settings()
    http: HttpSettings = HttpSettings()
    archive: ArchiveSettings = ArchiveSettings()
    intake: IntakeSettings = IntakeSettings()
    session: SessionSettings = SessionSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, then environment, then the file in the data folder that those two name."""
        del dotenv_settings, file_secret_settings
        if not isinstance(init_settings, InitSettingsSource):  # pragma: no cover
            raise TypeError("the first source is the command line")
        named = init_settings.init_kwargs.get("data") or env_settings().get("data") or cls.model_fields["data"].default
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(named) / FILE_NAME)

    @property
    def reads_url(self) -> str:
        """SQLAlchemy URL of the reads database."""
        return self.database_url or f"sqlite:///{self.data / 'reads.sqlite'}"

    @property
    def jobs_url(self) -> str:
        """SQLAlchemy URL of the jobs database."""
        return self.jobs_database_url or f"sqlite:///{self.data / 'jobs.sqlite'}"

    @property
    def owns_archive(self) -> bool:
        """Whether `serve` starts an Orthanc of its own."""
        return not self.archive.url


def load(data: Path | None = None, **command_line: dict[str, Any]) -> Settings:
    """Read the settings.

    Parameters
    ----------
    data
        The data folder, or None to take it from the environment or the default.
    command_line
        A group's name and what the command line says about it; a value of None says nothing.

    Raises
    ------
    Permanent
        When a setting is unknown or has an impossible value, with a sentence that names it.
    """
    given: dict[str, Any] = {}
    if data is not None:
        given["data"] = data
    for group, values in command_line.items():
        said = {name: value for name, value in values.items() if value is not None}
        if said:
            given[group] = said
    try:
        settings = Settings(**given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise Permanent(f"The setting {name} cannot be used: {first['msg']}; see docs/operate.md.") from None
    except tomllib.TOMLDecodeError as error:
        raise Permanent(f"{FILE_NAME} in the data folder is not valid TOML: {error}.") from None
    return settings.model_copy(update={"data": settings.data.absolute()})


def names() -> dict[str, str]:
    """Each setting by its dotted name, and what it is for; the documentation is held to this."""
    found: dict[str, str] = {}
    for name, field in Settings.model_fields.items():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, Group):
            found |= {f"{name}.{inner}": str(f.description) for inner, f in group.model_fields.items()}
        else:
            found[name] = str(field.description)
    return found


def child_environment(url: str, username: str, password: str, folder: Path | None) -> dict[str, str]:
    """This process's environment, and in it the way to the archive, for a child process."""
    way = {
        "SECONDREAD_ARCHIVE__URL": url,
        "SECONDREAD_ARCHIVE__USERNAME": username,
        "SECONDREAD_ARCHIVE__PASSWORD": password,
    }
    return os.environ | way | ({"SECONDREAD_ARCHIVE__FOLDER": str(folder)} if folder else {})
