package io.rankstream.adapters.model;

/**
 * A frozen linear layer that carries triplets: {@code y = x Wᵀ + b} with W of shape (out, in).
 *
 * @param name path of the layer in the base model, e.g. {@code
 *     encoder.layer.0.attention.self.query}
 * @param in input features
 * @param out output features
 */
public record ModuleShape(String name, int in, int out) {}
