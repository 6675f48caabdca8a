"""The benchmark's models, written once: each is a function of `m`, which is minidl or torch."""

from __future__ import annotations

from typing import Any


def perceptron(m: Any, widths: tuple[int, ...], **_: int) -> Any:
    """Linear layers with relu between them: (batch, first width) -> (batch, last width)."""
    layers = []
    for inputs, outputs in zip(widths, widths[1:], strict=False):
        layers += [m.nn.Linear(inputs, outputs), m.nn.ReLU()]
    return m.nn.Sequential(*layers[:-1])


def small_convolutions(m: Any, side: int, channels: int, classes: int, **_: int) -> Any:
    """Two padded convolutions, pooling, one linear layer: (batch, 1, side, side) -> logits."""
    nn = m.nn
    return nn.Sequential(
        nn.Conv2d(1, channels, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(channels, 2 * channels, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(2 * channels * (side // 2) ** 2, classes),
    )


def convolutions(m: Any, side: int, channels: int, width: int, classes: int, **_: int) -> Any:
    """Two convolutions, pooling, two linear layers: (batch, 1, side, side) -> logits."""
    nn = m.nn
    return nn.Sequential(
        nn.Conv2d(1, channels, 3),
        nn.ReLU(),
        nn.Conv2d(channels, 2 * channels, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(2 * channels * ((side - 4) // 2) ** 2, width),
        nn.ReLU(),
        nn.Linear(width, classes),
    )


def residual(m: Any, channels: int, classes: int, **_: int) -> Any:
    """Two residual blocks with batch norm, the second of twice the channels and half the side."""
    nn = m.nn

    return nn.Sequential(
        nn.Conv2d(3, channels, 3, padding=1, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        residual_block(m, channels, channels, 1),
        residual_block(m, channels, 2 * channels, 2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(2 * channels, classes),
    )


def residual_block(m: Any, inputs: int, outputs: int, stride: int) -> Any:
    """Two convolutions with batch norm, and a path around them."""
    nn = m.nn

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(outputs)
            self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(outputs)
            self.shortcut = nn.Identity()
            if stride != 1 or inputs != outputs:
                self.shortcut = nn.Sequential(
                    nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
                )

        def forward(self, x: Any) -> Any:
            y = m.relu(self.bn1(self.conv1(x)))
            return m.relu(self.bn2(self.conv2(y)) + self.shortcut(x))

    return Block()


def resnet18(m: Any, classes: int, channels: int = 64, **_: int) -> Any:
    """ResNet-18: (batch, 3, side, side) -> logits.

    Source: He et al., "Deep Residual Learning for Image Recognition" (2016), table 1.
    """
    nn = m.nn
    blocks, inputs = [], channels
    for stage in range(4):
        outputs = channels << stage
        blocks += [residual_block(m, inputs, outputs, 2 if stage else 1)]
        blocks += [residual_block(m, outputs, outputs, 1)]
        inputs = outputs
    return nn.Sequential(
        nn.Conv2d(3, channels, 7, stride=2, padding=3, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.MaxPool2d(3, 2, 1),
        *blocks,
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(inputs, classes),
    )


def recurrent(m: Any, vocabulary: int, width: int, **_: int) -> Any:
    """Which character comes next, by an LSTM: (batch, length) -> (batch, length, vocabulary)."""
    nn = m.nn

    class Characters(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(vocabulary, width)
            self.lstm = nn.LSTM(width, width, batch_first=True)
            self.head = nn.Linear(width, vocabulary)

        def forward(self, x: Any) -> Any:
            h, _ = self.lstm(self.embedding(x))
            return self.head(h)

    return Characters()


def gpt(
    m: Any,
    vocabulary: int,
    length: int,
    width: int,
    heads: int,
    layers: int,
    tied: bool = False,
    **_: int,
) -> Any:
    """Which token comes next, by a decoder: (batch, length) -> (batch, length, vocabulary).

    tied: scores are products with the tokens' own embeddings, as in GPT-2.
    """
    nn, F = m.nn, m.nn.functional  # noqa: N806

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.c_attn = nn.Linear(width, 3 * width)
            self.c_proj = nn.Linear(width, width)

        def forward(self, x: Any) -> Any:
            B, T, C = x.shape  # noqa: N806
            q, k, v = self.c_attn(x).split(C, dim=2)
            q = q.view(B, T, heads, C // heads).transpose(1, 2)
            k = k.view(B, T, heads, C // heads).transpose(1, 2)
            v = v.view(B, T, heads, C // heads).transpose(1, 2)
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            return self.c_proj(y.transpose(1, 2).contiguous().view(B, T, C))

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.ln_1 = nn.LayerNorm(width)
            self.attn = Attention()
            self.ln_2 = nn.LayerNorm(width)
            self.mlp = nn.Sequential(
                nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
            )

        def forward(self, x: Any) -> Any:
            x = x + self.attn(self.ln_1(x))
            return x + self.mlp(self.ln_2(x))

    class GPT(nn.Module):
        def __init__(self):
            super().__init__()
            self.wte = nn.Embedding(vocabulary, width)
            self.wpe = nn.Embedding(length, width)
            self.h = nn.ModuleList([Block() for _ in range(layers)])
            self.ln_f = nn.LayerNorm(width)
            self.head = nn.Linear(width, vocabulary, bias=False)
            if tied:
                self.head.weight = self.wte.weight

        def forward(self, x: Any) -> Any:
            x = self.wte(x) + self.wpe(m.arange(x.shape[1], device=x.device))
            for block in self.h:
                x = block(x)
            return self.head(self.ln_f(x))

    return GPT()
