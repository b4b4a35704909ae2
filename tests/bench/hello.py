"""The least a Flask application can answer: what the gallery is measured against."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """One word."""
    return "hello"
