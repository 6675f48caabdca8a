"""How far one distribution is from another."""

from ..ops import log
from ..tensors import Tensor
from .bernoulli import Bernoulli
from .categorical import Categorical
from .distribution import Distribution
from .normal import Normal


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    """E_p[log p - log q], in nats: 0 where they agree, never negative; shape of the batch.

    Raises:
        NotImplementedError: no closed form is known here for these two kinds.
    """
    if isinstance(p, Normal) and isinstance(q, Normal):
        ratio = (p.scale / q.scale) ** 2
        return 0.5 * (ratio + ((p.loc - q.loc) / q.scale) ** 2 - 1 - log(ratio))
    if isinstance(p, Categorical) and isinstance(q, Categorical):
        return (p.probs * (p.logits - q.logits)).sum(-1)
    if isinstance(p, Bernoulli) and isinstance(q, Bernoulli):
        return -p.entropy() - (p.probs * q.log_prob(p.probs * 0 + 1)
                               + (1 - p.probs) * q.log_prob(p.probs * 0))  # fmt: skip
    raise NotImplementedError(
        f"kl_divergence knows Normal, Categorical and Bernoulli with their own kind, not "
        f"{type(p).__name__} with {type(q).__name__}."
    )
