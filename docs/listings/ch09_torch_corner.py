import torch

corners = {
    "torch.relu": torch.relu,
    "torch.maximum": lambda x: torch.maximum(x, torch.tensor(0.0)),
    "torch.clamp": lambda x: torch.clamp(x, min=0.0),
}
for name, corner in corners.items():
    x = torch.tensor(0.0, requires_grad=True)
    corner(x).backward()
    print(name, x.grad.item())
