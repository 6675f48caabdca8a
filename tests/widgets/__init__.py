"""The widgets without a browser: messages in, messages and pictures out."""
