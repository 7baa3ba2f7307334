package io.rankstream.adapters.model;

import io.rankstream.adapters.weights.FloatSink;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.adapters.weights.Sha256;
import io.rankstream.adapters.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads the tensors of one architecture, each once, and makes the model's digest on the way. */
final class ModelReader {

    private static final int BLOCK_FLOATS = 16 * 1024;

    /**
     * Two floats at once: an exponent of ones, which only infinity and NaN have, grows into the
     * sign's place.
     */
    private static final long EXPONENTS = 0x7f80_0000_7f80_0000L;

    private static final long ONE_MORE = 0x0080_0000_0080_0000L;
    private static final long SIGNS = 0x8000_0000_8000_0000L;

    private final Architecture architecture;
    private final Weights weights;
    private final TensorSink sink;
    private final MessageDigest digest = Sha256.start();
    private final long[] pairs = new long[BLOCK_FLOATS / 2];
    private final ByteBuffer block =
            ByteBuffer.allocate(BLOCK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /**
     * @param sink takes each tensor
     */
    ModelReader(Architecture architecture, Weights weights, TensorSink sink) {
        this.architecture = architecture;
        this.weights = weights;
        this.sink = sink;
    }

    PretrainedModel read(String name) throws IOException {
        digest.update(architecture.canonical().getBytes(StandardCharsets.UTF_8));
        for (Map.Entry<String, int[]> tensor : architecture.tensors().entrySet()) {
            String stored = storedName(tensor.getKey());
            requireShape(stored, tensor.getValue());
            read(tensor.getKey(), tensor.getValue(), stored);
        }
        requireNoFurtherLayer();
        String encoder = Sha256.finish(copy(digest));
        return new PretrainedModel(name, architecture, encoder, pooler());
    }

    /** Digest with the pooler; empty where there is none of this width. Few adapters read it. */
    private Optional<String> pooler() throws IOException {
        Map<String, int[]> tensors = architecture.poolerTensors();
        for (Map.Entry<String, int[]> tensor : tensors.entrySet()) {
            Optional<String> stored = stored(tensor.getKey());
            if (stored.isEmpty() || !hasShape(stored.get(), tensor.getValue())) {
                return Optional.empty();
            }
        }
        if (tensors.isEmpty()) {
            return Optional.empty();
        }
        for (Map.Entry<String, int[]> tensor : tensors.entrySet()) {
            read(tensor.getKey(), tensor.getValue(), storedName(tensor.getKey()));
        }
        return Optional.of(Sha256.finish(digest));
    }

    private void read(String name, int[] shape, String stored) throws IOException {
        digest.update((name + Arrays.toString(shape)).getBytes(StandardCharsets.UTF_8));
        FloatSink to = sink.begin(name, shape);
        long[] from = {0};
        weights.read(
                stored,
                (values, count) -> {
                    if (!update(values, count)) {
                        throw notFinite(stored, shape, from[0], values, count);
                    }
                    to.next(values, count);
                    from[0] += count;
                });
    }

    /**
     * @param from place of the first value in the tensor
     */
    private ModelLoadException notFinite(
            String stored, int[] shape, long from, float[] values, int count) {
        int bad =
                IntStream.range(0, count)
                        .filter(i -> !Float.isFinite(values[i]))
                        .findFirst()
                        .orElseThrow();
        return new ModelLoadException(
                "%s holds %s in %s at %s, expected finite numbers, since no text would have any: download the model again, or save it again in float32 if it was cast to a narrower type"
                        .formatted(
                                weights.origin(stored),
                                values[bad],
                                stored,
                                Arrays.toString(place(shape, from + bad))));
    }

    /** Index of a value in each dimension. */
    private static long[] place(int[] shape, long value) {
        long[] place = new long[shape.length];
        long rest = value;
        for (int i = shape.length - 1; i >= 0; i--) {
            place[i] = rest % shape[i];
            rest /= shape[i];
        }
        return place;
    }

    /** A shorter model than its weights are would be another one, and nobody would see it. */
    private void requireNoFurtherLayer() throws ModelLoadException {
        int layers = architecture.layers();
        for (String name : architecture.family().linearLayers(layers)) {
            Optional<String> stored = stored(name + ".weight");
            if (stored.isPresent()) {
                throw new ModelLoadException(
                        "%s holds %s, but config.json says that there are %d layers, expected as many as the weights have: set it right, or, if the model is to be shorter, %s"
                                .formatted(
                                        weights.origin(stored.get()),
                                        stored.get(),
                                        layers,
                                        ModelFiles.RESAVE));
            }
        }
    }

    /**
     * Adds values to the digest.
     *
     * @return whether they are finite
     */
    private boolean update(float[] values, int count) {
        long found = 0;
        for (int from = 0; from < count; from += BLOCK_FLOATS) {
            int size = Math.min(count - from, BLOCK_FLOATS);
            block.asFloatBuffer().put(values, from, size);
            digest.update(block.array(), 0, size * Float.BYTES);
            if (size % 2 == 1) {
                block.putInt(size * Float.BYTES, 0);
            }
            int both = (size + 1) / 2;
            block.asLongBuffer().get(pairs, 0, both);
            for (int i = 0; i < both; i++) {
                found |= (pairs[i] & EXPONENTS) + ONE_MORE;
            }
        }
        return (found & SIGNS) == 0;
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("every JDK's SHA-256 can be copied", e);
        }
    }

    private Optional<String> stored(String name) {
        return architecture.family().storedNames(name).stream()
                .filter(weights.names()::contains)
                .findFirst();
    }

    private String storedName(String name) throws ModelLoadException {
        return stored(name)
                .orElseThrow(
                        () ->
                                new ModelLoadException(
                                        "%s holds no tensor %s (with or without the prefix '%s'), expected the weights of the %s encoder that config.json describes"
                                                .formatted(
                                                        weights.origin(name),
                                                        name,
                                                        architecture.family().prefix(),
                                                        architecture.family().name())));
    }

    private void requireShape(String stored, int[] expected) throws IOException {
        if (!hasShape(stored, expected)) {
            throw new ModelLoadException(
                    "%s holds %s of shape %s, expected %s from config.json"
                            .formatted(
                                    weights.origin(stored),
                                    stored,
                                    Arrays.toString(weights.shape(stored)),
                                    Arrays.toString(expected)));
        }
    }

    private boolean hasShape(String stored, int[] expected) throws IOException {
        return Arrays.equals(
                weights.shape(stored), Arrays.stream(expected).asLongStream().toArray());
    }
}
