package io.rankstream.adapters.version;

import io.rankstream.adapters.files.Json;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.peft.PeftExport;
import io.rankstream.adapters.provenance.Provenance;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.weights.safetensors.FloatType;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of a published adapter: {@code adalora/} holds the live triplets of an AdaLoRA adapter
 * and {@code lora/} the update as plain LoRA, both as {@link PeftExport} says; {@code head/} the
 * head where nothing else was learned; {@code labels.json} the classes, {@code provenance.json}
 * where the adapter comes from, {@value AdapterSnapshot#FILE} its whole state, and {@value
 * ModelCard#FILE} what people want to know of it.
 */
public final class AdapterFiles {
    private AdapterFiles() {}

    /**
     * Content by relative path, sorted; the manifest is not among them. The same arguments give the
     * same bytes.
     *
     * @param state the adapter; its last mask is applied in PEFT's files
     * @param template what it was trained with
     * @param maxLength token limit of a text that it was trained with
     * @throws IllegalArgumentException if a value to be written is NaN or infinite
     */
    public static SortedMap<String, byte[]> of(
            AdapterState state, TrainingTemplate template, int maxLength) {
        OptionalInt limit = OptionalInt.of(maxLength);
        return of(state, template.method(), limit, Provenance.of(state, template, limit));
    }

    /**
     * The same of an adapter whose template is not known, as in a savepoint: {@code
     * provenance.json} has no hyperparameters, and a plain LoRA is written as AdaLoRA too.
     *
     * @param maxLength token limit of a text that it was trained with; empty where it is not known
     * @throws IllegalArgumentException if a value to be written is NaN or infinite
     */
    public static SortedMap<String, byte[]> of(AdapterState state, OptionalInt maxLength) {
        boolean headAlone = state.triplets().layout().modules().isEmpty();
        return of(
                state,
                headAlone ? Method.HEAD : Method.ADALORA,
                maxLength,
                Provenance.of(state, maxLength));
    }

    /**
     * An export: PEFT's directory in one format, with {@code labels.json} and {@value
     * ModelCard#FILE} in it.
     *
     * @param type of the numbers
     * @param maxLength token limit of a text that it was trained with; empty where it is not known
     * @throws IllegalArgumentException if a value to be written is NaN or infinite, or too large
     *     for {@code type}, or if the adapter has no adapted module
     */
    public static SortedMap<String, byte[]> export(
            AdapterState state, PeftExport.Format format, FloatType type, OptionalInt maxLength) {
        SortedMap<String, byte[]> files = PeftExport.of(state, format, type);
        files.put(PeftExport.LABELS_FILE, PeftExport.labels(state.head(), maxLength));
        files.put(ModelCard.FILE, ModelCard.of(state, ".", maxLength));
        return files;
    }

    private static SortedMap<String, byte[]> of(
            AdapterState state,
            Method method,
            OptionalInt maxLength,
            Map<String, Object> provenance) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        if (method.allocates()) {
            put(files, "adalora/", state, PeftExport.Format.ADALORA);
        }
        if (method.adaptsModules()) {
            put(files, "lora/", state, PeftExport.Format.LORA);
        } else {
            files.put("head/model.safetensors", PeftExport.head(state));
        }
        files.put(PeftExport.LABELS_FILE, PeftExport.labels(state.head(), maxLength));
        files.put("provenance.json", Json.ordered(provenance));
        files.put(AdapterSnapshot.FILE, AdapterSnapshot.of(state));
        files.put(
                ModelCard.FILE,
                ModelCard.of(state, method.name().toLowerCase(Locale.ROOT), maxLength));
        return files;
    }

    private static void put(
            SortedMap<String, byte[]> files,
            String folder,
            AdapterState state,
            PeftExport.Format format) {
        PeftExport.of(state, format, FloatType.F32)
                .forEach((name, content) -> files.put(folder + name, content));
    }
}
