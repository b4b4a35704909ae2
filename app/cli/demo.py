"""`flask demo`: everything a first visit needs, in one command."""

from flask.cli import AppGroup

demo = AppGroup("demo", help="Prepare and run the demo.")
