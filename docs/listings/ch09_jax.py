import jax


def loss_fn(params):
    w, b = params
    return (w * 2.0 + b - 1.0) ** 2


gradient = jax.grad(loss_fn)  # a function, not yet a gradient
print(*gradient((1.5, 0.5)))
