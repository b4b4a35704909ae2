"""The README's table says what the settings class says, word for word."""

from pydantic import SecretStr

from app.config import Settings
from tests.house.tree import ROOT


def shown(default: object) -> str:
    """A default as the table prints it."""
    plain = default.get_secret_value() if isinstance(default, SecretStr) else default
    text = str(plain).lower() if isinstance(plain, bool) else str(plain)
    return f"`{text}`" if text else "empty"


def test_the_table_of_settings_is_true() -> None:
    expected = [
        f"| `EYES_{name.upper()}` | {shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in readme if line.startswith("| `EYES_")] == expected
