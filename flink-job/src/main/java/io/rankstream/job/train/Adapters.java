package io.rankstream.job.train;

import io.rankstream.adapters.drift.DriftSettings;
import io.rankstream.adapters.drift.DriftState;
import io.rankstream.adapters.drift.detector.DetectorState;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.probe.ProbeState;
import io.rankstream.adapters.settings.AdapterMismatchException;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.training.AdapterBatch;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.Predicted;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.StepOutcome;
import io.rankstream.adapters.training.StepReport;
import io.rankstream.adapters.training.TextBatch;
import io.rankstream.job.config.settings.AdapterSettings;
import io.rankstream.job.config.settings.AdapterStart;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.TrainSettings;
import io.rankstream.job.train.measure.MeasuredAdapters;
import io.rankstream.job.train.measure.MeasuredState;
import io.rankstream.job.version.PublishedVersions;
import io.rankstream.schemas.DeadLetterReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The adapters of one subtask, and alone what changes them. An adapter is
 *
 * <ul>
 *   <li><b>absent</b>: no step was ever taken for it;
 *   <li><b>created</b>: on the device alone, before its first step, and counted;
 *   <li><b>changed</b>: on the device, and otherwise than in keyed state;
 *   <li><b>resident</b>: on the device, as it is in keyed state;
 *   <li><b>stored</b>: in keyed state alone.
 * </ul>
 *
 * <table>
 * <caption>What happens to it</caption>
 * <tr><th>it is</th><th>and then</th><th>it becomes</th><th>by</th></tr>
 * <tr><td>absent</td><td>examples come, it has a place, and what it starts from fits</td>
 *     <td>created</td><td>{@link #admit}</td></tr>
 * <tr><td>absent</td><td>examples come, otherwise</td>
 *     <td>absent: they are refused</td><td>{@link #admit}</td></tr>
 * <tr><td>absent</td><td>texts come to be predicted</td>
 *     <td>absent: a guest answers that is gone with the pass</td>
 *     <td>{@link #admitToPredict}</td></tr>
 * <tr><td>created</td><td>a step is taken</td><td>changed</td><td>{@link #train}</td></tr>
 * <tr><td>created</td><td>the pass ends, and all its examples were refused</td>
 *     <td>absent, its place given back</td><td>{@link #endPass}</td></tr>
 * <tr><td>stored</td><td>there is work for it, and it fits the configuration</td>
 *     <td>resident, or changed where the configuration has other labels</td>
 *     <td>{@link #admit}</td></tr>
 * <tr><td>stored</td><td>there is work for it, otherwise</td>
 *     <td>stored: the work is refused</td><td>{@link #admit}</td></tr>
 * <tr><td>resident, changed</td><td>a step is taken, a budget set, a word said of drift or a version
 *     released</td><td>changed</td>
 *     <td>{@link #train}, {@link #setBudget}, {@link #setBudgetOfFleet}, {@link #sayOfDrift}, {@link #release}</td></tr>
 * <tr><td>resident, changed</td><td>texts are predicted, and its inputs are watched</td>
 *     <td>changed</td><td>{@link #predict}</td></tr>
 * <tr><td>stored, resident, changed</td><td>it is rolled back, reset or given other labels</td>
 *     <td>changed, or as it was where the other state is refused</td>
 *     <td>{@link #replace}, {@link #reset}</td></tr>
 * <tr><td>changed</td><td>a checkpoint is taken</td><td>resident</td><td>{@link #flush}</td></tr>
 * <tr><td>resident, changed</td><td>another one needs the room, and no pass has it</td>
 *     <td>stored</td><td>{@link AdapterCache}</td></tr>
 * <tr><td>any</td><td>the job stops, and starts from a checkpoint</td>
 *     <td>stored if the checkpoint has it, or else absent</td><td>{@link #restore}</td></tr>
 * </table>
 *
 * <p>Where a method takes an adapter's id, that adapter is the current key. Confined to the task's
 * thread.
 */
final class Adapters implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Adapters.class);

    private final Learner learner;
    private final TrainSettings settings;
    private final ConfiguredAdapters configured;
    private final PublishedVersions published;
    private final AdapterStates states;
    private final KeyedStateBackend<String> backend;
    private final KeyContext keys;
    private final SettingsRegister register;
    private final AdapterCache cache;

    /** Those that are created. */
    private final Set<String> created = new LinkedHashSet<>();

    /** Absent ones that texts are predicted for. */
    private final Set<String> guests = new LinkedHashSet<>();

    /** All but the absent ones. */
    private int count;

    /** Those of them without settings of their own. */
    private int unnamed;

    /** Where another state of an adapter comes from. */
    @FunctionalInterface
    interface Origin {
        AdapterState read() throws IOException;
    }

    Adapters(
            Learner learner,
            TrainSettings settings,
            ConfiguredAdapters configured,
            PublishedVersions published,
            AdapterStates states,
            KeyedStateBackend<String> backend,
            KeyContext keys,
            SettingsRegister register) {
        this.learner = learner;
        this.settings = settings;
        this.configured = configured;
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
    void restore(MeasuredAdapters measured) throws Exception {
        List<AdapterMeta> restored = metas();
        restored.sort(
                Comparator.comparingLong((AdapterMeta meta) -> -meta.score().examples())
                        .thenComparing(AdapterMeta::adapterId));
        for (AdapterMeta meta : restored) {
            String adapterId = meta.adapterId();
            keys.setCurrentKey(adapterId);
            measured.restored(
                    meta,
                    () ->
                            MeasuredState.of(
                                    meta,
                                    states.budget(),
                                    states.drift().map(DriftState::standing),
                                    states.probes().flatMap(ProbeState::retained)));
            count(adapterId, 1);
            register.put(adapterId, noted(adapterId));
        }
    }

    /** What was noted of an adapter, and what was not as the adapter itself tells it. */
    private NotedSettings noted(String adapterId) throws IOException {
        Optional<NotedSettings> noted = register.restored(adapterId);
        return noted.flatMap(NotedSettings::labels).isPresent()
                ? noted.get()
                : NotedSettings.of(
                        states.read().orElseThrow(), noted.flatMap(NotedSettings::method));
    }

    /** All adapters but the absent ones. */
    int count() {
        return count;
    }

    /** Adapters on the device. */
    int resident() {
        return cache.size();
    }

    /** Bytes of device memory that adapters have. */
    long residentBytes() {
        return cache.bytes();
    }

    /** An adapter that is on the device. */
    Optional<ResidentAdapter> resident(String adapterId) {
        return cache.get(adapterId);
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
     * Labels that an adapter has once it is admitted; of one that is {@linkplain #misfit no misfit}
     * alone.
     */
    LabelSet labels(String adapterId, TrainingTemplate template) throws IOException {
        Optional<LabelSet> known = labels(adapterId);
        return known.isPresent()
                ? template.relabeled(known.get(), meta(adapterId).orElseThrow())
                : LabelSet.of(template.labels());
    }

    /**
     * Why an adapter that is there does not fit {@code template}; empty if it does, or is absent.
     */
    Optional<Admission.Refused> misfit(String adapterId, TrainingTemplate template) {
        Optional<NotedSettings> noted = register.of(adapterId);
        if (noted.isEmpty() || cache.contains(adapterId)) {
            return Optional.empty();
        }
        List<String> differences =
                noted.get()
                        .differences(
                                learner.fixedSettings(
                                        noted.get().fixed().head().pooling(), template),
                                template);
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(mismatch(adapterId, differences));
    }

    /** The adapter on the device, created if it is absent. */
    Admission admit(String adapterId, TrainingTemplate template) throws Exception {
        Optional<ResidentAdapter> cached = cache.get(adapterId);
        if (cached.isPresent()) {
            return new Admission.Ready(cached.get());
        }
        Optional<Admission.Refused> misfit = misfit(adapterId, template);
        if (misfit.isPresent()) {
            return misfit.get();
        }
        Optional<AdapterState> stored = states.read();
        return stored.isPresent() ? bringBack(stored.get(), template) : create(adapterId, template);
    }

    private Admission bringBack(AdapterState stored, TrainingTemplate template) throws Exception {
        String adapterId = stored.meta().adapterId();
        AdapterState state = template.relabeled(stored);
        Admission.Ready admission =
                enter(state, learner.admit(state, template), Optional.of(template.method()));
        LabelSet labels = state.head().labels();
        if (!labels.equals(stored.head().labels())) {
            cache.markDirty(adapterId);
            LOGGER.info(
                    "Adapter '{}' has other labels than before, as the configuration says: at revision {}, {} in use and {} retired.",
                    adapterId,
                    labels.revision(),
                    labels.active(),
                    labels.retired());
        }
        if (!state.head().task().equals(stored.head().task())) {
            cache.markDirty(adapterId);
            LOGGER.info(
                    "Adapter '{}' has other settings of its task than before, as the configuration says: {}, before {}.",
                    adapterId,
                    state.head().task().settings(),
                    stored.head().task().settings());
        }
        if (state.host().drift().isPresent()) {
            tellOfDetector(adapterId, state.host().drift().get().detector(), template.drift());
        }
        if (state.budget().isOfFleet() && !settings.sharesBudget()) {
            setBudget(admission.adapter(), BudgetState.OF_SCHEDULE);
            LOGGER.info(
                    "Adapter '{}' has a budget of its own again, since fleet.triplets is not set.",
                    adapterId);
        }
        return admission;
    }

    private void tellOfDetector(String adapterId, DetectorState before, DriftSettings now) {
        if (now.watches() && now.detector() != before.kind()) {
            cache.markDirty(adapterId);
            LOGGER.info(
                    "Changes in the stream of adapter '{}' are noticed by {} now, by {} before: what is usual is learned anew.",
                    adapterId,
                    now.detector(),
                    before.kind());
        }
    }

    /**
     * Versions that an earlier start has published are there for good: the next one comes after.
     */
    private Admission create(String adapterId, TrainingTemplate template) throws Exception {
        if (isUnnamed(adapterId) && unnamed >= settings.maxAdapters()) {
            return new Admission.Refused(
                    DeadLetterReason.ADAPTER_LIMIT,
                    "adapter '%s' would be one more than the %d that a subtask creates; name it under adapters, or raise train.max-adapters, and replay this letter"
                            .formatted(adapterId, settings.maxAdapters()));
        }
        AdapterState state =
                fresh(adapterId, template).withVersionAfter(published.newest(adapterId));
        List<String> differences = learner.differences(state, template);
        if (!differences.isEmpty()) {
            return freshMismatch(adapterId, differences);
        }
        count(adapterId, 1);
        created.add(adapterId);
        return enter(state, learner.admit(state, template), Optional.of(template.method()));
    }

    /** What an adapter is before its first step. */
    private AdapterState fresh(String adapterId, TrainingTemplate template) throws IOException {
        return start(adapterId) instanceof AdapterStart.Snapshot snapshot
                ? StartingPoint.read(snapshot.file(), adapterId).withExactly(template.labels())
                : learner.create(adapterId, template);
    }

    private AdapterStart start(String adapterId) {
        return configured
                .of(adapterId)
                .map(AdapterSettings::start)
                .orElseGet(AdapterStart.Template::new);
    }

    private Admission.Ready enter(
            AdapterState state, ResidentAdapter adapter, Optional<Method> method) throws Exception {
        String adapterId = state.meta().adapterId();
        cache.add(adapterId, adapter);
        register.put(adapterId, NotedSettings.of(state, method));
        return new Admission.Ready(adapter);
    }

    /**
     * As {@link #admit}. The adapter stays on the device until the pass {@linkplain #endPass ends}.
     */
    Admission admitToPass(String adapterId, TrainingTemplate template) throws Exception {
        Admission admission = admit(adapterId, template);
        if (admission instanceof Admission.Ready) {
            cache.hold(adapterId);
        }
        return admission;
    }

    /**
     * As {@link #admitToPass}. An absent adapter stays absent: what it would start from answers for
     * it, and has no place.
     */
    Admission admitToPredict(String adapterId, TrainingTemplate template) throws Exception {
        if (meta(adapterId).isPresent()) {
            return admitToPass(adapterId, template);
        }
        AdapterState state = fresh(adapterId, template);
        List<String> differences = learner.differences(state, template);
        if (!differences.isEmpty()) {
            return freshMismatch(adapterId, differences);
        }
        ResidentAdapter guest = learner.admit(state, template);
        guests.add(adapterId);
        cache.add(adapterId, guest);
        cache.hold(adapterId);
        return new Admission.Ready(guest);
    }

    /** Whether an adapter of the pass is absent, and what it would start from answers for it. */
    boolean isGuest(String adapterId) {
        return guests.contains(adapterId);
    }

    /** Whether the adapters of the pass leave no room for another one. */
    boolean isPassFull() {
        return cache.isOverfull();
    }

    /**
     * One optimizer step of each of several adapters of the pass.
     *
     * @return one outcome a micro-batch, in their order
     */
    List<StepOutcome> train(List<AdapterBatch> pass) {
        List<StepOutcome> outcomes = learner.train(pass);
        for (int i = 0; i < outcomes.size(); i++) {
            String adapterId = pass.get(i).adapter().meta().adapterId();
            outcomes.get(i).report().ifPresent(report -> stepTaken(adapterId, report));
            if (!outcomes.get(i).withheld().isEmpty()) {
                cache.markDirty(adapterId);
            }
        }
        return outcomes;
    }

    /**
     * What adapters of the pass say of texts. What they say and learn does not change by it; those
     * whose inputs are watched take notice of the texts, but for guests.
     *
     * @return of each batch, a row a text, in the order of the adapter's labels in use
     */
    List<Predicted> predict(List<TextBatch> pass) {
        List<Predicted> predicted = new ArrayList<>(learner.predict(pass));
        for (int i = 0; i < predicted.size(); i++) {
            ResidentAdapter adapter = pass.get(i).adapter();
            String adapterId = adapter.meta().adapterId();
            if (guests.contains(adapterId)) {
                Predicted ofGuest = predicted.get(i);
                predicted.set(i, new Predicted(ofGuest.logits(), ofGuest.norms(), List.of()));
            } else if (adapter.watchesInputs()) {
                cache.markDirty(adapterId);
            }
        }
        return predicted;
    }

    private void stepTaken(String adapterId, StepReport report) {
        cache.markDirty(adapterId);
        if (created.remove(adapterId)) {
            LOGGER.info(
                    "Adapter '{}' is created and has taken its first step, on {} examples with a loss of {}.",
                    adapterId,
                    report.examples(),
                    report.taskLoss());
        }
    }

    /**
     * The adapters of the pass may leave the device. Those that are still to take their first step
     * are absent again: neither a place in the limit nor a command may depend on whether the cache
     * still has one.
     */
    void endPass() throws Exception {
        for (String adapterId : created) {
            cache.discard(adapterId);
            register.remove(adapterId);
            count(adapterId, -1);
        }
        created.clear();
        guests.forEach(cache::discard);
        guests.clear();
        cache.letGo();
    }

    /** The adapter as it is, as its next version. */
    AdapterState release(ResidentAdapter adapter) {
        cache.markDirty(adapter.meta().adapterId());
        return adapter.takeVersion();
    }

    /**
     * Sets what the schedule of an adapter ends at; see {@link ResidentAdapter#setBudgetTarget}.
     */
    void setBudget(ResidentAdapter adapter, int triplets) {
        cache.markDirty(adapter.meta().adapterId());
        adapter.setBudgetTarget(triplets);
    }

    /** As {@link #setBudget}, for the fleet. */
    void setBudgetOfFleet(ResidentAdapter adapter, int triplets) {
        cache.markDirty(adapter.meta().adapterId());
        adapter.setBudgetTargetOfFleet(triplets);
    }

    /** Tells an adapter what is known of a change of its stream. */
    void sayOfDrift(ResidentAdapter adapter, Consumer<ResidentAdapter> word) {
        cache.markDirty(adapter.meta().adapterId());
        word.accept(adapter);
    }

    /**
     * Puts another state in the place of an adapter that is there. Whatever is wrong with what was
     * read is an answer, and no reason to fail the job again and again.
     */
    Admission replace(String adapterId, TrainingTemplate template, Origin origin) throws Exception {
        AdapterState state;
        ResidentAdapter replacement;
        try {
            state = origin.read();
            List<String> differences = learner.differences(state, template);
            if (!differences.isEmpty()) {
                return mismatch(adapterId, differences);
            }
            replacement = learner.admit(state, template);
        } catch (IOException e) {
            return Admission.Refused.mismatch(e.getMessage());
        } catch (RuntimeException e) {
            LOGGER.error("A state of adapter '{}' cannot be taken over", adapterId, e);
            return Admission.Refused.mismatch(
                    "what was read cannot be taken over (%s); nothing was changed".formatted(e));
        }
        Optional<Method> method = register.of(adapterId).flatMap(NotedSettings::method);
        cache.discard(adapterId);
        Admission admission = enter(state, replacement, method);
        cache.markDirty(adapterId);
        return admission;
    }

    /** Puts in the place of an adapter what it was before its first step. */
    Admission reset(AdapterMeta present, TrainingTemplate template) throws Exception {
        String adapterId = present.adapterId();
        LabelSet labels = labels(adapterId, template);
        return replace(
                adapterId,
                template,
                () ->
                        fresh(adapterId, template)
                                .keepingLabelsOf(labels)
                                .withVersionAfter(present.version()));
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

    /** Frees the device; what was not flushed is lost. */
    @Override
    public void close() {
        cache.close();
        learner.close();
    }

    private static Admission.Refused mismatch(String adapterId, List<String> differences) {
        return Admission.Refused.mismatch(AdapterMismatchException.message(adapterId, differences));
    }

    /** The remedy is another snapshot where the adapter is still to be created from one. */
    private Admission.Refused freshMismatch(String adapterId, List<String> differences) {
        return start(adapterId) instanceof AdapterStart.Snapshot snapshot
                ? Admission.Refused.mismatch(
                        StartingPoint.refusal(snapshot.file(), String.join("; ", differences)))
                : mismatch(adapterId, differences);
    }

    private void count(String adapterId, int change) {
        count += change;
        unnamed += isUnnamed(adapterId) ? change : 0;
    }

    private boolean isUnnamed(String adapterId) {
        return !configured.isNamed(adapterId);
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
