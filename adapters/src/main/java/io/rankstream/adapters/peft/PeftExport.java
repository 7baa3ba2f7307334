package io.rankstream.adapters.peft;

import io.rankstream.adapters.files.Json;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.Finite;
import io.rankstream.adapters.state.HeadShape;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.state.LiveTriplets;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.version.ModelCard;
import io.rankstream.adapters.weights.safetensors.FloatType;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * An adapter as Hugging Face's PEFT reads it. The directory loads into a {@code
 * BertForSequenceClassification} of the base model. The head's {@code classifier} reads a vector
 * pooled as {@value #LABELS_FILE} says; that class gives it the output of BERT's pooler, which is
 * right for the pooling {@code POOLER} alone. {@link ModelCard} shows what to do for the others.
 * Retired labels are left out.
 *
 * <p>An export only: masked triplets, moments and importance are not in it, so training cannot go
 * on from it.
 */
public final class PeftExport {

    /** File with the names of the head's classes and the pooling, beside or above PEFT's files. */
    public static final String LABELS_FILE = "labels.json";

    /** Ranks that servers of LoRA adapters have kernels for are multiples of this. */
    private static final int RANK_STEP = 8;

    /** Which of PEFT's formats is written. */
    public enum Format {
        /** The live triplets, with the live pattern. */
        ADALORA,
        /**
         * A plain LoRA of equal effect and one rank for all modules, for readers that know nothing
         * else.
         */
        LORA,
        /**
         * A plain LoRA of equal effect, in which each module has a rank of its own; modules without
         * live triplets are left out.
         */
        LORA_OWN_RANKS
    }

    private final AdapterState state;
    private final FloatType type;
    private final PeftNames names;
    private final List<LiveTriplets> modules;

    private PeftExport(AdapterState state, FloatType type) {
        this.state = state;
        this.type = type;
        this.names = PeftNames.of(state);
        this.modules = LiveTriplets.of(state);
    }

    /**
     * The two files of PEFT's directory by name. The same arguments give the same bytes.
     *
     * @param state an adapter with at least one adapted module; its last mask is applied
     * @param type type of every tensor
     * @throws IllegalArgumentException if a value to be written is NaN or infinite, or too large
     *     for {@code type}, or if the adapter has no adapted module
     */
    public static SortedMap<String, byte[]> of(AdapterState state, Format format, FloatType type) {
        if (state.triplets().layout().modules().isEmpty()) {
            throw new IllegalArgumentException(
                    "adapter '%s' is a head alone, expected one with adapted modules: PEFT has no such format"
                            .formatted(state.meta().adapterId()));
        }
        return new PeftExport(state, type).write(format);
    }

    /**
     * Content of {@value #LABELS_FILE}: the two maps of a Hugging Face config, by class index, or
     * the number of outputs where there are no labels, how token vectors become the one that the
     * head reads, how long a text may be, and the revision of the adapter's labels.
     *
     * @param maxLength token limit of a text; empty where it is not known
     */
    public static byte[] labels(HeadState head, OptionalInt maxLength) {
        Map<String, String> byId = new LinkedHashMap<>();
        Map<String, Integer> byLabel = new LinkedHashMap<>();
        List<String> labels = head.labels().active();
        for (int id = 0; id < labels.size(); id++) {
            byId.put(Integer.toString(id), labels.get(id));
            byLabel.put(labels.get(id), id);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        if (head.task().hasLabels()) {
            json.put("id2label", byId);
            json.put("label2id", byLabel);
        } else {
            json.put("num_labels", head.bias().length);
        }
        head.task().card().problemType().ifPresent(type -> json.put("problem_type", type));
        json.putAll(head.kind().described());
        maxLength.ifPresent(length -> json.put("maxLength", length));
        json.put("labelRevision", head.labels().revision());
        return Json.ordered(json);
    }

    /** The head alone, under its names in the base model's classifier. */
    public static byte[] head(AdapterState state) {
        SafetensorsWriter writer = new SafetensorsWriter();
        putHead(writer, "", PeftNames.of(state), state.jointHead());
        return writer.toBytes();
    }

    private SortedMap<String, byte[]> write(Format format) {
        PeftConfig config = new PeftConfig(state);
        SortedMap<String, byte[]> files = new TreeMap<>();
        switch (format) {
            case ADALORA -> {
                files.put(PeftNames.CONFIG_FILE, Json.sorted(config.adalora()));
                files.put(PeftNames.TENSOR_FILE, adaloraTensors());
            }
            case LORA -> {
                int rank = uniformRank();
                files.put(PeftNames.CONFIG_FILE, Json.sorted(config.lora(rank)));
                files.put(PeftNames.TENSOR_FILE, loraTensors(module -> rank));
            }
            case LORA_OWN_RANKS -> {
                Map<String, Integer> ranks = ownRanks();
                files.put(PeftNames.CONFIG_FILE, Json.sorted(config.loraOfOwnRanks(ranks)));
                files.put(PeftNames.TENSOR_FILE, loraTensors(ranks::get));
            }
        }
        return files;
    }

    private byte[] adaloraTensors() {
        SafetensorsWriter writer = new SafetensorsWriter(type);
        for (LiveTriplets module : modules) {
            ModuleShape shape = module.shape();
            String name = names.tensor(shape.name());
            int rank = module.rank();
            Finite.require(module.a(), "A of " + shape.name());
            Finite.require(module.e(), "E of " + shape.name());
            Finite.require(module.b(), "B of " + shape.name());
            writer.put(name + PeftNames.A, new int[] {rank, shape.in()}, module.a());
            writer.put(name + PeftNames.E, new int[] {rank, 1}, module.e());
            writer.put(name + PeftNames.B, new int[] {shape.out(), rank}, module.b());
        }
        putHead(writer, PeftNames.PREFIX, names, state.jointHead());
        return writer.toBytes();
    }

    /**
     * {@code A' = A}, {@code B' = s B diag(E)}, padded with zeros.
     *
     * @param ranks rank of a module by its name; null leaves it out
     */
    private byte[] loraTensors(Function<String, Integer> ranks) {
        SafetensorsWriter writer = new SafetensorsWriter(type);
        for (LiveTriplets module : modules) {
            ModuleShape shape = module.shape();
            Integer rank = ranks.apply(shape.name());
            if (rank == null) {
                continue;
            }
            String name = names.tensor(shape.name());
            float[] a = module.paddedA(rank);
            float[] b = module.paddedScaledB(rank);
            Finite.require(a, "A of " + shape.name());
            Finite.require(b, "s B diag(E) of " + shape.name());
            writer.put(name + PeftNames.A + PeftNames.WEIGHT, new int[] {rank, shape.in()}, a);
            writer.put(name + PeftNames.B + PeftNames.WEIGHT, new int[] {shape.out(), rank}, b);
        }
        putHead(writer, PeftNames.PREFIX, names, state.jointHead());
        return writer.toBytes();
    }

    private static void putHead(
            SafetensorsWriter writer, String prefix, PeftNames names, HeadState whole) {
        HeadState head = whole.active();
        HeadShape shape = head.shape();
        Finite.require(head.weight(), "the weight of the head");
        Finite.require(head.bias(), "the bias of the head");
        Finite.require(head.dense(), "the first layer of the head");
        if (shape.form() == HeadForm.OWN) {
            int hidden = shape.hidden();
            int weights = shape.denseWeightSize();
            writer.put(
                    prefix + names.own().denseWeight(),
                    new int[] {hidden, hidden},
                    Arrays.copyOf(head.dense(), weights));
            writer.put(
                    prefix + names.own().ofFeatures(),
                    new int[] {hidden},
                    Arrays.copyOfRange(head.dense(), weights, shape.denseSize()));
        }
        putLayer(
                writer,
                prefix + names.last(shape.form()),
                shape.hidden(),
                head.weight(),
                head.bias());
    }

    private static void putLayer(
            SafetensorsWriter writer, String name, int in, float[] weight, float[] bias) {
        writer.put(name + PeftNames.WEIGHT, new int[] {bias.length, in}, weight);
        writer.put(name + PeftNames.BIAS, new int[] {bias.length}, bias);
    }

    /**
     * Live rank by module, in the order of the base model. Where no triplet lives, the first module
     * has one of zeros: PEFT refuses a rank of 0, and an adapter without modules.
     */
    private Map<String, Integer> ownRanks() {
        Map<String, Integer> ranks = new LinkedHashMap<>();
        for (LiveTriplets module : modules) {
            if (module.rank() > 0) {
                ranks.put(module.shape().name(), module.rank());
            }
        }
        return ranks.isEmpty() ? Map.of(modules.get(0).shape().name(), 1) : ranks;
    }

    /** Largest live rank, rounded up; readers refuse a rank of 0. */
    private int uniformRank() {
        int largest = modules.stream().mapToInt(LiveTriplets::rank).max().orElse(0);
        return Math.max(1, (largest + RANK_STEP - 1) / RANK_STEP) * RANK_STEP;
    }
}
