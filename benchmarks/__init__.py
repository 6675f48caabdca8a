"""What minidl costs, measured. Nothing here passes or fails; it prints."""
