package io.rankstream.adapters.peft;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * PEFT's rule of which modules an adapter has: a list of names or of their ends, or one regular
 * expression of the whole name, less what is excluded and what is in other layers.
 *
 * @param json adapter_config.json
 */
record PeftTargets(JsonNode json) {

    private static final String ALL_LINEAR = "all-linear";

    /**
     * Whether a module is meant. What cannot be told, such as an expression that Python alone
     * understands, counts as meant.
     *
     * @param module its name in the model that was adapted
     */
    boolean includes(String module) {
        JsonNode targets = json.path("target_modules");
        JsonNode excluded = json.path("exclude_modules");
        if (isGiven(excluded) && names(excluded, module, false)) {
            return false;
        }
        boolean isThere = isGiven(targets) || targets.isArray();
        if (!isThere || targets.asText().equals(ALL_LINEAR)) {
            return true;
        }
        return names(targets, module, true) && (targets.isTextual() || isInLayers(module));
    }

    private static boolean isGiven(JsonNode node) {
        return node.isTextual() || (node.isArray() && !node.isEmpty());
    }

    private static boolean names(JsonNode targets, String module, boolean unclear) {
        if (targets.isTextual()) {
            try {
                return Pattern.compile(targets.asText()).matcher(module).matches();
            } catch (PatternSyntaxException e) {
                return unclear;
            }
        }
        return targets.valueStream()
                .map(JsonNode::asText)
                .anyMatch(name -> module.equals(name) || module.endsWith("." + name));
    }

    private boolean isInLayers(String module) {
        JsonNode layers = json.path("layers_to_transform");
        if (!layers.isInt() && (!layers.isArray() || layers.isEmpty())) {
            return true;
        }
        try {
            return layerPatterns()
                    .map(pattern -> Pattern.compile(pattern).matcher(module))
                    .filter(Matcher::lookingAt)
                    .findFirst()
                    .map(found -> isOneOf(Integer.parseInt(found.group("idx")), layers))
                    .orElse(false);
        } catch (PatternSyntaxException | NumberFormatException e) {
            return true;
        }
    }

    private Stream<String> layerPatterns() {
        JsonNode patterns = json.path("layers_pattern");
        List<String> given =
                patterns.isTextual()
                        ? List.of(patterns.asText())
                        : patterns.valueStream().map(JsonNode::asText).toList();
        return given.stream().allMatch(String::isEmpty)
                ? Stream.of(".*?\\.[^.]*\\.(?<idx>\\d+)\\.")
                : given.stream().map(name -> "(?:^|.*?\\.)(?:" + name + ")\\.(?<idx>\\d+)\\.");
    }

    private static boolean isOneOf(int layer, JsonNode layers) {
        return layers.isInt()
                ? layers.intValue() == layer
                : layers.valueStream().anyMatch(each -> each.isInt() && each.intValue() == layer);
    }
}
