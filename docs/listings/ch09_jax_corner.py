import jax
import jax.numpy as jnp

corners = {
    "jax.nn.relu": jax.nn.relu,
    "jnp.maximum": lambda x: jnp.maximum(x, 0.0),
}
for name, corner in corners.items():
    print(name, float(jax.grad(corner)(0.0)))
