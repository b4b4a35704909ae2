"""The entry point of every process: what it writes is for its own user alone, then the app is created."""

import gc
import os

gc.disable()  # nothing that is imported is garbage, and looking for some takes a sixth of a start

from app.starting import start  # noqa: E402

os.umask(0o077)
app = start()
gc.freeze()
gc.enable()
