package io.rankstream.adapters.weights.safetensors;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Builds a safetensors file of floats. The same tensors give the same bytes: they are written in
 * the order of their names, whatever order they came in. Not thread-safe.
 */
public final class SafetensorsWriter {

    /** The data begins at a multiple of this, for readers that map it. */
    private static final int ALIGNMENT = 8;

    private record Tensor(int[] shape, float[] values) {}

    private final FloatType type;
    private final TreeMap<String, Tensor> tensors = new TreeMap<>();
    private final TreeMap<String, String> metadata = new TreeMap<>();

    /** A file of 32-bit floats, which keeps every bit. */
    public SafetensorsWriter() {
        this(FloatType.F32);
    }

    /** A file whose tensors are all of {@code type}. */
    public SafetensorsWriter(FloatType type) {
        this.type = type;
        // What torch's loaders look for.
        metadata.put("format", "pt");
    }

    /** Adds free text, which readers of tensors pass over. */
    public SafetensorsWriter metadata(String key, String text) {
        metadata.put(key, text);
        return this;
    }

    /**
     * Adds one tensor. Arrays are not copied.
     *
     * @param shape length of each dimension, 0 allowed
     * @param values row-major, as many as the product of {@code shape}
     * @throws IllegalArgumentException if the name is taken or the length is not the shape's
     */
    public SafetensorsWriter put(String name, int[] shape, float[] values) {
        long expected = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
        if (values.length != expected) {
            throw new IllegalArgumentException(
                    "the tensor '"
                            + name
                            + "' of shape "
                            + Arrays.toString(shape)
                            + " was given "
                            + values.length
                            + " values, expected "
                            + expected);
        }
        if (name.equals(Header.METADATA)
                || tensors.putIfAbsent(name, new Tensor(shape, values)) != null) {
            throw new IllegalArgumentException("the tensor name '" + name + "' is taken");
        }
        return this;
    }

    /**
     * The file's content.
     *
     * @throws ArithmeticException if it would exceed 2 GiB
     * @throws IllegalArgumentException if a finite value is too large for the type of the file
     */
    public byte[] toBytes() {
        byte[] header = header();
        int padded = (header.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer file =
                ByteBuffer.allocate(Math.toIntExact(Long.BYTES + padded + dataLength()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(padded).put(header);
        while (file.position() < Long.BYTES + padded) {
            file.put((byte) ' ');
        }
        tensors.forEach((name, tensor) -> type.encode(name, tensor.values(), file));
        return file.array();
    }

    private long dataLength() {
        return tensors.values().stream()
                .mapToLong(tensor -> (long) tensor.values().length * type.bytes())
                .sum();
    }

    private byte[] header() {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        ObjectNode texts = header.putObject(Header.METADATA);
        metadata.forEach(texts::put);
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            long end = offset + (long) entry.getValue().values().length * type.bytes();
            ObjectNode tensor = header.putObject(entry.getKey());
            tensor.put("dtype", type.name());
            ArrayNode shape = tensor.putArray("shape");
            Arrays.stream(entry.getValue().shape()).forEach(shape::add);
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        return header.toString().getBytes(StandardCharsets.UTF_8);
    }
}
