package io.rankstream.adapters.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.files.IrregularFileException;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.files.Leftover;
import io.rankstream.adapters.files.RegularFile;
import io.rankstream.adapters.files.StrictJson;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.adapters.weights.Weights;
import io.rankstream.adapters.weights.safetensors.SafetensorsException;
import io.rankstream.adapters.weights.safetensors.SafetensorsFile;
import io.rankstream.adapters.weights.safetensors.ShardedSafetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** A Hugging Face directory of an encoder. */
public final class ModelDirectory {

    /** Tokenizers of a million words have a tenth of it. */
    private static final int LARGEST_TEXT = 1 << 28;

    private final Path path;
    private final Optional<String> givenName;

    private ModelDirectory(Path path, Optional<String> givenName) {
        this.path = path;
        this.givenName = givenName;
    }

    public static ModelDirectory of(ModelSource.Directory source) throws ModelLoadException {
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

    PretrainedModel load(TensorSink tensors) throws ModelLoadException {
        Architecture architecture = architecture();
        try (Weights weights = weights()) {
            return new ModelReader(architecture, weights, tensors).read(name());
        } catch (ModelLoadException e) {
            throw e;
        } catch (SafetensorsException e) {
            throw new ModelLoadException(e.getMessage(), e);
        } catch (IrregularFileException e) {
            throw new ModelLoadException(e.getFile() + " " + e.getReason(), e);
        } catch (IOException e) {
            throw unreadable(ModelFiles.WEIGHTS, e);
        }
    }

    /** One file where there is one; an index stays behind when a model is saved anew. */
    private Weights weights() throws IOException {
        Path index = path.resolve(ModelFiles.WEIGHTS_INDEX);
        Path file = path.resolve(ModelFiles.WEIGHTS);
        return Files.isRegularFile(index) && !Files.exists(file)
                ? ShardedSafetensors.open(index)
                : SafetensorsFile.open(file);
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

    /** Content of tokenizer.json. */
    public ObjectNode tokenizer() throws ModelLoadException {
        return json(ModelFiles.TOKENIZER);
    }

    /** Content of spm.model, a model of SentencePiece; empty where there is a tokenizer.json. */
    public Optional<byte[]> sentencePiece() throws ModelLoadException {
        return has(ModelFiles.SENTENCE_PIECE) && !has(ModelFiles.TOKENIZER)
                ? Optional.of(read(ModelFiles.SENTENCE_PIECE))
                : Optional.empty();
    }

    /** Where {@link #sentencePiece} is read. */
    public Path sentencePieceFile() {
        return path.resolve(ModelFiles.SENTENCE_PIECE);
    }

    /** What transformers reads beside the tokenizer; empty where there is no such file. */
    public Optional<ObjectNode> tokenizerConfig() throws ModelLoadException {
        return jsonIfThere(ModelFiles.TOKENIZER_CONFIG);
    }

    /** Ids of tokens that are not in spm.model; empty where there is no such file. */
    public Optional<ObjectNode> addedTokens() throws ModelLoadException {
        return jsonIfThere(ModelFiles.ADDED_TOKENS);
    }

    /** Where {@link #addedTokens} is read. */
    public Path addedTokensFile() {
        return path.resolve(ModelFiles.ADDED_TOKENS);
    }

    private Optional<ObjectNode> jsonIfThere(String name) throws ModelLoadException {
        return has(name) ? Optional.of(json(name)) : Optional.empty();
    }

    /** A link that leads nowhere counts: it is an error, and not a file that is not there. */
    private boolean has(String name) {
        Path file = path.resolve(name);
        return Files.exists(file) || Files.isSymbolicLink(file);
    }

    /** Where {@link #tokenizerConfig} is read. */
    public Path tokenizerConfigFile() {
        return path.resolve(ModelFiles.TOKENIZER_CONFIG);
    }

    /** The build that config.json describes. */
    public Architecture architecture() throws ModelLoadException {
        return config().architecture();
    }

    /** Its config.json. */
    public ConfigJson config() throws ModelLoadException {
        return new ConfigJson(new JsonSettings(configFile(), json(ModelFiles.CONFIG)));
    }

    /** Where {@link #config} is read. */
    public Path configFile() {
        return path.resolve(ModelFiles.CONFIG);
    }

    private ObjectNode json(String name) throws ModelLoadException {
        byte[] bytes = read(name);
        Path file = path.resolve(name);
        try {
            if (StrictJson.read(bytes) instanceof ObjectNode object) {
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
