"""What the processor does otherwise than a graphics card."""

half_is_emulated = True  # float16 and bfloat16 are stored, and computed with as float32
