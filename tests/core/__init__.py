"""The core: primitives, the tape, tensors, transforms, paper."""
