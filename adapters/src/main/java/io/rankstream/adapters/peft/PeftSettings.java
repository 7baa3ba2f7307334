package io.rankstream.adapters.peft;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.files.Leftover;
import io.rankstream.adapters.files.StrictJson;
import io.rankstream.adapters.task.ModelClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * What adapter_config.json says of an adapter that this project can represent; everything else is
 * refused. Fields that are missing have PEFT's defaults.
 *
 * @param file where it was read, for messages
 * @param json its content
 */
record PeftSettings(Path file, JsonNode json) {

    /** Settings that change what the adapter computes, and are off in what can be read. */
    private static final List<String> OFF =
            List.of(
                    "use_dora",
                    "use_qalora",
                    "use_bdlora",
                    "lora_bias",
                    "fan_in_fan_out",
                    "layer_replication",
                    "trainable_token_indices",
                    "target_parameters",
                    "alora_invocation_tokens",
                    "monteclora_config",
                    "kasa_config",
                    "arrow_config");

    /** No layer of a BERT encoder has more features by far; arrays of this length are harmless. */
    private static final int MAX_RANK = 1 << 16;

    /** Initialisations by name that leave the base model as it is; others change its weights. */
    private static final List<String> HARMLESS_STARTS = List.of("gaussian", "eva", "orthogonal");

    static PeftSettings read(Path directory) throws IOException {
        Path file = directory.resolve(PeftNames.CONFIG_FILE);
        if (!Files.isRegularFile(file)) {
            throw new PeftException(PeftFiles.unusable(directory, PeftNames.CONFIG_FILE));
        }
        byte[] content = Files.readAllBytes(file);
        PeftSettings settings;
        try {
            settings = new PeftSettings(file, StrictJson.read(content));
        } catch (JsonProcessingException e) {
            throw new PeftException(
                    file
                            + " "
                            + Leftover.in(content, content.length)
                                    .orElse("is not JSON" + JsonFault.of(e)),
                    e);
        }
        if (content.length == 0) {
            throw new PeftException(file + " " + Leftover.in(content, 0).orElseThrow());
        }
        settings.requireRepresentable();
        return settings;
    }

    private void requireRepresentable() throws PeftException {
        String type = json.path("peft_type").asText("");
        if (!type.equals("ADALORA") && !type.equals("LORA")) {
            throw refused("peft_type", "ADALORA or LORA");
        }
        for (String field : OFF) {
            JsonNode value = json.path(field);
            boolean isFalse = value.isBoolean() && !value.booleanValue();
            if (!absent(value) && !isFalse) {
                throw refused(field, "it to be off: triplets cannot express it");
            }
        }
        if (!json.path("bias").asText("none").equals("none")) {
            throw refused("bias", "none: the base model's biases stay as they are");
        }
        JsonNode task = json.path("task_type");
        if (!absent(task) && !task.isTextual()) {
            throw refused(
                    "task_type", "a text such as " + ModelClass.SEQUENCE_CLASSIFICATION.peft());
        }
        JsonNode start = json.path("init_lora_weights");
        if (start.isTextual() && !HARMLESS_STARTS.contains(start.asText())) {
            throw refused(
                    "init_lora_weights",
                    "true, false or one of "
                            + HARMLESS_STARTS
                            + ": any other changes the base model's weights");
        }
    }

    boolean isAdalora() {
        return json.path("peft_type").asText().equals("ADALORA");
    }

    /** What the adapter's author called the base model; empty where nothing is said. */
    String baseModel() {
        return json.path("base_model_name_or_path").asText("");
    }

    /** What is said of the task; empty where nothing is. */
    String taskType() {
        return json.path("task_type").asText("");
    }

    /** The class of transformers that was adapted; empty where nothing that is known is said. */
    Optional<ModelClass> modelClass() {
        return Arrays.stream(ModelClass.values())
                .filter(model -> model.peft().equals(taskType()))
                .findFirst();
    }

    /** Whether PEFT loads a head that is held by {@code modules}; else it leaves some alone. */
    boolean savesHead(List<String> modules) {
        Set<String> saved =
                json.path("modules_to_save")
                        .valueStream()
                        .map(JsonNode::asText)
                        .collect(Collectors.toSet());
        // PEFT adds the head of transformers' class to the modules of an adapter for its task.
        modelClass().ifPresent(model -> saved.add(model.linearHead()));
        // A name means every module that ends so.
        return modules.stream().allMatch(module -> saved.stream().anyMatch(module::endsWith));
    }

    /**
     * Checks that PEFT would load what the file holds of a module.
     *
     * @param module the module's name in the model that was adapted
     * @throws PeftException if target_modules, exclude_modules or layers_to_transform leave it out:
     *     PEFT ignores its tensors then
     */
    void requireTargeted(String module) throws PeftException {
        if (!new PeftTargets(json).includes(module)) {
            throw new PeftException(
                    "%s holds tensors of '%s', but target_modules, exclude_modules and layers_to_transform in %s leave it out, so that PEFT ignores them: correct the settings or remove the tensors"
                            .formatted(PeftNames.TENSOR_FILE, module, file));
        }
    }

    /** {@code init_r} of AdaLoRA. */
    int initRank() throws PeftException {
        return rank("init_r", 12);
    }

    /** Numerator of the scale, for modules without one of their own. */
    double alpha() throws PeftException {
        JsonNode value = json.path("lora_alpha");
        return absent(value) ? 8 : positive("lora_alpha", value);
    }

    /**
     * Rank of plain LoRA.
     *
     * @param module the module's name in the model that was adapted
     */
    int loraRank(String module) throws PeftException {
        JsonNode own = ofModule("rank_pattern", module);
        if (absent(own)) {
            return rank("r", 8);
        }
        if (!isRank(own)) {
            throw refused("rank_pattern", "ranks from 1 to " + MAX_RANK);
        }
        return own.intValue();
    }

    /**
     * What plain LoRA multiplies {@code B A} with: {@code α / r}, or {@code α / √r} if it is rank
     * stabilised.
     */
    double loraScale(String module) throws PeftException {
        JsonNode own = ofModule("alpha_pattern", module);
        double alpha = absent(own) ? alpha() : positive("alpha_pattern", own);
        int rank = loraRank(module);
        return alpha / (json.path("use_rslora").asBoolean(false) ? Math.sqrt(rank) : rank);
    }

    /**
     * AdaLoRA's live pattern of a module; all true before PEFT's first mask.
     *
     * @param module the module's name in the model that was adapted
     */
    boolean[] livePattern(String module) throws PeftException {
        boolean[] live = new boolean[initRank()];
        JsonNode patterns = json.path("rank_pattern");
        if (absent(patterns)) {
            Arrays.fill(live, true);
            return live;
        }
        JsonNode pattern = patterns.path(module + PeftNames.E);
        boolean fits = pattern.isArray() && pattern.size() == live.length;
        for (int i = 0; fits && i < live.length; i++) {
            fits = pattern.get(i).isBoolean();
            live[i] = pattern.get(i).asBoolean();
        }
        if (!fits) {
            throw new PeftException(
                    "the rank_pattern in %s says %s of %s, expected a list of %d times true or false, one for each of init_r"
                            .formatted(file, shown(pattern), module, live.length));
        }
        return live;
    }

    /**
     * Checks that AdaLoRA's pattern is of no module beyond {@code modules}.
     *
     * @param modules names in the model that was adapted
     */
    void requireNoPatternBeyond(Collection<String> modules) throws PeftException {
        for (Map.Entry<String, JsonNode> entry : json.path("rank_pattern").properties()) {
            String key = entry.getKey();
            boolean known =
                    key.endsWith(PeftNames.E)
                            && modules.contains(
                                    key.substring(0, key.length() - PeftNames.E.length()));
            if (!known) {
                throw new PeftException(
                        "the rank_pattern in %s names '%s', but %s has no such tensor"
                                .formatted(file, key, PeftNames.TENSOR_FILE));
            }
        }
    }

    /** PEFT's rule: the first pattern that the name, or its end from a dot on, matches. */
    private JsonNode ofModule(String field, String module) throws PeftException {
        for (Map.Entry<String, JsonNode> entry : json.path(field).properties()) {
            try {
                Pattern pattern = Pattern.compile("(.*\\.)?(" + entry.getKey() + ")");
                if (pattern.matcher(module).matches()) {
                    return entry.getValue();
                }
            } catch (PatternSyntaxException e) {
                throw new PeftException(
                        "the key '%s' of %s in %s is no regular expression: %s"
                                .formatted(entry.getKey(), field, file, e.getDescription()),
                        e);
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean isRank(JsonNode value) {
        return value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= 1
                && value.intValue() <= MAX_RANK;
    }

    private int rank(String field, int absent) throws PeftException {
        JsonNode value = json.path(field);
        if (absent(value)) {
            return absent;
        }
        if (!isRank(value)) {
            throw refused(field, "a whole number from 1 to " + MAX_RANK);
        }
        return value.intValue();
    }

    private double positive(String field, JsonNode value) throws PeftException {
        if (!value.isNumber() || !(value.floatValue() > 0) || !Float.isFinite(value.floatValue())) {
            throw refused(field, "a number above 0 that is a 32-bit float");
        }
        return value.doubleValue();
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private PeftException refused(String field, String expected) {
        return new PeftException(
                "%s says %s %s, expected %s"
                        .formatted(file, field, shown(json.path(field)), expected));
    }

    private static String shown(JsonNode node) {
        String text = node.isMissingNode() ? "nothing" : node.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
