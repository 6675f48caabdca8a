"""Changes every answer of the course in one place at a time, and asks whether its checks see it."""
