package io.rankstream.adapters.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.files.Leftover;
import io.rankstream.adapters.files.RegularFile;
import io.rankstream.adapters.safetensors.SafetensorsException;
import io.rankstream.adapters.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Hugging Face directory of a BERT encoder. */
final class ModelDirectory {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Tokenizers of a million words have a tenth of it. */
    private static final int LARGEST_TEXT = 1 << 28;

    private final Path path;
    private final Optional<String> givenName;

    private ModelDirectory(Path path, Optional<String> givenName) {
        this.path = path;
        this.givenName = givenName;
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
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new ModelLoadException(
                    "the model directory "
                            + path
                            + " is a file, expected the folder that holds config.json,"
                            + " model.safetensors and tokenizer.json");
        }
        if (!Files.exists(path)) {
            throw new ModelLoadException(
                    "the model directory "
                            + path
                            + " does not exist, expected one with config.json,"
                            + " model.safetensors and tokenizer.json");
        }
        return new ModelDirectory(path, source.givenName());
    }

    PretrainedModel load() throws ModelLoadException {
        BertConfig config = config();
        Path file = path.resolve(ModelFiles.WEIGHTS);
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            return new PretrainedModel(
                    name(), config, weights(config, tensors, file), pooler(config, tensors));
        } catch (ModelLoadException e) {
            throw e;
        } catch (SafetensorsException e) {
            throw new ModelLoadException(e.getMessage(), e);
        } catch (IOException e) {
            throw unreadable(ModelFiles.WEIGHTS, e);
        }
    }

    /**
     * Last element of the path unless a name was given, so that it is the same wherever the
     * directory is mounted.
     */
    private String name() {
        if (givenName.isPresent()) {
            return givenName.get();
        }
        Path last = path.toAbsolutePath().normalize().getFileName();
        return last == null ? path.toString() : last.toString();
    }

    ObjectNode tokenizer() throws ModelLoadException {
        return json(ModelFiles.TOKENIZER);
    }

    /** What transformers reads beside the tokenizer; empty where there is no such file. */
    Optional<TokenizerConfig> tokenizerConfig() throws ModelLoadException {
        Path file = path.resolve(TokenizerConfig.FILE);
        return Files.exists(file) || Files.isSymbolicLink(file)
                ? Optional.of(new TokenizerConfig(file, json(TokenizerConfig.FILE)))
                : Optional.empty();
    }

    BertConfig config() throws ModelLoadException {
        Path file = path.resolve(ModelFiles.CONFIG);
        return new ConfigJson(file, json(ModelFiles.CONFIG)).toConfig();
    }

    private ObjectNode json(String name) throws ModelLoadException {
        byte[] bytes = read(name);
        Path file = path.resolve(name);
        try {
            if (JSON.readTree(bytes) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            throw new ModelLoadException(
                    file
                            + " "
                            + Leftover.in(bytes, bytes.length)
                                    .orElse("is not JSON" + message(e) + ", expected an object"),
                    e);
        }
        throw new ModelLoadException(
                file
                        + " "
                        + Leftover.in(bytes, bytes.length)
                                .orElse("is no JSON object, expected one"));
    }

    private static String message(IOException e) {
        return e instanceof JsonProcessingException json ? JsonFault.of(json) : ": " + e;
    }

    private static Map<String, HostTensor> weights(
            BertConfig config, SafetensorsFile tensors, Path file) throws IOException {
        Map<String, HostTensor> weights = new LinkedHashMap<>();
        for (Map.Entry<String, int[]> expected : BertTensors.shapes(config).entrySet()) {
            String stored = storedName(expected.getKey(), tensors, file);
            requireShape(stored, tensors.shape(stored), expected.getValue(), file);
            weights.put(
                    expected.getKey(), new HostTensor(expected.getValue(), tensors.floats(stored)));
        }
        return weights;
    }

    /** Empty where the file has none of the encoder's width; only some adapters read it. */
    private static Map<String, HostTensor> pooler(BertConfig config, SafetensorsFile tensors)
            throws IOException {
        Map<String, HostTensor> pooler = new LinkedHashMap<>();
        for (Map.Entry<String, int[]> expected : BertTensors.ofPooler(config).entrySet()) {
            for (String stored : List.of(expected.getKey(), "bert." + expected.getKey())) {
                if (tensors.names().contains(stored)
                        && isOfShape(tensors.shape(stored), expected.getValue())) {
                    pooler.put(
                            expected.getKey(),
                            new HostTensor(expected.getValue(), tensors.floats(stored)));
                    break;
                }
            }
        }
        return pooler.size() == BertTensors.ofPooler(config).size() ? pooler : Map.of();
    }

    private static boolean isOfShape(long[] found, int[] expected) {
        return Arrays.equals(found, Arrays.stream(expected).asLongStream().toArray());
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
        if (!isOfShape(found, expected)) {
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

    private byte[] read(String name) throws ModelLoadException {
        try {
            return RegularFile.read(path.resolve(name), LARGEST_TEXT);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private ModelLoadException unreadable(String name, IOException cause) {
        Path file = path.resolve(name);
        try {
            return Files.isRegularFile(file)
                    ? new ModelLoadException(file + " cannot be read: " + cause, cause)
                    : new ModelLoadException(ModelFiles.in(path).unusable(name), cause);
        } catch (IOException e) {
            return new ModelLoadException(file + " cannot be read: " + cause, cause);
        }
    }
}
