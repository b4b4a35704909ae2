"""The demo's material: made-up stories, drawings painted by code, synthetic recordings; no child made any."""
