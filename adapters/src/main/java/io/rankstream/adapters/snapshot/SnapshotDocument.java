package io.rankstream.adapters.snapshot;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.drift.detector.AdwinState;
import io.rankstream.adapters.drift.detector.CusumState;
import io.rankstream.adapters.drift.detector.DetectorState;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.state.AdapterId;
import io.rankstream.adapters.state.AdapterMeta;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.BudgetState;
import io.rankstream.adapters.state.HeadShape;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.Label;
import io.rankstream.adapters.state.LabelSet;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.Tasks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What of an adapter's state is no array of floats, in the form that stands in a snapshot's
 * metadata. The order of fields is the order in the file.
 *
 * @param adapter the adapter's id
 * @param baseModel model that the adapter was made for
 * @param task what the adapter learns, as {@link Tasks#spelled} has it; from format 4 on, since all
 *     were classifications before
 * @param head form of the head; from format 4 on, since all had one layer before
 * @param labels the labels, a row of the head each
 * @param labelRevision number of the set of labels
 * @param publishedLabelRevision that of the newest version
 * @param configuredLabels the configuration's list that the adapter last saw
 * @param pooling how token vectors become the one that the head reads
 * @param hidden features of the pooled vector
 * @param rank initial rank of every module
 * @param alpha numerator of the scale
 * @param modules adapted modules in the order of the base model
 * @param budget triplets allowed at the last step
 * @param budgetTarget triplets that a streaming schedule ends at; 0 for its own, and where a fleet
 *     has set another, which is no part of the adapter by itself
 * @param seed seed of the adapter's draws
 * @param step optimizer steps taken
 * @param version last published version
 * @param publishedStep step of that version
 * @param truncated examples whose text was cut
 * @param prequential test-then-train score, in the fields that its task gives it
 * @param mixture of what it knows beside its model, what is no array; none of one whose head speaks
 *     alone. From format 5 on, since none knew more before
 * @param drift of what is known of changes, what is no array of floats; none of one that nobody
 *     watches. From format 6 on, since nobody watched before; of format 6, it bets on errors
 * @param probes of the examples that are never learned from, what is no array; none of one that
 *     learns from all. From format 7 on, since all did before
 * @param replay of kept examples, what is no array of tokens; none of one that keeps none. From
 *     format 7 on, since none kept any before
 */
record SnapshotDocument(
        String adapter,
        Base baseModel,
        String task,
        HeadForm head,
        List<LabelRow> labels,
        long labelRevision,
        long publishedLabelRevision,
        List<String> configuredLabels,
        Pooling pooling,
        int hidden,
        int rank,
        double alpha,
        List<Module> modules,
        int budget,
        int budgetTarget,
        long seed,
        long step,
        long version,
        long publishedStep,
        long truncated,
        JsonNode prequential,
        List<MixturePart> mixture,
        List<DriftPart> drift,
        List<ProbePart> probes,
        List<ReplayPart> replay) {

    private static final String FAMILY_BEFORE_FORMAT_3 = "bert";

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .addMixIn(DetectorState.class, AnyDetector.class)
                    .build();

    /** Which of them it is, its fields tell. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    @JsonSubTypes({@JsonSubTypes.Type(CusumState.class), @JsonSubTypes.Type(AdwinState.class)})
    private interface AnyDetector {}

    /**
     * The frozen model.
     *
     * @param name what people call it
     * @param sha256 digest of its sizes and weights
     * @param family id of its family; from format 3 on, since all were BERTs before
     */
    record Base(String name, String sha256, String family) {}

    /**
     * A label and its row.
     *
     * @param name the label
     * @param retired whether it is out of use
     * @param idle steps that the row took no part in
     */
    record LabelRow(String name, boolean retired, long idle) {}

    /**
     * One adapted module.
     *
     * @param name path in the base model
     * @param in input features
     * @param out output features
     * @param live per triplet, whether the last mask kept it
     */
    record Module(String name, int in, int out, boolean[] live) {}

    static SnapshotDocument of(AdapterState state) {
        AdapterMeta meta = state.meta();
        TripletLayout layout = state.triplets().layout();
        List<Module> modules = new ArrayList<>();
        for (int k = 0; k < layout.modules().size(); k++) {
            ModuleShape shape = layout.modules().get(k);
            boolean[] live =
                    Arrays.copyOfRange(
                            state.budget().live(), k * layout.rank(), (k + 1) * layout.rank());
            modules.add(new Module(shape.name(), shape.in(), shape.out(), live));
        }
        return new SnapshotDocument(
                meta.adapterId(),
                new Base(
                        meta.baseModel().name(),
                        meta.baseModel().sha256(),
                        meta.baseModel().family()),
                Tasks.spelled(state.head().task()),
                state.head().form(),
                state.head().labels().rows().stream()
                        .map(label -> new LabelRow(label.name(), label.retired(), label.idle()))
                        .toList(),
                state.head().labels().revision(),
                state.head().labels().published(),
                state.head().labels().configured(),
                state.head().pooling(),
                state.head().hidden(),
                layout.rank(),
                state.triplets().alpha(),
                modules,
                state.budget().budget(),
                state.budget().isOfFleet() ? BudgetState.OF_SCHEDULE : state.budget().target(),
                meta.seed(),
                meta.step(),
                meta.version(),
                meta.publishedStep(),
                meta.truncated(),
                JSON.valueToTree(meta.score().fields().values()),
                state.host().mixture().map(MixturePart::of).stream().toList(),
                state.host().drift().map(DriftPart::of).stream().toList(),
                state.host().probes().map(ProbePart::of).stream().toList(),
                state.host().replay().map(ReplayPart::of).stream().toList());
    }

    /**
     * Format of {@link #toJson}, the least that says it all, for releases that know no more: 1
     * unless the labels have changed, 2 unless the base model is another than a BERT, 3 unless it
     * learns another task or has another head, 4 unless it knows something beside its model, 5
     * unless it is watched for changes, 6 unless that is by something else than bets on errors, it
     * has probes, or it keeps examples.
     */
    int format() {
        if (!probes.isEmpty()
                || !replay.isEmpty()
                || drift.stream().anyMatch(part -> !part.isBetsAlone())) {
            return 7;
        }
        if (!drift.isEmpty()) {
            return 6;
        }
        if (!mixture.isEmpty()) {
            return 5;
        }
        HeadKind first = HeadKind.first(pooling);
        if (!task.equals(first.task().id()) || head != first.form()) {
            return 4;
        }
        if (!baseModel.family().equals(FAMILY_BEFORE_FORMAT_3)) {
            return 3;
        }
        return labelSet().equals(LabelSet.of(labelSet().names())) ? 1 : 2;
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(
                    switch (format()) {
                        case 1 -> inFormat1();
                        case 2 -> inFormat2();
                        case 3 -> inFormat3();
                        case 4 -> inFormat4();
                        case 5 -> inFormat5();
                        case 6 -> inFormat6();
                        default -> JSON.valueToTree(this);
                    });
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of plain values are always JSON", e);
        }
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @param json null where the metadata has none
     * @param format of the file; in format 1, labels are their names alone
     * @param file the snapshot, for messages
     */
    static SnapshotDocument parse(String json, int format, String file) throws SnapshotException {
        if (json == null) {
            throw new SnapshotException(file + " says nothing of its adapter in its metadata");
        }
        try {
            SnapshotDocument document =
                    switch (format) {
                        case 1 -> JSON.treeToValue(ofFormat1(json), SnapshotDocument.class);
                        case 2 ->
                                JSON.treeToValue(
                                        ofFormat2(JSON.readTree(json)), SnapshotDocument.class);
                        case 3 ->
                                JSON.treeToValue(
                                        ofFormat3(JSON.readTree(json)), SnapshotDocument.class);
                        case 4 ->
                                JSON.treeToValue(
                                        ofFormat4(JSON.readTree(json)), SnapshotDocument.class);
                        case 5 ->
                                JSON.treeToValue(
                                        ofFormat5(JSON.readTree(json)), SnapshotDocument.class);
                        case 6 ->
                                JSON.treeToValue(
                                        ofFormat6(JSON.readTree(json)), SnapshotDocument.class);
                        default -> JSON.readValue(json, SnapshotDocument.class);
                    };
            document.requireValid(file);
            return document;
        } catch (JsonProcessingException e) {
            throw new SnapshotException(
                    "the metadata of " + file + " does not describe an adapter" + JsonFault.of(e),
                    e);
        }
    }

    private ObjectNode inFormat6() {
        ObjectNode fields = JSON.valueToTree(this);
        fields.path("drift").forEach(part -> ((ObjectNode) part).remove("inputs"));
        return fields.without(List.of("probes", "replay"));
    }

    private static JsonNode ofFormat6(JsonNode tree) {
        for (JsonNode part : tree.path("drift")) {
            if (part instanceof ObjectNode fields) {
                fields.putArray("inputs");
            }
        }
        if (tree instanceof ObjectNode fields) {
            fields.putArray("probes");
            fields.putArray("replay");
        }
        return tree;
    }

    private ObjectNode inFormat5() {
        ObjectNode fields = inFormat6();
        return fields.without(List.of("drift"));
    }

    private static JsonNode ofFormat5(JsonNode tree) {
        if (tree instanceof ObjectNode fields) {
            fields.putArray("drift");
        }
        return ofFormat6(tree);
    }

    private ObjectNode inFormat4() {
        ObjectNode fields = inFormat5();
        return fields.without(List.of("mixture"));
    }

    private static JsonNode ofFormat4(JsonNode tree) {
        if (tree instanceof ObjectNode fields) {
            fields.putArray("mixture");
        }
        return ofFormat5(tree);
    }

    private ObjectNode inFormat3() {
        ObjectNode fields = inFormat4();
        return fields.without(List.of("task", "head"));
    }

    private static JsonNode ofFormat3(JsonNode tree) {
        if (tree instanceof ObjectNode fields) {
            HeadKind first = HeadKind.first(Pooling.MEAN);
            fields.put("task", first.task().id());
            fields.put("head", first.form().name());
        }
        return ofFormat4(tree);
    }

    private ObjectNode inFormat2() {
        ObjectNode fields = inFormat3();
        ((ObjectNode) fields.get("baseModel")).remove("family");
        return fields;
    }

    private static JsonNode ofFormat2(JsonNode tree) {
        if (tree.path("baseModel") instanceof ObjectNode base) {
            base.put("family", FAMILY_BEFORE_FORMAT_3);
        }
        return ofFormat3(tree);
    }

    private JsonNode inFormat1() {
        ObjectNode fields = inFormat2();
        fields.set("labels", JSON.valueToTree(labelSet().names()));
        return fields.without(
                List.of("labelRevision", "publishedLabelRevision", "configuredLabels"));
    }

    private static JsonNode ofFormat1(String json) throws JsonProcessingException {
        JsonNode tree = JSON.readTree(json);
        if (tree instanceof ObjectNode fields && fields.get("labels") instanceof ArrayNode names) {
            ArrayNode rows = JSON.createArrayNode();
            for (JsonNode name : names) {
                rows.addObject().put("retired", false).put("idle", 0L).set("name", name);
            }
            fields.set("labels", rows);
            fields.put("labelRevision", 1L);
            fields.put("publishedLabelRevision", 1L);
            fields.set("configuredLabels", names);
        }
        return ofFormat2(tree);
    }

    private void requireValid(String file) throws SnapshotException {
        if (!AdapterId.isValid(adapter)) {
            throw new SnapshotException(
                    file + " is of adapter '" + adapter + "', but an id is " + AdapterId.RULE);
        }
        if (mixture.size() > 1 || mixture.stream().anyMatch(Objects::isNull)) {
            throw new SnapshotException(
                    "%s has %d mixtures, expected one or none".formatted(file, mixture.size()));
        }
        if (drift.size() > 1 || drift.stream().anyMatch(Objects::isNull)) {
            throw new SnapshotException(
                    "%s has %d watches, expected one or none".formatted(file, drift.size()));
        }
        if (probes.size() > 1 || probes.stream().anyMatch(Objects::isNull)) {
            throw new SnapshotException(
                    "%s has probes %d times, expected once or not at all"
                            .formatted(file, probes.size()));
        }
        if (replay.size() > 1 || replay.stream().anyMatch(Objects::isNull)) {
            throw new SnapshotException(
                    "%s has %d samples of examples, expected one or none"
                            .formatted(file, replay.size()));
        }
        for (Module module : modules) {
            if (module.live().length != rank) {
                throw new SnapshotException(
                        "the live pattern of %s in %s has %d triplets, expected %d"
                                .formatted(module.name(), file, module.live().length, rank));
            }
        }
    }

    LabelSet labelSet() {
        return new LabelSet(
                labels.stream()
                        .map(row -> new Label(row.name(), row.retired(), row.idle()))
                        .toList(),
                labelRevision,
                publishedLabelRevision,
                configuredLabels);
    }

    TripletLayout layout() {
        return new TripletLayout(
                modules.stream().map(m -> new ModuleShape(m.name(), m.in(), m.out())).toList(),
                rank);
    }

    AdapterMeta meta() {
        return new AdapterMeta(
                adapter,
                new BaseModel(baseModel.name(), baseModel.sha256(), baseModel.family()),
                seed,
                step,
                version,
                publishedStep,
                truncated,
                Tasks.ofSpelled(task).score(scoreFields()));
    }

    private ScoreFields scoreFields() {
        Map<String, Object> values = new LinkedHashMap<>();
        prequential
                .properties()
                .forEach(field -> values.put(field.getKey(), value(field.getValue())));
        return new ScoreFields(values);
    }

    private static Object value(JsonNode field) {
        if (field.isIntegralNumber() && field.canConvertToLong()) {
            return field.longValue();
        }
        if (field.isArray() && allMatch(field, JsonNode::isIntegralNumber)) {
            return field.valueStream().mapToLong(JsonNode::longValue).toArray();
        }
        if (field.isArray() && allMatch(field, JsonNode::isNumber)) {
            return field.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
        }
        return field;
    }

    private static boolean allMatch(JsonNode array, Predicate<JsonNode> condition) {
        return array.valueStream().allMatch(condition);
    }

    /** The head, with zeros for its values. */
    HeadState blankHead() {
        Task<?> known = Tasks.ofSpelled(task);
        HeadShape shape = new HeadShape(known.outputs(labels.size()), hidden, head);
        return new HeadState(
                known,
                labelSet(),
                pooling,
                hidden,
                new float[shape.weightSize()],
                new float[shape.outputs()],
                new float[shape.denseSize()]);
    }

    /** Live pattern, module after module. */
    boolean[] live() {
        boolean[] live = new boolean[modules.size() * rank];
        for (int k = 0; k < modules.size(); k++) {
            System.arraycopy(modules.get(k).live(), 0, live, k * rank, rank);
        }
        return live;
    }
}
