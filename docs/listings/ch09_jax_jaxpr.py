import jax


def loss_fn(w, b):
    return (w * 2.0 + b - 1.0) ** 2


print(jax.make_jaxpr(loss_fn)(1.5, 0.5))
