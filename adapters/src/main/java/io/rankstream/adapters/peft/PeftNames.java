package io.rankstream.adapters.peft;

import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.state.AdapterState;

/**
 * Names in PEFT's files for a sequence classification of transformers.
 *
 * @param encoder what the encoder's names begin with in the model that was adapted, as {@code
 *     bert.}
 */
record PeftNames(String encoder) {

    /** File of the settings. */
    static final String CONFIG_FILE = "adapter_config.json";

    /** File of the tensors. */
    static final String TENSOR_FILE = "adapter_model.safetensors";

    /** What every tensor's name begins with. */
    static final String PREFIX = "base_model.model.";

    /** The head's name in the model that was adapted. */
    static final String HEAD = "classifier";

    /** The first layer of a head of two, after the head's name. */
    static final String DENSE = ".dense";

    /** The second one. */
    static final String OUT = ".out_proj";

    static final String WEIGHT = ".weight";
    static final String BIAS = ".bias";

    static final String A = ".lora_A";
    static final String E = ".lora_E";
    static final String B = ".lora_B";

    /** Those of an adapter. */
    static PeftNames of(AdapterState state) {
        return new PeftNames(Family.of(state.meta().baseModel().family()).prefix());
    }

    /** Name of an encoder's layer in the model that was adapted. */
    String inModel(String module) {
        return encoder + module;
    }

    /** What the names of a layer's tensors begin with. */
    String tensor(String module) {
        return PREFIX + inModel(module);
    }
}
