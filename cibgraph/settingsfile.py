"""Settings read from cib.toml, then the environment, then flags, and resolved once; the first cib.toml."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cibgraph.settings import Settings
from cypher.errors import UsageError

#: Variables with the names that Neo4j's own tools use, and the setting each stands for.
_NEO4J_VARIABLES: Final = {
    "NEO4J_URI": ("neo4j", "uri"),
    "NEO4J_USERNAME": ("neo4j", "username"),
    "NEO4J_DATABASE": ("neo4j", "database"),
}


#: Where pydantic's own words are those of Python, not of TOML.
_WORDS: Final = {
    "tuple_type": 'it must be a list, such as ["a", "b"]',
    "dict_type": "it must be a table, such as { name = 1 }",
    "too_short": "it must not be empty",
}


def read_settings(
    file: Path, environment: Mapping[str, str], flags: Mapping[str, Mapping[str, Any]] | None = None
) -> Settings:
    """Return the settings of a workspace: the file's, overridden by the environment's, overridden by flags.

    Args:
        file: The cib.toml.
        environment: `NEO4J_URI`, `NEO4J_USERNAME`, `NEO4J_DATABASE`; `CIB_<SECTION>_<SETTING>` for any.
        flags: Values by section and setting; None where a flag was not given.

    Raises:
        UsageError: The file is no TOML, or a setting is unknown or not allowed; says which, and where from.
    """
    values = _read_toml(file)
    for section in Settings.model_fields:
        if not isinstance(values.setdefault(section, {}), dict):
            raise UsageError(f"{file}: {section} must be a section: write [{section}]")
    if "password" in values["neo4j"]:
        raise UsageError(
            f"{file} holds a password ([neo4j] password)",
            "Remove it, and set the environment variable NEO4J_PASSWORD: settings get shared.",
        )
    origins: dict[tuple[str, ...], str] = {}
    given = {
        (section, name): (
            _parse(value, section, name) if isinstance(value, str) else value,
            f"--set {name}={value}",
        )
        for section, changed in (flags or {}).items()
        for name, value in changed.items()
        if value is not None
    }
    for (section, name), (value, origin) in (_from_environment(environment) | given).items():
        values[section][name] = value
        origins[section, name] = origin
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise _explain(error, file, origins) from None


def parse_changes(texts: Sequence[str]) -> dict[str, Any]:
    """Return the settings that `NAME=VALUE` texts name, for `read_settings`.

    Raises:
        UsageError: A text is not of this form.
    """
    found: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"--set {text} is not NAME=VALUE", "For example: --set seed=7")
        found[name.strip()] = value.strip()
    return found


def template(inputs: Sequence[str] = ()) -> str:
    """Return a cib.toml in which every setting stands with its meaning and its default, as a comment.

    Args:
        inputs: Paths to set as `[inputs] paths`.
    """
    lines = [
        "# Settings of a cibgraph workspace. A line without its leading `#` takes effect.",
        "# The environment variable CIB_<SECTION>_<SETTING>, e.g. CIB_EXPORT_OUT, overrides a setting.",
    ]
    for section, field in Settings.model_fields.items():
        model = field.annotation
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            raise TypeError(f"section {section} is no model")
        about = " ".join((model.__doc__ or "").split("\n\n")[0].split())
        lines += ["", f"[{section}]", f"# {about}"]
        for name, setting in model.model_fields.items():
            lines.append(f"# {setting.description or name}")
            if inputs and (section, name) == ("inputs", "paths"):
                lines.append(f"paths = {_toml(inputs)}")
                continue
            value = setting.get_default(call_default_factory=True)
            lines.append(f"#{name} = {_toml(value)}" if value is not None else f'#{name} = ""')
    return "\n".join(lines) + "\n"


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{file} is not valid TOML: {error}", "`cib init` in a new folder writes one to compare with."
        ) from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 text (byte {error.start})", "Save it as UTF-8.") from None


def _from_environment(environment: Mapping[str, str]) -> dict[tuple[str, str], tuple[Any, str]]:
    found: dict[tuple[str, str], tuple[Any, str]] = {}
    for variable, text in environment.items():
        place = _NEO4J_VARIABLES.get(variable)
        if place is None and variable.startswith("CIB_"):
            section, _, name = variable.removeprefix("CIB_").lower().partition("_")
            place = (section, name) if name and section in Settings.model_fields else None
        if place is None or not text:
            continue
        found[place] = (_parse(text, *place), variable)
    return found


def _parse(text: str, section: str, name: str) -> Any:
    """Return the value of a variable: JSON, `a,b` where a list is wanted, else the text itself."""
    if text[:1] in "[{":
        try:
            return json.loads(text)
        except ValueError:
            return text
    model = Settings.model_fields[section].annotation
    field = getattr(model, "model_fields", {}).get(name)
    default = field.get_default(call_default_factory=True) if field is not None else None
    return [part.strip() for part in text.split(",")] if isinstance(default, tuple | list) else text


def _explain(error: ValidationError, file: Path, origins: Mapping[tuple[str, ...], str]) -> UsageError:
    details = error.errors()
    # Of a list with a wrong item, pydantic also says that it is too short.
    inner = {detail["loc"][:-1] for detail in details}
    lines = [_explain_one(detail, file, origins) for detail in details if detail["loc"] not in inner]
    return UsageError(
        "; ".join(lines), "`cib init` in a new folder writes a cib.toml with every setting and its meaning."
    )


def _explain_one(detail: ErrorDetails, file: Path, origins: Mapping[tuple[str, ...], str]) -> str:
    place = tuple(str(part) for part in detail["loc"])
    where = origins.get(place[:2], str(file))
    name = f"[{place[0]}] {'.'.join(place[1:])}" if len(place) > 1 else f"[{place[0]}]"
    if detail["type"] == "extra_forbidden":
        model = Settings if len(place) == 1 else Settings.model_fields[place[0]].annotation
        known = ", ".join(getattr(model, "model_fields", {}))
        return f"{where}: there is no setting {name}; known are {known}"
    if detail["type"] == "login":
        # What was given is not repeated: it holds a password.
        return f"{where}: {name}: {detail['msg']}; set NEO4J_USERNAME and NEO4J_PASSWORD instead"
    why = _WORDS.get(detail["type"], detail["msg"].lower())
    return f"{where}: {name} = {detail['input']!r} is not allowed: {why}"


def _toml(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple | list | set | frozenset):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(key)} = {_toml(item)}' for key, item in value.items())} }}"
    raise TypeError(f"{value!r} cannot be written as TOML")
