package io.rankstream.adapters.weights.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.files.RegularFile;
import io.rankstream.adapters.weights.Weights;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Tensors that are split over several safetensors files, with an index that names the file of each
 * ({@code weight_map}). A file is opened when the first of its tensors is asked for. Not
 * thread-safe.
 */
public final class ShardedSafetensors implements Weights {

    /** An index of a million tensors has a tenth of it. */
    private static final int LARGEST_INDEX = 1 << 28;

    private final Path index;
    private final Map<String, String> fileOf;
    private final Map<String, SafetensorsFile> open = new LinkedHashMap<>();

    private ShardedSafetensors(Path index, Map<String, String> fileOf) {
        this.index = index;
        this.fileOf = fileOf;
    }

    /**
     * Reads an index.
     *
     * @throws SafetensorsException if it names no files, or some that are not beside it
     * @throws IOException if it cannot be read
     */
    public static ShardedSafetensors open(Path index) throws IOException {
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(RegularFile.read(index, LARGEST_INDEX));
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
        return new ShardedSafetensors(index, fileOf);
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
    public long[] shape(String name) throws IOException {
        return file(name).shape(name);
    }

    @Override
    public float[] floats(String name) throws IOException {
        return file(name).floats(name);
    }

    @Override
    public String origin(String name) {
        String file = fileOf.get(name);
        return file == null ? index.toString() : index.resolveSibling(file).toString();
    }

    private SafetensorsFile file(String tensor) throws IOException {
        String name = fileOf.get(tensor);
        if (name == null) {
            throw new NoSuchElementException(index + " names no tensor '" + tensor + "'");
        }
        SafetensorsFile file = open.get(name);
        if (file == null) {
            Path path = index.resolveSibling(name);
            try {
                file = SafetensorsFile.open(path);
            } catch (NoSuchFileException e) {
                throw new SafetensorsException(
                        "%s does not exist, but %s says that '%s' is in it: download the model again"
                                .formatted(path, index, tensor));
            }
            open.put(name, file);
        }
        if (!file.names().contains(tensor)) {
            throw new SafetensorsException(
                    "%s holds no tensor '%s', but %s says that it does: download the model again"
                            .formatted(index.resolveSibling(name), tensor, index));
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        for (SafetensorsFile file : open.values()) {
            file.close();
        }
    }
}
