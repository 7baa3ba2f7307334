package io.rankstream.adapters.peft;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.state.AdapterState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Contents of PEFT's adapter_config.json, in PEFT's names. Everything that a reader infers with is
 * the adapter's. What PEFT's trainer alone reads (schedule, decays, regulariser, dropout) keeps
 * PEFT's defaults: without moments and importance no training goes on from these files.
 *
 * @param state the adapter
 */
record PeftConfig(AdapterState state) {

    /** The release of PEFT that these files were loaded with. */
    private static final String PEFT_VERSION = "0.21.2";

    Map<String, Object> adalora() {
        Map<String, Object> json = common("ADALORA");
        // PEFT warns of any other r: its AdaLoRA reads init_r and target_r alone.
        json.put("r", 8);
        json.put("lora_alpha", state.triplets().alpha());
        json.put("init_r", state.triplets().layout().rank());
        json.put("rank_pattern", rankPattern());
        // PEFT refuses a schedule without an end, and one that ended before it began.
        json.put("total_step", state.meta().step() + 1);
        return json;
    }

    /**
     * Configuration of the plain LoRA export.
     *
     * @param rank rank of every module; α is the same, so that the reader scales by 1
     */
    Map<String, Object> lora(int rank) {
        Map<String, Object> json = common("LORA");
        json.put("r", rank);
        json.put("lora_alpha", rank);
        return json;
    }

    /**
     * Configuration of the plain LoRA export whose modules have ranks of their own. Each α is its
     * module's rank, so that the reader scales by 1.
     *
     * @param ranks rank by module, above 0
     */
    Map<String, Object> loraOfOwnRanks(Map<String, Integer> ranks) {
        int largest = Collections.max(ranks.values());
        Map<String, Object> json = lora(largest);
        PeftNames names = names();
        Map<String, Integer> others = new LinkedHashMap<>();
        ranks.forEach(
                (module, rank) -> {
                    if (rank != largest) {
                        others.put(names.inModel(module), rank);
                    }
                });
        json.put("rank_pattern", others);
        json.put("alpha_pattern", others);
        json.put("target_modules", ranks.keySet().stream().map(names::inModel).sorted().toList());
        return json;
    }

    private Map<String, Object> common(String type) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("peft_type", type);
        json.put("peft_version", PEFT_VERSION);
        json.put("task_type", names().model().peft());
        json.put("base_model_name_or_path", state.meta().baseModel().name());
        json.put("target_modules", targetModules());
        json.put("modules_to_save", names().headModules(state.head().form()));
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("init_lora_weights", true);
        json.put("inference_mode", true);
        return json;
    }

    /** Live pattern by module; null while every triplet lives, as before PEFT's first mask. */
    private Map<String, Object> rankPattern() {
        TripletLayout layout = state.triplets().layout();
        boolean[] live = state.budget().live();
        if (state.budget().liveTriplets() == live.length) {
            return null;
        }
        PeftNames names = names();
        Map<String, Object> pattern = new LinkedHashMap<>();
        for (int k = 0; k < layout.modules().size(); k++) {
            List<Boolean> module = new ArrayList<>();
            for (int i = 0; i < layout.rank(); i++) {
                module.add(live[k * layout.rank() + i]);
            }
            pattern.put(names.inModel(layout.modules().get(k).name()) + PeftNames.E, module);
        }
        return Collections.unmodifiableMap(pattern);
    }

    /** Whole names: an end such as {@code output.dense} would mean layers that have no triplets. */
    private List<String> targetModules() {
        return state.triplets().layout().modules().stream()
                .map(ModuleShape::name)
                .map(names()::inModel)
                .sorted()
                .toList();
    }

    private PeftNames names() {
        return PeftNames.of(state);
    }
}
