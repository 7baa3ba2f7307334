package io.rankstream.adapters.peft;

import io.rankstream.adapters.adalora.BudgetSchedule;
import io.rankstream.adapters.adalora.FiniteBudgetSchedule;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.training.AdapterTemplate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Contents of PEFT's adapter_config.json, in PEFT's names.
 *
 * @param state the adapter
 * @param template what it was trained with
 */
record PeftConfig(AdapterState state, AdapterTemplate template) {

    /** The release of PEFT that these files were loaded with. */
    private static final String PEFT_VERSION = "0.21.2";

    Map<String, Object> adalora() {
        Map<String, Object> json = common("ADALORA");
        // PEFT warns of any other r: its AdaLoRA reads init_r and target_r alone.
        json.put("r", 8);
        json.put("lora_alpha", state.triplets().alpha());
        json.put("init_r", state.triplets().layout().rank());
        json.put("beta1", template.sensitivityDecay());
        json.put("beta2", template.uncertaintyDecay());
        json.put("orth_reg_weight", template.orthogonality().coefficient());
        json.put("rank_pattern", rankPattern());
        putSchedule(json, template.schedule());
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

    private Map<String, Object> common(String type) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("peft_type", type);
        json.put("peft_version", PEFT_VERSION);
        json.put("task_type", "SEQ_CLS");
        json.put("base_model_name_or_path", state.meta().baseModel().name());
        json.put("target_modules", targetModules());
        json.put("modules_to_save", List.of("classifier"));
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("init_lora_weights", true);
        json.put("lora_dropout", template.dropout());
        json.put("inference_mode", true);
        return json;
    }

    /**
     * PEFT refuses a schedule without an end. An endless one is written as one that ends with the
     * step after this: readers that only infer take no notice.
     */
    private void putSchedule(Map<String, Object> json, BudgetSchedule schedule) {
        if (schedule instanceof FiniteBudgetSchedule finite) {
            json.put("total_step", finite.totalSteps());
            json.put("tinit", finite.warmupSteps());
            json.put("tfinal", finite.finalSteps());
            json.put("deltaT", finite.maskInterval());
            json.put("target_r", finite.targetRank());
        } else {
            json.put("total_step", state.meta().step() + 1);
            json.put("tinit", 0);
            json.put("tfinal", 0);
            boolean prunes = schedule instanceof StreamingBudgetSchedule;
            json.put("deltaT", prunes ? ((StreamingBudgetSchedule) schedule).maskInterval() : 1);
            json.put(
                    "target_r",
                    prunes
                            ? ((StreamingBudgetSchedule) schedule).targetRank()
                            : state.triplets().layout().rank());
        }
    }

    /** Live pattern by module; null while every triplet lives, as before PEFT's first mask. */
    private Map<String, Object> rankPattern() {
        TripletLayout layout = state.triplets().layout();
        boolean[] live = state.budget().live();
        if (state.budget().liveTriplets() == live.length) {
            return null;
        }
        Map<String, Object> pattern = new LinkedHashMap<>();
        for (int k = 0; k < layout.modules().size(); k++) {
            List<Boolean> module = new ArrayList<>();
            for (int i = 0; i < layout.rank(); i++) {
                module.add(live[k * layout.rank() + i]);
            }
            pattern.put("bert." + layout.modules().get(k).name() + ".lora_E", module);
        }
        return Collections.unmodifiableMap(pattern);
    }

    /** What the names of adapted modules end with in every layer, e.g. query. */
    private List<String> targetModules() {
        return state.triplets().layout().modules().stream()
                .map(ModuleShape::name)
                .map(
                        name ->
                                name.replaceFirst(
                                        "^encoder\\.layer\\.\\d+\\.(attention\\.self\\.)?", ""))
                .distinct()
                .sorted()
                .toList();
    }
}
