package io.rankstream.adapters;

import io.rankstream.adapters.engine.ComputeDevice;
import io.rankstream.adapters.model.ModelDirectory;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.state.AdapterState;
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
     */
    public static BaseModel embedded() throws IOException {
        return embedded(ModelOptions.DEFAULTS);
    }

    /** As {@link #embedded()}, with options. */
    public static BaseModel embedded(ModelOptions options) throws IOException {
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
     *     tokenizer.json
     * @throws IOException if a file is missing or not what was expected
     */
    public static BaseModel open(Path directory) throws IOException {
        return open(directory, ModelOptions.DEFAULTS);
    }

    /**
     * A model of one's own, with options.
     *
     * @param directory Hugging Face directory
     * @throws IOException if a file is missing or not what was expected, or the model has fewer
     *     tokens than are asked for
     * @throws IllegalStateException if libtorch cannot be loaded, or there is no such GPU
     */
    public static BaseModel open(Path directory, ModelOptions options) throws IOException {
        ModelSource.Directory source = new ModelSource.Directory(directory.toString());
        int longest = ModelDirectory.of(source).architecture().maxTokens();
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
     * @throws IllegalArgumentException if the id names no adapter, or the template's target modules
     *     name no layer of this model
     */
    public Adapter create(String id, AdapterTemplate template) {
        if (!AdapterId.isValid(id)) {
            throw new IllegalArgumentException(
                    "the id '" + id + "' names no adapter: it is " + AdapterId.RULE);
        }
        TrainingTemplate settings = template.settings();
        AdapterState state = learner.create(id, settings);
        if (settings.method().adaptsModules() && state.triplets().layout().modules().isEmpty()) {
            throw new IllegalArgumentException(
                    "the target modules %s name no layer of %s, expected ends of its layers' names"
                            .formatted(settings.targetModules(), learner.baseModel().name()));
        }
        return admit(state, settings);
    }

    /**
     * An adapter as it was saved; it learns on where it was.
     *
     * @param saved the folder that {@link Adapter#save} wrote, or a snapshot file
     * @param template settings that it learns on with; those of its life must be as they were
     * @throws IllegalArgumentException with all differences, if it belongs to another base model or
     *     was created with other settings of its life
     * @throws IOException if it cannot be read
     */
    public Adapter load(Path saved, AdapterTemplate template) throws IOException {
        Path file = Files.isDirectory(saved) ? saved.resolve(AdapterSnapshot.FILE) : saved;
        TrainingTemplate settings = template.settings();
        return admit(settings.relabeled(AdapterSnapshot.read(file)), settings);
    }

    private synchronized Adapter admit(AdapterState state, TrainingTemplate settings) {
        requireOpen();
        Adapter adapter = new Adapter(this, learner.admit(state, settings), settings);
        adapters.add(adapter);
        return adapter;
    }

    /** Tokens of a text or a pair. */
    synchronized Tokens encode(Input input) {
        requireOpen();
        return input.pair().isPresent()
                ? encoder.encode(input.text(), input.pair().get())
                : encoder.encode(input.text());
    }

    private void requireOpen() {
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
