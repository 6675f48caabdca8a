"""A graph convolution over a small network of friends, with a sparse-free adjacency matrix."""

import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.parameter import Parameter

NODES, FEATURES, CLASSES = 40, 12, 3


class GraphConvolution(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(torch.empty(in_features, out_features))
        if bias:
            self.bias = Parameter(torch.empty(out_features))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        stdv = 1.0 / math.sqrt(self.weight.size(1))
        self.weight.data.uniform_(-stdv, stdv)
        if self.bias is not None:
            self.bias.data.uniform_(-stdv, stdv)

    def forward(self, input, adj):
        support = torch.mm(input, self.weight)
        output = torch.mm(adj, support)
        if self.bias is not None:
            return output + self.bias
        return output

    def __repr__(self):
        return f"{self.__class__.__name__} ({self.in_features} -> {self.out_features})"


class GCN(nn.Module):
    def __init__(self, nfeat, nhid, nclass, dropout):
        super().__init__()
        self.gc1 = GraphConvolution(nfeat, nhid)
        self.gc2 = GraphConvolution(nhid, nclass)
        self.dropout = dropout

    def forward(self, x, adj):
        x = F.relu(self.gc1(x, adj))
        x = F.dropout(x, self.dropout, training=self.training)
        x = self.gc2(x, adj)
        return F.log_softmax(x, dim=1)


def load_data():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, CLASSES, NODES)
    same = labels[:, None] == labels[None, :]
    links = rng.random((NODES, NODES)) < np.where(same, 0.25, 0.03)
    adj = torch.tensor(links | links.T).float()
    adj.fill_diagonal_(1.0)
    degree = adj.sum(1)
    d_inv_sqrt = torch.pow(degree, -0.5)
    d_inv_sqrt[torch.isinf(d_inv_sqrt)] = 0.0
    adj = torch.diag(d_inv_sqrt) @ adj @ torch.diag(d_inv_sqrt)
    features = torch.FloatTensor(rng.normal(size=(NODES, FEATURES)) + labels[:, None] * 0.5)
    features = features / features.norm(dim=1, keepdim=True).clamp(min=1e-6)
    labels = torch.LongTensor(labels)
    idx_train, idx_test = torch.arange(24), torch.arange(24, NODES)
    return adj, features, labels, idx_train, idx_test


def accuracy(output, labels):
    preds = output.max(1)[1].type_as(labels)
    correct = preds.eq(labels).double()
    return correct.sum() / len(labels)


def build():
    return GCN(FEATURES, 16, CLASSES, dropout=0.0)


def train(model, steps=20):
    adj, features, labels, idx_train, idx_test = load_data()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)
    losses = []
    for _ in range(steps):
        model.train()
        optimizer.zero_grad()
        output = model(features, adj)
        loss_train = F.nll_loss(output[idx_train], labels[idx_train])
        loss_train.backward()
        optimizer.step()
        losses.append(loss_train.item())
    model.eval()
    output = model(features, adj)
    losses.append(F.nll_loss(output[idx_test], labels[idx_test]).item())
    losses.append(accuracy(output[idx_test], labels[idx_test]).item())
    return losses


if __name__ == "__main__":
    torch.manual_seed(42)
    print(train(build(), 200)[::20])
