"""The product as `wsgi` makes it, with quick hashes and templates that are compiled once: what `live.Quick` serves."""

import os

from jinja2 import FileSystemBytecodeCache

from app.people import hashes
from wsgi import app

__all__ = ["app"]

hashes.SCRYPT_COST = 2**4
app.jinja_env.bytecode_cache = FileSystemBytecodeCache(os.environ["TEMPLATE_CACHE"])
