package io.rankstream.adapters.peft;

import io.rankstream.adapters.safetensors.SafetensorsWriter;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.training.AdapterTemplate;
import io.rankstream.adapters.training.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of a published adapter, as Hugging Face's PEFT reads them: {@code adalora/} holds the
 * live triplets of an AdaLoRA adapter, {@code lora/} the update as plain LoRA for servers that know
 * nothing else, {@code head/} the head where nothing else was learned, {@code labels.json} the
 * classes and {@code provenance.json} where the adapter comes from.
 *
 * <p>Both directories load into a {@code BertForSequenceClassification} of the base model. The
 * head's {@code classifier} reads a vector pooled as {@code provenance.json} says, not the output
 * of BERT's pooler, which this project never uses.
 *
 * <p>An export only: masked triplets, moments and importance are not in it, so training cannot go
 * on from it.
 */
public final class AdapterFiles {

    private static final String MODEL = "base_model.model.";
    private static final String ENCODER = MODEL + "bert.";
    private static final String HEAD = "classifier";

    /** Ranks that servers of LoRA adapters have kernels for are multiples of this. */
    private static final int RANK_STEP = 8;

    private final AdapterState state;
    private final AdapterTemplate template;
    private final List<LiveTriplets> modules;

    private AdapterFiles(AdapterState state, AdapterTemplate template) {
        this.state = state;
        this.template = template;
        this.modules = new ArrayList<>();
        for (int k = 0; k < state.triplets().layout().modules().size(); k++) {
            modules.add(LiveTriplets.of(state, k));
        }
    }

    /**
     * Content by relative path, sorted; the manifest is not among them. The same arguments give the
     * same bytes.
     *
     * @param state the adapter; its last mask is applied
     * @param template what it was trained with
     * @throws IllegalArgumentException if a value to be written is NaN or infinite
     */
    public static SortedMap<String, byte[]> of(AdapterState state, AdapterTemplate template) {
        return new AdapterFiles(state, template).write();
    }

    private SortedMap<String, byte[]> write() {
        Finite.require(state.head().weight(), "the weight of the head");
        Finite.require(state.head().bias(), "the bias of the head");
        PeftConfig config = new PeftConfig(state, template);
        int uniformRank = uniformRank();
        SortedMap<String, byte[]> files = new TreeMap<>();
        if (template.method() == Method.ADALORA) {
            files.put("adalora/adapter_config.json", Json.sorted(config.adalora()));
            files.put("adalora/adapter_model.safetensors", adaloraTensors());
        }
        if (template.method() == Method.HEAD) {
            files.put("head/model.safetensors", headTensors());
        } else {
            files.put("lora/adapter_config.json", Json.sorted(config.lora(uniformRank)));
            files.put("lora/adapter_model.safetensors", loraTensors(uniformRank));
        }
        files.put("labels.json", Json.ordered(labels(state.head().labels())));
        files.put("provenance.json", Json.ordered(Provenance.of(state, template)));
        return files;
    }

    private byte[] adaloraTensors() {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (LiveTriplets module : modules) {
            String name = ENCODER + module.shape().name();
            int rank = module.rank();
            writer.put(name + ".lora_A", new int[] {rank, module.shape().in()}, module.a());
            writer.put(name + ".lora_E", new int[] {rank, 1}, module.e());
            writer.put(name + ".lora_B", new int[] {module.shape().out(), rank}, module.b());
        }
        putHead(writer, MODEL + HEAD);
        return writer.toBytes();
    }

    /** {@code A' = A}, {@code B' = s B diag(E)}, padded with zeros to one rank. */
    private byte[] loraTensors(int rank) {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (LiveTriplets module : modules) {
            String name = ENCODER + module.shape().name();
            writer.put(
                    name + ".lora_A.weight",
                    new int[] {rank, module.shape().in()},
                    module.paddedA(rank));
            float[] b = module.paddedScaledB(rank, state.triplets().scale());
            Finite.require(b, "s B diag(E) of " + module.shape().name());
            writer.put(name + ".lora_B.weight", new int[] {module.shape().out(), rank}, b);
        }
        putHead(writer, MODEL + HEAD);
        return writer.toBytes();
    }

    private byte[] headTensors() {
        SafetensorsWriter writer = new SafetensorsWriter();
        putHead(writer, HEAD);
        return writer.toBytes();
    }

    private void putHead(SafetensorsWriter writer, String name) {
        HeadState head = state.head();
        int labels = head.labels().size();
        writer.put(name + ".weight", new int[] {labels, head.hidden()}, head.weight());
        writer.put(name + ".bias", new int[] {labels}, head.bias());
    }

    /** Largest live rank, rounded up; readers refuse a rank of 0. */
    private int uniformRank() {
        int largest = modules.stream().mapToInt(LiveTriplets::rank).max().orElse(0);
        return Math.max(1, (largest + RANK_STEP - 1) / RANK_STEP) * RANK_STEP;
    }

    /** The two maps of a Hugging Face config, by class index. */
    private static Map<String, Object> labels(List<String> labels) {
        Map<String, String> byId = new LinkedHashMap<>();
        Map<String, Integer> byLabel = new LinkedHashMap<>();
        for (int id = 0; id < labels.size(); id++) {
            byId.put(Integer.toString(id), labels.get(id));
            byLabel.put(labels.get(id), id);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id2label", byId);
        json.put("label2id", byLabel);
        return json;
    }
}
