package io.rankstream.adapters.weights.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.files.RegularFile;
import io.rankstream.adapters.files.StrictJson;
import io.rankstream.adapters.weights.FloatSink;
import io.rankstream.adapters.weights.Weights;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Tensors that are split over several safetensors files, with an index that names the file of each
 * ({@code weight_map}). Not thread-safe.
 */
public final class ShardedSafetensors implements Weights {

    /** An index of a million tensors has a tenth of it. */
    private static final int LARGEST_INDEX = 1 << 28;

    private final Path index;
    private final Map<String, String> fileOf;
    private final Map<String, SafetensorsFile> files = new LinkedHashMap<>();

    private ShardedSafetensors(Path index, Map<String, String> fileOf) {
        this.index = index;
        this.fileOf = fileOf;
    }

    /**
     * Reads an index and the headers of the files that it names.
     *
     * @throws SafetensorsException if it names no files, or some that are not beside it or do not
     *     hold what it says, or two of them hold one tensor
     * @throws IOException if one cannot be read
     */
    public static ShardedSafetensors open(Path index) throws IOException {
        ShardedSafetensors shards = new ShardedSafetensors(index, weightMap(index));
        try {
            shards.openFiles();
            return shards;
        } catch (IOException | RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    private static Map<String, String> weightMap(Path index) throws IOException {
        JsonNode json;
        try {
            json = StrictJson.read(RegularFile.read(index, LARGEST_INDEX));
        } catch (JsonProcessingException e) {
            throw new SafetensorsException(index + " is not JSON" + JsonFault.of(e));
        }
        Map<String, String> fileOf = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.path("weight_map").properties()) {
            String file = entry.getValue().asText();
            if (!entry.getValue().isTextual() || !isBeside(index, file)) {
                throw new SafetensorsException(
                        "%s says that '%s' is in %s, expected the name of a safetensors file beside it"
                                .formatted(index, entry.getKey(), entry.getValue()));
            }
            fileOf.put(entry.getKey(), file);
        }
        if (fileOf.isEmpty()) {
            throw new SafetensorsException(
                    index + " has no weight_map, expected one that names the file of each tensor");
        }
        return fileOf;
    }

    private void openFiles() throws IOException {
        for (Map.Entry<String, String> tensor : fileOf.entrySet()) {
            String name = tensor.getValue();
            if (!files.containsKey(name)) {
                files.put(name, open(index.resolveSibling(name), tensor.getKey()));
            }
            if (!files.get(name).names().contains(tensor.getKey())) {
                throw new SafetensorsException(
                        "%s holds no tensor '%s', but %s says that it does: download the model again"
                                .formatted(index.resolveSibling(name), tensor.getKey(), index));
            }
        }
        Map<String, String> found = new HashMap<>();
        for (Map.Entry<String, SafetensorsFile> file : files.entrySet()) {
            for (String tensor : file.getValue().names()) {
                String other = found.put(tensor, file.getKey());
                if (other != null) {
                    throw new SafetensorsException(
                            "the tensor '%s' is in %s and in %s, expected it in one of them: download the model again"
                                    .formatted(
                                            tensor,
                                            index.resolveSibling(other),
                                            index.resolveSibling(file.getKey())));
                }
            }
        }
    }

    private SafetensorsFile open(Path path, String tensor) throws IOException {
        try {
            return SafetensorsFile.open(path);
        } catch (NoSuchFileException e) {
            throw new SafetensorsException(
                    "%s does not exist, but %s says that '%s' is in it: download the model again"
                            .formatted(path, index, tensor));
        }
    }

    private static boolean isBeside(Path index, String file) {
        return file.endsWith(".safetensors")
                && file.indexOf('/') < 0
                && file.indexOf('\\') < 0
                && file.indexOf('\0') < 0
                && !file.equals(index.getFileName().toString())
                && isPath(file);
    }

    private static boolean isPath(String file) {
        try {
            return Path.of(file).getNameCount() == 1;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    @Override
    public Set<String> names() {
        return fileOf.keySet();
    }

    @Override
    public long[] shape(String name) {
        return file(name).shape(name);
    }

    @Override
    public void read(String name, FloatSink sink) throws IOException {
        file(name).read(name, sink);
    }

    @Override
    public String origin(String name) {
        String file = fileOf.get(name);
        return file == null ? index.toString() : index.resolveSibling(file).toString();
    }

    private SafetensorsFile file(String tensor) {
        String name = fileOf.get(tensor);
        if (name == null) {
            throw new NoSuchElementException(index + " names no tensor '" + tensor + "'");
        }
        return files.get(name);
    }

    @Override
    public void close() throws IOException {
        for (SafetensorsFile file : files.values()) {
            file.close();
        }
    }
}
