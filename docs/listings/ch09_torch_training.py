import torch

x, y = torch.tensor([[2.0]]), torch.tensor([[1.0]])
model = torch.nn.Linear(1, 1)
torch.nn.init.constant_(model.weight, 1.5)
torch.nn.init.constant_(model.bias, 0.5)
loss_fn = torch.nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)

for _ in range(3):
    loss = loss_fn(model(x), y)
    print(loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
