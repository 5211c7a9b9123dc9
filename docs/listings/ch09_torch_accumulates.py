import torch

w = torch.tensor(1.5, requires_grad=True)
b = torch.tensor(0.5, requires_grad=True)
for _ in range(2):
    loss = (w * 2.0 + b - 1.0) ** 2
    loss.backward()
    print(w.grad, b.grad)
