"""From Python code to a graph: tracing on paper, and walks over what was written."""

from .graph import Call as Call, Graph as Graph, Symbol as Symbol
from .paper import Paper as Paper
from .tracing import trace as trace
