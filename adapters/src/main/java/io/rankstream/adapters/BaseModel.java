package io.rankstream.adapters;

import static java.util.Objects.requireNonNull;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A frozen base model that any number of adapters share. All of a process on one device share one
 * copy of its weights, and their steps come one after the other. Thread-safe.
 *
 * <p>What cannot be opened or loaded is said in the one sentence of an {@link IOException}.
 */
public final class BaseModel implements AutoCloseable {

    /** Tokens of a text that are read unless another limit is given; of a model with fewer, all. */
    private static final int USUAL_TOKENS = 128;

    private static final String NO_TEMPLATE = "the template is null, expected an AdapterTemplate";
    private static final String NO_OPTIONS = "the options are null, expected ModelOptions";

    private final Learner learner;
    private final TextEncoder encoder;
    private final int maxTokens;
    private final Set<Adapter> adapters = new LinkedHashSet<>();
    private boolean closed;

    private BaseModel(Learner learner, TextEncoder encoder, int maxTokens) {
        this.learner = learner;
        this.encoder = encoder;
        this.maxTokens = maxTokens;
    }

    /**
     * all-MiniLM-L6-v2, which comes with this library, on all cores.
     *
     * @throws IOException if its jar is not on the class path
     * @throws IllegalStateException if libtorch cannot be loaded
     */
    public static BaseModel embedded() throws IOException {
        return embedded(ModelOptions.DEFAULTS);
    }

    /**
     * As {@link #embedded()}, with options.
     *
     * @throws IOException if its jar is not on the class path, or it has fewer tokens than are
     *     asked for
     * @throws IllegalStateException if libtorch cannot be loaded, or there is no such GPU
     */
    public static BaseModel embedded(ModelOptions options) throws IOException {
        requireNonNull(options, NO_OPTIONS);
        return open(
                new ModelSource.Embedded(),
                options.maxTokens().orElse(USUAL_TOKENS),
                options.threads(),
                device(options));
    }

    /**
     * A model of one's own, on all cores.
     *
     * @param directory Hugging Face directory with config.json, model.safetensors and
     *     tokenizer.json, or a jar of LangChain4j that ends in {@code .jar}
     * @throws IOException if a file is missing or not what was expected
     * @throws IllegalStateException if libtorch cannot be loaded
     */
    public static BaseModel open(Path directory) throws IOException {
        return open(directory, ModelOptions.DEFAULTS);
    }

    /**
     * A model of one's own, with options.
     *
     * @param directory Hugging Face directory, or a jar of LangChain4j
     * @throws IOException if a file is missing or not what was expected, or the model has fewer
     *     tokens than are asked for
     * @throws IllegalStateException if libtorch cannot be loaded, or there is no such GPU
     */
    public static BaseModel open(Path directory, ModelOptions options) throws IOException {
        requireNonNull(directory, "the directory is null, expected that of a model");
        requireNonNull(options, NO_OPTIONS);
        ModelSource source = ModelSource.at(directory.toString());
        int longest = PretrainedModel.architecture(source).maxTokens();
        return open(
                source,
                options.maxTokens().orElse(Math.min(USUAL_TOKENS, longest)),
                options.threads(),
                device(options));
    }

    private static ComputeDevice device(ModelOptions options) {
        return options.gpu().isPresent()
                ? new ComputeDevice.Gpu(options.gpu().getAsInt())
                : new ComputeDevice.Cpu();
    }

    static BaseModel open(ModelSource source, int maxTokens, int threads, ComputeDevice device)
            throws ModelLoadException {
        TextEncoder encoder = TextEncoder.open(source, maxTokens);
        try {
            return new BaseModel(Learner.open(source, threads, device), encoder, maxTokens);
        } catch (ModelLoadException | RuntimeException e) {
            encoder.close();
            throw e;
        }
    }

    /**
     * A new adapter, which changes nothing yet.
     *
     * @param id its name, by which its random draws differ from those of others
     * @throws IllegalArgumentException if the id names no adapter, the template's target modules
     *     name no layer of this model, or it has no such head
     * @throws IllegalStateException if the model is closed
     */
    public Adapter create(String id, AdapterTemplate template) {
        requireNonNull(id, "the id is null, expected the name of an adapter");
        requireNonNull(template, NO_TEMPLATE);
        if (!AdapterId.isValid(id)) {
            throw new IllegalArgumentException(
                    "the id '" + id + "' names no adapter: it is " + AdapterId.RULE);
        }
        requireOpen();
        TrainingTemplate settings = template.settings();
        requireLayers(settings);
        AdapterState state = learner.create(id, settings);
        requireNone(
                learner.differences(state, settings),
                "adapter '%s' would have ".formatted(id),
                "change the template, or take another base model");
        return admit(state, settings);
    }

    /**
     * An adapter as it was saved; it learns on where it was. Labels that the template has beside
     * the saved ones are added to it.
     *
     * @param saved the folder that {@link Adapter#save} wrote, or a snapshot file
     * @param template settings that it learns on with; those of its life must be as they were, and
     *     its labels among those of the template
     * @throws IllegalArgumentException with all differences, if it belongs to another base model or
     *     was created with other settings of its life; or if it has labels that the template lacks
     * @throws IllegalStateException if the model is closed
     * @throws IOException if it cannot be read
     */
    public Adapter load(Path saved, AdapterTemplate template) throws IOException {
        requireNonNull(saved, "the folder is null, expected one that an adapter was saved in");
        requireNonNull(template, NO_TEMPLATE);
        requireOpen();
        Path file = Files.isDirectory(saved) ? saved.resolve(AdapterSnapshot.FILE) : saved;
        TrainingTemplate settings = template.settings();
        AdapterState state = AdapterSnapshot.read(file);
        requireNone(
                learner.differences(state, settings),
                "adapter '%s' was saved with ".formatted(state.meta().adapterId()),
                "an adapter keeps what it was created with, so take the template and the base model that it was created with");
        return admit(withLabels(state, settings.labels()), settings);
    }

    private void requireLayers(TrainingTemplate settings) {
        if (!settings.method().adaptsModules()) {
            return;
        }
        Architecture architecture = learner.architecture();
        for (String target : settings.targetModules()) {
            if (architecture.linearLayers(List.of(target)).isEmpty()) {
                throw new IllegalArgumentException(
                        "the target module '%s' names no linear layer of %s, expected ends of their names, such as %s"
                                .formatted(
                                        target,
                                        learner.baseModel().name(),
                                        String.join(", ", architecture.family().modules())));
            }
        }
    }

    private static void requireNone(List<String> differences, String found, String remedy) {
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException(
                    found + String.join("; ", differences) + ": " + remedy);
        }
    }

    private static AdapterState withLabels(AdapterState state, List<String> wanted) {
        LabelSet saved = state.head().labels();
        List<String> missing = LabelSet.minus(saved.active(), wanted);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "adapter '%s' was saved with the labels %s, and the template has %s, without %s: name all the saved labels, and new ones beside them"
                            .formatted(
                                    state.meta().adapterId(),
                                    Excerpt.ofAll(saved.active()),
                                    Excerpt.ofAll(wanted),
                                    Excerpt.ofAll(missing)));
        }
        return state.withLabels(
                saved.under(wanted, state.meta().step()).with(wanted, state.meta().step()));
    }

    private synchronized Adapter admit(AdapterState state, TrainingTemplate settings) {
        requireOpen();
        Adapter adapter = new Adapter(this, learner.admit(state, settings), settings);
        adapters.add(adapter);
        return adapter;
    }

    /**
     * Tokens of a text or a pair.
     *
     * @throws IllegalArgumentException if there is nothing to read
     */
    synchronized Tokens encode(Input input, Reading reading) {
        requireOpen();
        return encoder.read(input.text(), input.pair(), reading)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        reading.missingIn(input.text(), input.pair())));
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the base model is closed: open it again");
        }
    }

    int maxTokens() {
        return maxTokens;
    }

    synchronized void closed(Adapter adapter) {
        adapters.remove(adapter);
    }

    /** Closes the adapters that are still open, and gives the model back. */
    @Override
    public void close() {
        List<Adapter> left;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            left = List.copyOf(adapters);
        }
        left.forEach(Adapter::close);
        learner.close();
        encoder.close();
    }
}
