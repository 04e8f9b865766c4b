"""Nothing to say."""

VALUE = 1
