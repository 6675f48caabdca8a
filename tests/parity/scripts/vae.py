"""A variational auto-encoder of handwritten digits."""

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn, optim
from torch.nn import functional as F

NOISE = np.random.default_rng(1)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(64, 40)
        self.fc21 = nn.Linear(40, 4)
        self.fc22 = nn.Linear(40, 4)
        self.fc3 = nn.Linear(4, 40)
        self.fc4 = nn.Linear(40, 64)

    def encode(self, x):
        h1 = F.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.from_numpy(NOISE.standard_normal(std.shape)).to(std)
        return mu + eps * std

    def decode(self, z):
        h3 = F.relu(self.fc3(z))
        return torch.sigmoid(self.fc4(h3))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, 64))
        z = self.reparameterize(mu, logvar)
        return self.decode(z), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    BCE = F.binary_cross_entropy(recon_x, x.view(-1, 64), reduction="sum")
    KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return BCE + KLD


def build():
    return VAE()


def train(model, steps=20):
    global NOISE
    NOISE = np.random.default_rng(1)
    data = torch.tensor(load_digits().data / 16.0, dtype=torch.float32)
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    model.train()
    losses = []
    for batch in data.split(64)[:steps]:
        optimizer.zero_grad()
        recon_batch, mu, logvar = model(batch)
        loss = loss_function(recon_batch, batch, mu, logvar)
        loss.backward()
        losses.append(loss.item() / len(batch))
        optimizer.step()
    with torch.no_grad():
        sample = model.decode(torch.linspace(-2, 2, 12).reshape(3, 4)).cpu()
        losses += sample.view(3, 1, 8, 8).mean((1, 2, 3)).tolist()
    return losses


if __name__ == "__main__":
    torch.manual_seed(1)
    print(train(build(), 28))
