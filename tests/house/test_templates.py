"""Every template compiles, escapes what it prints, and is used."""

from flask import Flask

from tests.house.tree import ROOT, below, texts


def test_every_template_compiles(app: Flask) -> None:
    names = [
        str(path.relative_to(ROOT / "templates")) for path in below("templates", endings=(".html", ".txt", ".svg"))
    ]
    assert len(names) > 20, "the search found almost nothing, so it proves nothing"
    for name in names:
        app.jinja_env.get_template(name)


def test_no_template_turns_escaping_off() -> None:
    for path in below("templates"):
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", ""), path
        assert "autoescape" not in text, path


def test_every_template_is_used() -> None:
    names = {str(path.relative_to(ROOT / "templates")) for path in below("templates", endings=(".html", ".txt"))}
    code = "".join(text for name, text in texts() if name.startswith(("app/", "templates/")))
    unused = {
        name
        for name in names
        if f'"{name}"' not in code and f'f"{name.rpartition("/")[0]}/{{' not in code  # by its name, or one of a series
    }
    assert unused == set()
