"""A graphics card made of the processor, on which kernels' sources run where there is none."""
