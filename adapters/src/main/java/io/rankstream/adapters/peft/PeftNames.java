package io.rankstream.adapters.peft;

/** Names in PEFT's files for a {@code BertForSequenceClassification}. */
final class PeftNames {

    /** File of the settings. */
    static final String CONFIG_FILE = "adapter_config.json";

    /** File of the tensors. */
    static final String TENSOR_FILE = "adapter_model.safetensors";

    /** What every tensor's name begins with. */
    static final String PREFIX = "base_model.model.";

    /** The encoder's name in the model that was adapted. */
    static final String ENCODER = "bert.";

    /** The head's name in the model that was adapted. */
    static final String HEAD = "classifier";

    static final String WEIGHT = ".weight";
    static final String BIAS = ".bias";

    static final String A = ".lora_A";
    static final String E = ".lora_E";
    static final String B = ".lora_B";

    private PeftNames() {}

    /** Name of an encoder's layer in the model that was adapted. */
    static String inModel(String module) {
        return ENCODER + module;
    }

    /** What the names of a layer's tensors begin with. */
    static String tensor(String module) {
        return PREFIX + ENCODER + module;
    }
}
