package io.rankstream.job.train;

import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.settings.AdapterMismatchException;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.training.AdapterBatch;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepOutcome;
import io.rankstream.job.config.AdapterTemplates;
import io.rankstream.job.config.TrainSettings;
import io.rankstream.job.publish.PublishedVersions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The adapters of one subtask: on the device while they are trained, in keyed state for good. A
 * change on the device reaches the state with {@link #flush} and when its adapter is evicted.
 *
 * <p>Where a method takes an adapter's id, that adapter is the current key. Confined to the task's
 * thread.
 */
final class Adapters implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Adapters.class);

    private final Learner learner;
    private final TrainSettings settings;
    private final AdapterTemplates templates;
    private final PublishedVersions published;
    private final AdapterStates states;
    private final KeyedStateBackend<String> backend;
    private final KeyContext keys;
    private final SettingsRegister register;
    private final AdapterCache cache;

    /** Adapters that were created and have taken no step. */
    private final Set<String> withoutStep = new HashSet<>();

    private int count;

    /** Those of them without settings of their own. */
    private int unnamed;

    Adapters(
            Learner learner,
            TrainSettings settings,
            AdapterTemplates templates,
            PublishedVersions published,
            AdapterStates states,
            KeyedStateBackend<String> backend,
            KeyContext keys,
            SettingsRegister register) {
        this.learner = learner;
        this.settings = settings;
        this.templates = templates;
        this.published = published;
        this.states = states;
        this.backend = backend;
        this.keys = keys;
        this.register = register;
        this.cache = new AdapterCache(settings.cacheBytes(), this::writeUnderOwnKey);
    }

    /**
     * Counts the adapters of a restored state, before any is trained. Those that have learned most
     * are the first that {@code measured} is told of.
     */
    void countRestored(MeasuredAdapters measured) throws Exception {
        List<AdapterMeta> restored = metas();
        restored.sort(
                Comparator.comparingLong((AdapterMeta meta) -> -meta.score().examples())
                        .thenComparing(AdapterMeta::adapterId));
        for (AdapterMeta meta : restored) {
            String adapterId = meta.adapterId();
            keys.setCurrentKey(adapterId);
            measured.restored(meta, states::budget);
            count(adapterId, 1);
            Optional<NotedSettings> known = register.restored(adapterId);
            if (known.isEmpty()) {
                known = states.read().map(state -> NotedSettings.of(state, null));
            }
            register.put(adapterId, known.orElseThrow());
        }
    }

    /** What is ready to train. */
    AdapterCache cache() {
        return cache;
    }

    /** Adapters of this subtask, on the device or not. */
    int count() {
        return count;
    }

    /** Progress of an adapter; empty before its first example. */
    Optional<AdapterMeta> meta(String adapterId) throws IOException {
        Optional<ResidentAdapter> cached = cache.get(adapterId);
        return cached.isPresent() ? cached.map(ResidentAdapter::meta) : states.meta();
    }

    /** Labels of an adapter; empty before its first example. */
    Optional<LabelSet> labels(String adapterId) throws IOException {
        Optional<ResidentAdapter> cached = cache.get(adapterId);
        return cached.isPresent() ? cached.map(ResidentAdapter::labels) : states.labels();
    }

    /**
     * Labels that an adapter has once it is ready to train.
     *
     * @throws AdapterMismatchException if they do not fit {@code template}
     */
    LabelSet labels(String adapterId, TrainingTemplate template) throws IOException {
        Optional<LabelSet> known = labels(adapterId);
        return known.isPresent()
                ? template.relabeled(known.get(), meta(adapterId).orElseThrow())
                : LabelSet.of(template.labels());
    }

    /**
     * An adapter that is ready to train, created if there is none.
     *
     * @throws AdapterMismatchException if it does not fit {@code template}
     * @throws AdapterLimitException if it would be one too many
     */
    ResidentAdapter ready(String adapterId, TrainingTemplate template) throws Exception {
        Optional<ResidentAdapter> cached = cache.get(adapterId);
        if (cached.isPresent()) {
            return cached.get();
        }
        Optional<AdapterState> known = states.read();
        if (known.isPresent()) {
            requireMethod(adapterId, template);
            AdapterState state = template.relabeled(known.get());
            ResidentAdapter adapter = admit(adapterId, learner.admit(state, template));
            register.put(adapterId, NotedSettings.of(state, template.method()));
            if (!state.head().labels().equals(known.get().head().labels())) {
                cache.markDirty(adapterId);
                LOGGER.info(
                        "Adapter '{}' has other labels than before, as the configuration says: at revision {}, {} in use and {} retired.",
                        adapterId,
                        state.head().labels().revision(),
                        state.head().labels().active(),
                        state.head().labels().retired());
            }
            return adapter;
        }
        if (isBeyondLimit(adapterId)) {
            throw new AdapterLimitException(adapterId, settings.maxAdapters());
        }
        AdapterState state = created(adapterId, template);
        ResidentAdapter created = admit(adapterId, learner.admit(state, template));
        count(adapterId, 1);
        withoutStep.add(adapterId);
        register.put(adapterId, NotedSettings.of(state, template.method()));
        return created;
    }

    private void requireMethod(String adapterId, TrainingTemplate template) {
        Optional<NotedSettings> noted = register.of(adapterId);
        if (noted.isPresent() && noted.get().hasOtherMethod(template)) {
            throw new AdapterMismatchException(
                    adapterId,
                    List.of(
                            "method %s, but the configuration has %s"
                                    .formatted(noted.get().method(), template.method())));
        }
    }

    /** Whether the adapter does not exist and would be one too many. */
    boolean lacksPlace(String adapterId) throws IOException {
        return isBeyondLimit(adapterId) && meta(adapterId).isEmpty();
    }

    /**
     * One optimizer step of each of several adapters that are ready to train.
     *
     * @return one outcome a micro-batch, in their order
     */
    List<StepOutcome> train(List<AdapterBatch> pass) {
        List<StepOutcome> outcomes = learner.train(pass);
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i).report().isPresent()) {
                cache.markDirty(pass.get(i).adapter().meta().adapterId());
            }
        }
        return outcomes;
    }

    /** Whether an adapter was created for the step that it has just taken; true once. */
    boolean learnsFirst(String adapterId) {
        return withoutStep.remove(adapterId);
    }

    /**
     * Forgets an adapter that was created for examples which were all refused: neither its place in
     * the limit nor a command may depend on whether the cache still has it.
     */
    void discardIfNothingLearned(String adapterId) throws IOException {
        if (!cache.isDirty(adapterId) && states.meta().isEmpty()) {
            cache.discard(adapterId);
            count(adapterId, -1);
            withoutStep.remove(adapterId);
            register.remove(adapterId);
        }
    }

    /**
     * Versions that an earlier start has published are there for good: the next one comes after.
     */
    private AdapterState created(String adapterId, TrainingTemplate template) throws IOException {
        return fresh(adapterId, template).withVersionAfter(published.newest(adapterId));
    }

    /** What an adapter is before its first step. */
    AdapterState fresh(String adapterId, TrainingTemplate template) throws IOException {
        Optional<String> start = settings.starts().of(adapterId);
        return start.isPresent()
                ? StartingPoint.read(start.get(), adapterId).withExactly(template.labels())
                : learner.create(adapterId, template);
    }

    /**
     * Another state of an adapter, on the device, to {@link #replace} it with.
     *
     * @throws AdapterMismatchException if it does not fit {@code template}
     */
    ResidentAdapter admissible(AdapterState state, TrainingTemplate template) {
        return learner.admit(state, template);
    }

    /**
     * Puts another state in the place of the adapter that is the current key.
     *
     * @param replacement {@code state} on the device
     */
    void replace(ResidentAdapter replacement, AdapterState state) throws Exception {
        String adapterId = replacement.meta().adapterId();
        cache.discard(adapterId);
        admit(adapterId, replacement);
        cache.markDirty(adapterId);
        Method method = register.of(adapterId).map(NotedSettings::method).orElse(null);
        register.put(adapterId, NotedSettings.of(state, method));
    }

    /** Notes that an adapter that is ready to train has changed. */
    void markDirty(String adapterId) {
        cache.markDirty(adapterId);
    }

    /** Writes every change to the state, each under its adapter's own key. */
    void flush() throws Exception {
        cache.flush();
    }

    /** Ids of all adapters with steps since their last version. */
    SortedSet<String> unpublished() throws Exception {
        cache.flush();
        return metas().stream()
                .filter(meta -> meta.step() > meta.publishedStep())
                .map(AdapterMeta::adapterId)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Why an adapter does not fit; the remedy is another one where it is still to be created. */
    String mismatch(String adapterId, AdapterMismatchException e) throws IOException {
        Optional<String> start = settings.starts().of(adapterId);
        return start.isPresent() && meta(adapterId).isEmpty()
                ? StartingPoint.refusal(start.get(), e.difference())
                : e.getMessage();
    }

    /** Frees the device; what was not flushed is lost. */
    @Override
    public void close() {
        cache.close();
        learner.close();
    }

    private ResidentAdapter admit(String adapterId, ResidentAdapter adapter) throws Exception {
        cache.add(adapterId, adapter);
        return adapter;
    }

    private void count(String adapterId, int change) {
        count += change;
        unnamed += isUnnamed(adapterId) ? change : 0;
    }

    private boolean isBeyondLimit(String adapterId) {
        return isUnnamed(adapterId) && unnamed >= settings.maxAdapters();
    }

    private boolean isUnnamed(String adapterId) {
        return !templates.byAdapter().containsKey(adapterId);
    }

    private List<AdapterMeta> metas() throws Exception {
        List<AdapterMeta> metas = new ArrayList<>();
        backend.applyToAllKeys(
                VoidNamespace.INSTANCE,
                VoidNamespaceSerializer.INSTANCE,
                AdapterStates.META,
                (adapterId, meta) -> metas.add(meta.value()));
        return metas;
    }

    private void writeUnderOwnKey(String adapterId, AdapterState state) throws Exception {
        Object current = keys.getCurrentKey();
        keys.setCurrentKey(adapterId);
        try {
            states.write(state);
        } finally {
            if (current != null) {
                keys.setCurrentKey(current);
            }
        }
    }
}
