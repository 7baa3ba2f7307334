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
import java.util.function.Consumer;

/**
 * Builds a safetensors file of floats and whole numbers. The same tensors give the same bytes: they
 * are written in the order of their names, whatever order they came in. Not thread-safe.
 */
public final class SafetensorsWriter {

    /** The data begins at a multiple of this, for readers that map it. */
    private static final int ALIGNMENT = 8;

    /**
     * A tensor to be written.
     *
     * @param bytes of its data
     * @param encode appends its data to a file
     */
    private record Tensor(String type, int[] shape, int bytes, Consumer<ByteBuffer> encode) {}

    private final FloatType type;
    private final TreeMap<String, Tensor> tensors = new TreeMap<>();
    private final TreeMap<String, String> metadata = new TreeMap<>();

    /** A file of 32-bit floats, which keeps every bit. */
    public SafetensorsWriter() {
        this(FloatType.F32);
    }

    /** A file whose tensors of floats are all of {@code type}. */
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
     * Adds one tensor of floats. Arrays are not copied.
     *
     * @param shape length of each dimension, 0 allowed
     * @param values row-major, as many as the product of {@code shape}
     * @throws IllegalArgumentException if the name is taken or the length is not the shape's
     */
    public SafetensorsWriter put(String name, int[] shape, float[] values) {
        requireLength(name, shape, values.length);
        return put(
                name,
                new Tensor(
                        type.name(),
                        shape,
                        Math.multiplyExact(values.length, type.bytes()),
                        file -> type.encode(name, values, file)));
    }

    /** As {@link #put(String, int[], float[])}, of whole numbers of 32 bits. */
    public SafetensorsWriter put(String name, int[] shape, int[] values) {
        requireLength(name, shape, values.length);
        return put(
                name,
                new Tensor(
                        ElementType.I32.name(),
                        shape,
                        Math.multiplyExact(values.length, Integer.BYTES),
                        file -> {
                            for (int value : values) {
                                file.putInt(value);
                            }
                        }));
    }

    private static void requireLength(String name, int[] shape, int found) {
        long expected = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
        if (found != expected) {
            throw new IllegalArgumentException(
                    "the tensor '"
                            + name
                            + "' of shape "
                            + Arrays.toString(shape)
                            + " was given "
                            + found
                            + " values, expected "
                            + expected);
        }
    }

    private SafetensorsWriter put(String name, Tensor tensor) {
        if (name.equals(Header.METADATA) || tensors.putIfAbsent(name, tensor) != null) {
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
        tensors.values().forEach(tensor -> tensor.encode().accept(file));
        return file.array();
    }

    private long dataLength() {
        return tensors.values().stream().mapToLong(Tensor::bytes).sum();
    }

    private byte[] header() {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        ObjectNode texts = header.putObject(Header.METADATA);
        metadata.forEach(texts::put);
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            long end = offset + entry.getValue().bytes();
            ObjectNode tensor = header.putObject(entry.getKey());
            tensor.put("dtype", entry.getValue().type());
            ArrayNode shape = tensor.putArray("shape");
            Arrays.stream(entry.getValue().shape()).forEach(shape::add);
            tensor.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        return header.toString().getBytes(StandardCharsets.UTF_8);
    }
}
