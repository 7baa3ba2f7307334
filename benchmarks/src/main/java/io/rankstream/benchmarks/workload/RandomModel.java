package io.rankstream.benchmarks.workload;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.model.bert.BertConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A BERT of any size whose weights are random, written as a Hugging Face directory in little
 * memory. The same sizes give the same files.
 *
 * @param sizes its build
 * @param type how weights are stored
 * @param shards files that they are split over; 1 writes one file without an index
 */
public record RandomModel(BertConfig sizes, Type type, int shards) {

    private static final long SEED = 42;

    /** Bytes that are written at once. */
    private static final int BLOCK = 1 << 20;

    /** Types of floats, by the names that stand in files. */
    public enum Type {
        F32(Float.BYTES),
        F16(Short.BYTES),
        BF16(Short.BYTES);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        /** Puts some number between 1/32 and 1/16, or its negative. */
        private void put(ByteBuffer to, int bits) {
            switch (this) {
                case F32 -> to.putInt(0x3d00_0000 | (bits & 0x807f_ffff));
                case F16 -> to.putShort((short) (0x2800 | (bits & 0x83ff)));
                case BF16 -> to.putShort((short) (0x3d00 | (bits & 0x807f)));
            }
        }
    }

    /** Numbers of all tensors. */
    public long parameters() {
        return sizes.tensors().values().stream().mapToLong(RandomModel::size).sum();
    }

    private static long size(int[] shape) {
        long size = 1;
        for (int dimension : shape) {
            size *= dimension;
        }
        return size;
    }

    /** Writes config.json and the weights. */
    public void writeTo(Path directory) throws IOException {
        Files.createDirectories(directory);
        ObjectMapper json = new ObjectMapper();
        json.writeValue(directory.resolve("config.json").toFile(), config(json));
        List<Map<String, int[]>> files = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            files.add(new LinkedHashMap<>());
        }
        ObjectNode index = json.createObjectNode();
        ObjectNode fileOf = index.putObject("weight_map");
        int next = 0;
        for (Map.Entry<String, int[]> tensor : sizes.tensors().entrySet()) {
            int file = (int) ((long) next * shards / sizes.tensors().size());
            files.get(file).put(tensor.getKey(), tensor.getValue());
            fileOf.put(tensor.getKey(), name(file));
            next++;
        }
        for (int i = 0; i < shards; i++) {
            write(directory.resolve(name(i)), files.get(i), new SplittableRandom(SEED + i));
        }
        if (shards > 1) {
            json.writeValue(directory.resolve("model.safetensors.index.json").toFile(), index);
        }
    }

    private String name(int file) {
        return shards == 1
                ? "model.safetensors"
                : "model-%05d-of-%05d.safetensors".formatted(file + 1, shards);
    }

    private ObjectNode config(ObjectMapper json) {
        return json.createObjectNode()
                .put("model_type", "bert")
                .put("vocab_size", sizes.vocabSize())
                .put("hidden_size", sizes.hiddenSize())
                .put("num_hidden_layers", sizes.layers())
                .put("num_attention_heads", sizes.heads())
                .put("intermediate_size", sizes.intermediateSize())
                .put("max_position_embeddings", sizes.maxPositions())
                .put("type_vocab_size", sizes.typeVocabSize());
    }

    private void write(Path file, Map<String, int[]> tensors, SplittableRandom random)
            throws IOException {
        ObjectNode header = new ObjectMapper().createObjectNode();
        long end = 0;
        for (Map.Entry<String, int[]> tensor : tensors.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", type.name());
            for (int dimension : tensor.getValue()) {
                entry.withArray("shape").add(dimension);
            }
            entry.putArray("data_offsets").add(end).add(end + size(tensor.getValue()) * type.bytes);
            end += size(tensor.getValue()) * type.bytes;
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            write(
                    channel,
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(json.length)
                            .flip());
            write(channel, ByteBuffer.wrap(json));
            for (long left = end; left > 0; left -= block.limit()) {
                block.clear().limit((int) Math.min(BLOCK, left));
                while (block.hasRemaining()) {
                    type.put(block, random.nextInt());
                }
                write(channel, block.flip());
            }
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
