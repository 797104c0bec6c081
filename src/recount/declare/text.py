"""Words shown to people, in English and in Spanish."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "es")


class Declared(BaseModel):
    """Base of every declaration: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True)


class Text(Declared):
    """One text in both languages."""

    en: str
    es: str

    def in_language(self, language: Language) -> str:
        """Returns the text in `language`."""
        return self.en if language == "en" else self.es


def _same_in_both(value: Any) -> Any:
    return {"en": value, "es": value} if isinstance(value, str) else value


AnyText = Annotated[Text, BeforeValidator(_same_in_both, json_schema_input_type=str | Text)]
"""A text in both languages, or one text that stands for both (a user's own claim)."""
