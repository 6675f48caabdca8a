"""A small GPT on a text: parameter groups, clipping, a cosine schedule, sampling with top-k."""

import math

import numpy as np
import torch
import torch.nn as nn
from torch.nn import functional as F

TEXT = "the cat sat on the mat and the dog sat on the log while the frog hid in the fog. " * 20
CHARS = sorted(set(TEXT))
ENCODE = {c: i for i, c in enumerate(CHARS)}
DATA = torch.tensor([ENCODE[c] for c in TEXT], dtype=torch.long)
VOCAB, BLOCK, WIDTH, HEADS, LAYERS, BATCH = len(CHARS), 24, 32, 4, 2, 8


class CausalSelfAttention(nn.Module):
    def __init__(self):
        super().__init__()
        assert WIDTH % HEADS == 0
        self.c_attn = nn.Linear(WIDTH, 3 * WIDTH)
        self.c_proj = nn.Linear(WIDTH, WIDTH)
        self.attn_dropout = nn.Dropout(0.0)
        mask = torch.tril(torch.ones(BLOCK, BLOCK)).view(1, 1, BLOCK, BLOCK)
        self.register_buffer("bias", mask)
        self.flash = False

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(WIDTH, dim=2)
        k = k.view(B, T, HEADS, C // HEADS).transpose(1, 2)
        q = q.view(B, T, HEADS, C // HEADS).transpose(1, 2)
        v = v.view(B, T, HEADS, C // HEADS).transpose(1, 2)
        if self.flash:
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=None, is_causal=True)
        else:
            att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
            att = att.masked_fill(self.bias[:, :, :T, :T] == 0, float("-inf"))
            att = F.softmax(att, dim=-1)
            y = self.attn_dropout(att) @ v
        y = y.transpose(1, 2).contiguous().view(B, T, C)
        return self.c_proj(y)


class Block(nn.Module):
    def __init__(self, flash):
        super().__init__()
        self.ln_1 = nn.LayerNorm(WIDTH)
        self.attn = CausalSelfAttention()
        self.attn.flash = flash
        self.ln_2 = nn.LayerNorm(WIDTH)
        self.mlp = nn.ModuleDict(
            dict(
                c_fc=nn.Linear(WIDTH, 4 * WIDTH),
                act=nn.GELU(),
                c_proj=nn.Linear(4 * WIDTH, WIDTH),
            )
        )

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        m = self.mlp
        return x + m.c_proj(m.act(m.c_fc(self.ln_2(x))))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.transformer = nn.ModuleDict(
            dict(
                wte=nn.Embedding(VOCAB, WIDTH),
                wpe=nn.Embedding(BLOCK, WIDTH),
                drop=nn.Dropout(0.0),
                h=nn.ModuleList([Block(flash=i % 2 == 1) for i in range(LAYERS)]),
                ln_f=nn.LayerNorm(WIDTH),
            )
        )
        self.lm_head = nn.Linear(WIDTH, VOCAB, bias=False)
        self.transformer.wte.weight = self.lm_head.weight
        self.apply(self._init_weights)
        for name, p in self.named_parameters():
            if name.endswith("c_proj.weight"):
                torch.nn.init.normal_(p, mean=0.0, std=0.02 / math.sqrt(2 * LAYERS))

    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            torch.nn.init.normal_(module.weight, mean=0.0, std=0.02)
            if module.bias is not None:
                torch.nn.init.zeros_(module.bias)
        elif isinstance(module, nn.Embedding):
            torch.nn.init.normal_(module.weight, mean=0.0, std=0.02)

    def forward(self, idx, targets=None):
        device = idx.device
        b, t = idx.size()
        assert t <= BLOCK, f"cannot look at {t} characters, the block is {BLOCK}"
        pos = torch.arange(0, t, dtype=torch.long, device=device)
        x = self.transformer.drop(self.transformer.wte(idx) + self.transformer.wpe(pos))
        for block in self.transformer.h:
            x = block(x)
        x = self.transformer.ln_f(x)
        if targets is None:
            return self.lm_head(x[:, [-1], :]), None
        logits = self.lm_head(x)
        loss = F.cross_entropy(
            logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index=-1
        )
        return logits, loss

    def configure_optimizers(self, weight_decay, learning_rate, betas):
        params = {n: p for n, p in self.named_parameters() if p.requires_grad}
        decay = [p for p in params.values() if p.dim() >= 2]
        rest = [p for p in params.values() if p.dim() < 2]
        groups = [
            {"params": decay, "weight_decay": weight_decay},
            {"params": rest, "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, lr=learning_rate, betas=betas)

    @torch.no_grad()
    def generate(self, idx, max_new_tokens, temperature=1.0, top_k=None):
        for _ in range(max_new_tokens):
            cond = idx if idx.size(1) <= BLOCK else idx[:, -BLOCK:]
            logits, _ = self(cond)
            logits = logits[:, -1, :] / temperature
            if top_k is not None:
                v, _ = torch.topk(logits, min(top_k, logits.size(-1)))
                logits[logits < v[:, [-1]]] = -float("Inf")
            probs = F.softmax(logits, dim=-1)
            idx_next = torch.multinomial(probs, num_samples=1)
            idx = torch.cat((idx, idx_next), dim=1)
        return idx


def get_batch(rng):
    ix = rng.integers(0, len(DATA) - BLOCK - 1, BATCH)
    x = torch.stack([DATA[int(i) : int(i) + BLOCK] for i in ix])
    y = torch.stack([DATA[int(i) + 1 : int(i) + 1 + BLOCK] for i in ix])
    return x, y


def build():
    return GPT()


def train(model, steps=20):
    rng = np.random.default_rng(0)
    optimizer = model.configure_optimizers(0.1, 3e-3, (0.9, 0.95))
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps, eta_min=3e-4)
    losses = []
    for _ in range(steps):
        X, Y = get_batch(rng)
        _, loss = model(X, Y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        losses.append(loss.item())
    model.eval()
    start = DATA[:5][None, :]
    greedy = model.generate(start, 12, top_k=1)
    losses += [float(i) for i in greedy[0].tolist()]
    varied = model.generate(start, 12, temperature=0.8, top_k=5)
    assert varied.shape == (1, 17)
    return losses


if __name__ == "__main__":
    torch.manual_seed(1337)
    net = build()
    print(train(net, 200)[::20])
    out = net.generate(DATA[:5][None, :], 80, temperature=0.8, top_k=5)
    print("".join(CHARS[i] for i in out[0].tolist()))
