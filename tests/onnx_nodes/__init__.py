"""ONNX's own node tests as an outside judge of what the operators compute."""
