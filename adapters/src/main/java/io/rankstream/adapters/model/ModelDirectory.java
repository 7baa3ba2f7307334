package io.rankstream.adapters.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.safetensors.SafetensorsException;
import io.rankstream.adapters.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Hugging Face directory of a BERT encoder. */
final class ModelDirectory {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;

    private ModelDirectory(Path path) {
        this.path = path;
    }

    static ModelDirectory of(ModelSource.Directory source) throws ModelLoadException {
        Path path;
        try {
            path = Path.of(source.path());
        } catch (InvalidPathException e) {
            throw new ModelLoadException(
                    "the model directory '" + source.path() + "' is not a path: " + e.getReason(),
                    e);
        }
        if (!Files.isDirectory(path)) {
            throw new ModelLoadException(
                    "the model directory "
                            + path
                            + " does not exist or is no directory, expected one with config.json,"
                            + " model.safetensors and tokenizer.json");
        }
        return new ModelDirectory(path);
    }

    PretrainedModel load() throws ModelLoadException {
        BertConfig config = config();
        return new PretrainedModel(name(), config, weights(config));
    }

    /** Last element of the path, so that the name is the same wherever the directory is mounted. */
    private String name() {
        Path last = path.toAbsolutePath().normalize().getFileName();
        return last == null ? path.toString() : last.toString();
    }

    byte[] tokenizer() throws ModelLoadException {
        return read(path.resolve("tokenizer.json"));
    }

    BertConfig config() throws ModelLoadException {
        Path file = path.resolve("config.json");
        byte[] bytes = read(file);
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new ModelLoadException(
                    file + " is not JSON: " + e.getOriginalMessage() + ", expected an object", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return new ConfigJson(file, json).toConfig();
    }

    private Map<String, HostTensor> weights(BertConfig config) throws ModelLoadException {
        Path file = path.resolve("model.safetensors");
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            Map<String, HostTensor> weights = new LinkedHashMap<>();
            for (Map.Entry<String, int[]> expected : BertTensors.shapes(config).entrySet()) {
                String stored = storedName(expected.getKey(), tensors, file);
                requireShape(stored, tensors.shape(stored), expected.getValue(), file);
                weights.put(
                        expected.getKey(),
                        new HostTensor(expected.getValue(), tensors.floats(stored)));
            }
            return weights;
        } catch (ModelLoadException e) {
            throw e;
        } catch (SafetensorsException e) {
            throw new ModelLoadException(e.getMessage(), e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Checkpoints differ in the prefix, and old ones call LayerNorm's parameters otherwise. */
    private static String storedName(String name, SafetensorsFile tensors, Path file)
            throws ModelLoadException {
        String old =
                name.replace("LayerNorm.weight", "LayerNorm.gamma")
                        .replace("LayerNorm.bias", "LayerNorm.beta");
        for (String candidate : List.of(name, "bert." + name, old, "bert." + old)) {
            if (tensors.names().contains(candidate)) {
                return candidate;
            }
        }
        throw new ModelLoadException(
                file
                        + " holds no tensor "
                        + name
                        + " (with or without the prefix 'bert.'), expected the weights of the BERT"
                        + " encoder that config.json describes");
    }

    private static void requireShape(String name, long[] found, int[] expected, Path file)
            throws ModelLoadException {
        if (!Arrays.equals(found, Arrays.stream(expected).asLongStream().toArray())) {
            throw new ModelLoadException(
                    file
                            + " holds "
                            + name
                            + " of shape "
                            + Arrays.toString(found)
                            + ", expected "
                            + Arrays.toString(expected)
                            + " from config.json");
        }
    }

    private static byte[] read(Path file) throws ModelLoadException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static ModelLoadException unreadable(Path file, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return new ModelLoadException(
                    file
                            + " does not exist, expected config.json, model.safetensors and"
                            + " tokenizer.json in a model directory",
                    cause);
        }
        return new ModelLoadException(file + " cannot be read: " + cause, cause);
    }
}
