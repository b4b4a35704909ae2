"""The WSGI entry point: create the app, nothing else."""

from app import create_app

app = create_app()
