package io.rankstream.adapters.weights.safetensors;

/**
 * One tensor of a header.
 *
 * @param type element type
 * @param shape length of each dimension
 * @param begin offset of its first byte in the data that follows the header
 * @param end offset after its last byte
 */
record TensorEntry(ElementType type, long[] shape, long begin, long end) {}
