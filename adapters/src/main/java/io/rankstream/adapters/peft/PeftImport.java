package io.rankstream.adapters.peft;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.method.InitialState;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.state.LiveTriplets;
import io.rankstream.adapters.state.TripletState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.ModelClass;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.tokens.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes a new adapter at step 0 out of a directory of PEFT. Live triplets go to their places among
 * the initial ones. What PEFT pruned is drawn anew from the adapter's seed with E = 0, so that it
 * can come back. Moments and importance start from zero.
 *
 * <p>Logits are PEFT's if the head was trained on a vector pooled the same way: a head of a plain
 * {@code BertForSequenceClassification} reads the output of BERT's pooler. The adapter calls its
 * base model what PEFT's directory does.
 */
public final class PeftImport {

    private final PeftAdapter adapter;
    private final PretrainedModel model;

    /**
     * @param adapter what PEFT wrote
     * @param model the base model that it belongs to
     */
    public PeftImport(PeftAdapter adapter, PretrainedModel model) {
        this.adapter = adapter;
        this.model = model;
    }

    /**
     * The new adapter.
     *
     * @param labels names of the head's classes, two or more; none where the task has no labels
     * @param head what the head is; it is drawn anew if the directory has none
     * @param seed seed that the adapter's own is derived from, with its id
     * @throws PeftException if head, labels or base model do not fit the directory, or the base
     *     model lacks the pooler or the head
     */
    public AdapterState toState(String adapterId, List<String> labels, HeadKind head, long seed)
            throws PeftException {
        requireFamily();
        requireForm(head);
        requireLabels(head.task(), labels);
        BaseModel base = base(head.pooling());
        Map<String, PeftModule> modules = modulesInOrder();
        TripletLayout layout =
                new TripletLayout(
                        modules.values().stream().map(m -> m.triplets().shape()).toList(),
                        adapter.rank());
        AdapterState fresh =
                new InitialState(
                                adapterId,
                                base,
                                layout,
                                adapter.alpha(),
                                labels,
                                head,
                                model.architecture().hiddenSize())
                        .of(Method.ADALORA, seed);
        float[] values = fresh.triplets().values().clone();
        boolean[] live = new boolean[layout.triplets()];
        int k = 0;
        for (PeftModule module : modules.values()) {
            place(module, layout, k, values);
            System.arraycopy(module.live(), 0, live, k * layout.rank(), layout.rank());
            k++;
        }
        int budget = new BudgetState(0, live).liveTriplets();
        return new AdapterState(
                fresh.meta(),
                new TripletState(layout, adapter.alpha(), values),
                fresh.moments(),
                fresh.importance(),
                new BudgetState(budget, live),
                adapter.head().map(read -> taken(read, fresh.head())).orElse(fresh.head()));
    }

    /**
     * What an importer should know before the adapter is used, one sentence each.
     *
     * @param head what it is to be
     * @param known what Rankstream's own file says of the head, if there is one
     */
    public List<String> warnings(HeadKind head, Optional<HeadLabels> known) {
        Pooling pooling = head.pooling();
        List<String> warnings = new ArrayList<>();
        if (adapter.head().isEmpty()) {
            warnings.add(
                    "%s has no head: a new one is drawn, whose predictions are random until it is trained"
                            .formatted(adapter.directory()));
        } else if (!adapter.savesHead()) {
            warnings.add(
                    "%s holds a head that its modules_to_save does not name: it is taken over, but PEFT ignores it and predicts with a random one"
                            .formatted(adapter.directory()));
        }
        if (adapter.head().isPresent()
                && pooling != Pooling.POOLER
                && pooling != Pooling.NONE
                && known.isEmpty()
                && !model.architecture().poolerTensors().isEmpty()) {
            warnings.add(
                    "the head in %s reads the output of BERT's pooler if a BertForSequenceClassification was trained, but here it reads %s and predicts something else: %s"
                            .formatted(
                                    adapter.directory(),
                                    pooling.vectors(),
                                    model.hasPooler()
                                            ? "choose the pooling pooler, unless you know it otherwise"
                                            : "name a model that has a pooler and choose the pooling pooler, unless you know it otherwise"));
        }
        if (known.isEmpty() && lacksLayer(head)) {
            warnings.add(
                    "the head in %s is the last layer of a %s's own alone if transformers' class was trained: its '%s' is in no file, and here the head reads %s and predicts something else: train it with modules_to_save %s, unless you know it otherwise"
                            .formatted(
                                    adapter.directory(),
                                    family().name(),
                                    family().ownHead().orElseThrow().dense(),
                                    pooling.vectors(),
                                    family().ownHead().orElseThrow().modules()));
        }
        if (known.isPresent() && known.get().pooling() != pooling) {
            warnings.add(
                    "the head in %s was trained on the pooling %s, but is to read %s here and predicts something else"
                            .formatted(adapter.directory(), known.get().pooling(), pooling));
        }
        known.map(said -> said.head().task())
                .filter(learned -> !head.task().isSameBesideSettings(learned))
                .ifPresent(
                        learned ->
                                warnings.add(
                                        "the head in %s has learned a %s, but is to be that of a %s here: what it says means something else"
                                                .formatted(
                                                        adapter.directory(),
                                                        learned.id(),
                                                        head.task().id())));
        if (adapter.head().isPresent() && !adapter.taskType().isEmpty() && !adapter.saysClass()) {
            warnings.add(
                    "the settings in %s say task_type %s, but its head is read as one of %s"
                            .formatted(
                                    adapter.directory(),
                                    adapter.taskType(),
                                    head.task().card().modelClass().peft()));
        }
        if (!adapter.baseModel().isEmpty() && !isSameName(adapter.baseModel(), model.name())) {
            warnings.add(
                    "%s was made for the base model '%s', but is read with '%s': it predicts something else unless the two are one"
                            .formatted(adapter.directory(), adapter.baseModel(), model.name()));
        }
        return warnings;
    }

    /** Whether PEFT may have left out a layer of the head, which it does not save by itself. */
    private boolean lacksLayer(HeadKind head) {
        Optional<OwnHead> own =
                family().ownHead()
                        .filter(OwnHead::endsInClassifier)
                        .filter(
                                layers ->
                                        !layers.savedByClassifier().containsAll(layers.modules()));
        return adapter.head().filter(read -> read.form() == HeadForm.LINEAR).isPresent()
                && adapter.modelClass().linearHead().equals(Family.CLASSIFIER)
                && Pooling.of(own, head.task().reading()).isPresent();
    }

    private Family family() {
        return model.architecture().family();
    }

    /** A name on Hugging Face and the folder of a download end alike. */
    private static boolean isSameName(String one, String other) {
        return (isOnHub(one) && isOnHub(other))
                ? one.equals(other)
                : lastElement(one).equals(lastElement(other));
    }

    private static boolean isOnHub(String name) {
        return name.matches("[\\w-][\\w.-]*/[\\w.-]+");
    }

    private static String lastElement(String name) {
        return Stream.of(name.split("[/\\\\]")).reduce(name, (first, last) -> last);
    }

    private BaseModel base(Pooling pooling) throws PeftException {
        if (pooling == Pooling.POOLER && !model.hasPooler()) {
            throw new PeftException(
                    "the head is to read the output of BERT's pooler, but the base model %s has none, expected pooler.dense.weight and pooler.dense.bias in its weights: name a model that has them"
                            .formatted(model.name()));
        }
        return new BaseModel(
                adapter.baseModel().isEmpty() ? model.name() : adapter.baseModel(),
                pooling == Pooling.POOLER ? model.sha256WithPooler().orElseThrow() : model.sha256(),
                model.architecture().family().id());
    }

    private static HeadState taken(PeftHead head, HeadState fresh) {
        return new HeadState(
                fresh.task(),
                fresh.labels(),
                fresh.pooling(),
                fresh.hidden(),
                head.weight(),
                head.bias(),
                head.dense());
    }

    /** Writes live triplets to their places among the initial ones of module {@code k}. */
    private static void place(PeftModule module, TripletLayout layout, int k, float[] values) {
        LiveTriplets triplets = module.triplets();
        int in = triplets.shape().in();
        int next = 0;
        for (int i = 0; i < layout.rank(); i++) {
            if (!module.live()[i]) {
                continue;
            }
            System.arraycopy(triplets.a(), next * in, values, layout.offsetA(k) + i * in, in);
            values[layout.offsetE(k) + i] = triplets.e()[next];
            for (int row = 0; row < triplets.shape().out(); row++) {
                values[layout.offsetB(k) + row * layout.rank() + i] =
                        triplets.b()[row * triplets.rank() + next];
            }
            next++;
        }
    }

    private void requireFamily() throws PeftException {
        Family family = family();
        if (adapter.prefix().isPresent() && !adapter.prefix().get().equals(family.prefix())) {
            throw new PeftException(
                    "%s adapts layers of '%s', but the base model %s is a %s, whose begin with '%s': name the model that the adapter was trained on"
                            .formatted(
                                    adapter.directory(),
                                    adapter.prefix().get(),
                                    model.name(),
                                    family.name(),
                                    family.prefix()));
        }
    }

    private void requireForm(HeadKind head) throws PeftException {
        ModelClass expectedClass = head.task().card().modelClass();
        if (adapter.head().isPresent() && !adapter.modelClasses().contains(expectedClass)) {
            throw new PeftException(
                    "the head in %s is one of %s, but that of a %s is one of %s: name the task that it was trained for"
                            .formatted(
                                    adapter.directory(),
                                    adapter.modelClass().peft(),
                                    head.task().id(),
                                    expectedClass.peft()));
        }
        if (adapter.head().isPresent() && adapter.head().get().form() != head.form()) {
            throw new PeftException(
                    "the head in %s is %s, but is to be %s here"
                            .formatted(
                                    adapter.directory(), adapter.head().get().form(), head.form()));
        }
        Reading reading = head.task().reading();
        if (reading != Reading.WHOLE && head.pooling() != Pooling.NONE) {
            throw new PeftException(
                    "the head in %s reads every token, as that of a %s does, but is to read %s here: leave out the pooling"
                            .formatted(adapter.directory(), head.task().id(), head.pooling()));
        }
        if (head.form() != HeadForm.OWN) {
            return;
        }
        Family family = family();
        Optional<Pooling> expected = Pooling.of(model.architecture().ownHead(), reading);
        if (expected.isEmpty()) {
            throw new PeftException(
                    "the head in %s has two layers, but the own head of the base model %s, a %s, has one: name the model that the adapter was trained on"
                            .formatted(adapter.directory(), model.name(), family.name()));
        }
        if (head.pooling() != expected.get()) {
            throw new PeftException(
                    "the head in %s has two layers, as a %s's own, which read %s of the base model %s, but is to read %s here: choose the pooling %s"
                            .formatted(
                                    adapter.directory(),
                                    family.name(),
                                    expected.get().vectors(),
                                    model.name(),
                                    head.pooling(),
                                    expected.get().name().toLowerCase(Locale.ROOT)));
        }
    }

    private void requireLabels(Task<?> task, List<String> labels) throws PeftException {
        if (!task.hasLabels()) {
            requireOutputs(task, labels);
            requireWidth();
            return;
        }
        if (labels.size() < LabelSet.FEWEST
                || labels.stream().map(LabelSet::normal).distinct().count() < labels.size()) {
            throw new PeftException(
                    "the labels are %s, expected two or more that differ".formatted(labels));
        }
        Optional<String> flaw = task.flaw(labels);
        if (flaw.isPresent()) {
            throw new PeftException("the labels are %s: %s".formatted(labels, flaw.get()));
        }
        if (adapter.head().isEmpty()) {
            return;
        }
        PeftHead head = adapter.head().get();
        if (head.outputs() != labels.size()) {
            throw new PeftException(
                    "the head in %s has %d classes, but the labels are %s: name each class once, in its order"
                            .formatted(adapter.directory(), head.outputs(), labels));
        }
        requireWidth();
    }

    private void requireOutputs(Task<?> task, List<String> labels) throws PeftException {
        if (!labels.isEmpty()) {
            throw new PeftException(
                    "the labels are %s, but a %s has none".formatted(labels, task.id()));
        }
        int expected = task.outputs(0);
        if (adapter.head().isPresent() && adapter.head().get().outputs() != expected) {
            throw new PeftException(
                    "the head in %s has %d outputs, but a %s has %d: name the labels, one an output, if it is a classification"
                            .formatted(
                                    adapter.directory(),
                                    adapter.head().get().outputs(),
                                    task.id(),
                                    expected));
        }
    }

    private void requireWidth() throws PeftException {
        if (adapter.head().isEmpty()) {
            return;
        }
        PeftHead head = adapter.head().get();
        if (head.hidden() != model.architecture().hiddenSize()) {
            throw new PeftException(
                    "the head in %s reads %d features, but the base model %s has %d: name the model that the adapter was trained on"
                            .formatted(
                                    adapter.directory(),
                                    head.hidden(),
                                    model.name(),
                                    model.architecture().hiddenSize()));
        }
    }

    /** Modules by name in the order of the base model. */
    private Map<String, PeftModule> modulesInOrder() throws PeftException {
        Map<String, PeftModule> left = new LinkedHashMap<>();
        adapter.modules().forEach(m -> left.put(m.triplets().shape().name(), m));
        Map<String, PeftModule> ordered = new LinkedHashMap<>();
        for (ModuleShape layer : model.architecture().linearLayers()) {
            PeftModule module = left.remove(layer.name());
            if (module != null) {
                requireShape(module.triplets().shape(), layer);
                ordered.put(layer.name(), module);
            }
        }
        if (!left.isEmpty()) {
            throw new PeftException(
                    "%s adapts '%s', but the base model %s has no such linear layer in its %d encoder layers: name the model that the adapter was trained on"
                            .formatted(
                                    adapter.directory(),
                                    left.keySet().iterator().next(),
                                    model.name(),
                                    model.architecture().layers()));
        }
        return ordered;
    }

    private void requireShape(ModuleShape found, ModuleShape expected) throws PeftException {
        if (!found.equals(expected)) {
            throw new PeftException(
                    "%s adapts '%s' from %d to %d features, but in the base model %s it goes from %d to %d: name the model that the adapter was trained on"
                            .formatted(
                                    adapter.directory(),
                                    found.name(),
                                    found.in(),
                                    found.out(),
                                    model.name(),
                                    expected.in(),
                                    expected.out()));
        }
    }
}
