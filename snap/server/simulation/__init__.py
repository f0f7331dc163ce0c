"""A device that is not there: the inference process's messages and times, without weights."""
