"""A campaign: curated, dated, with the sites that may embed it."""
