package io.rankstream.adapters.peft;

import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.OwnHead;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.ModelClass;
import java.util.List;

/**
 * Names in PEFT's files for a class of transformers.
 *
 * @param family that of the model that was adapted
 * @param model its class
 */
record PeftNames(Family family, ModelClass model) {

    /** File of the settings. */
    static final String CONFIG_FILE = "adapter_config.json";

    /** File of the tensors. */
    static final String TENSOR_FILE = "adapter_model.safetensors";

    /** What every tensor's name begins with. */
    static final String PREFIX = "base_model.model.";

    static final String WEIGHT = ".weight";
    static final String BIAS = ".bias";

    static final String A = ".lora_A";
    static final String E = ".lora_E";
    static final String B = ".lora_B";

    /** Those of an adapter. */
    static PeftNames of(AdapterState state) {
        return new PeftNames(
                Family.of(state.meta().baseModel().family()),
                state.head().task().card().modelClass());
    }

    /** Name of an encoder's layer in the model that was adapted. */
    String inModel(String module) {
        return family.prefix() + module;
    }

    /** What the names of a layer's tensors begin with. */
    String tensor(String module) {
        return PREFIX + inModel(module);
    }

    /** The head of two layers. */
    OwnHead own() {
        return family.ownHead()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "the head has two layers, but the own head of a %s has one"
                                                .formatted(family.name())));
    }

    /** The last layer of a head. */
    String last(HeadForm form) {
        return form == HeadForm.OWN ? own().out() : model.linearHead();
    }

    /** The modules that a head is saved with. */
    List<String> headModules(HeadForm form) {
        return form == HeadForm.OWN ? own().modules() : List.of(model.linearHead());
    }
}
