"""The site: guides, lessons with their answers and pictures, and every public name of minidl."""
