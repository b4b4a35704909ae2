"""The entry point of every process: what it writes is for its own user alone, then the app is created."""

import os

from app import create_app

os.umask(0o077)
app = create_app()
