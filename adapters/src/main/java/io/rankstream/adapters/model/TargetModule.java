package io.rankstream.adapters.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which linear layers are meant, as PEFT's {@code target_modules} says it: the name of a layer,
 * such as {@code encoder.layer.3.attention.self.query}; its end from a dot on, so that {@code
 * output.dense} means {@code attention.output.dense} as well; or a regular expression of the whole
 * name. Names may begin with the family's prefix, {@code bert.}, as they do in PEFT's files.
 */
public final class TargetModule {

    /** Means every linear layer of the encoder layers, of any family. */
    public static final String EVERY = ".*";

    /** No encoder has as many layers by far. */
    private static final int LAYERS = 256;

    private final String end;
    private final Pattern whole;

    private TargetModule(String target, Pattern whole) {
        this.end = "." + target;
        this.whole = whole;
    }

    /**
     * Reads a target.
     *
     * @throws IllegalArgumentException if it is neither a name nor a regular expression
     */
    public static TargetModule of(String target) {
        try {
            return new TargetModule(target, Pattern.compile(target));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "'%s' is no regular expression: %s".formatted(target, e.getDescription()), e);
        }
    }

    /**
     * Targets that mean some linear layers of a model and no others: the ends of their names where
     * these do, else the names.
     *
     * @param layers in the order of the model
     */
    public static List<String> meaning(Architecture model, List<ModuleShape> layers) {
        List<String> ends =
                model.family().modules().stream()
                        .filter(end -> layers.containsAll(model.linearLayers(List.of(end))))
                        .toList();
        return model.linearLayers(ends).equals(layers)
                ? ends
                : layers.stream().map(ModuleShape::name).toList();
    }

    /** The linear layers that may be meant, of each family by their names in an encoder layer. */
    public static String known() {
        Map<List<String>, List<String>> families = new LinkedHashMap<>();
        Family.ALL.forEach(
                family ->
                        families.computeIfAbsent(family.modules(), modules -> new ArrayList<>())
                                .add(family.name()));
        return families.entrySet().stream()
                .map(
                        each ->
                                "%s in a %s"
                                        .formatted(
                                                String.join(", ", each.getKey()),
                                                String.join(" or ", each.getValue())))
                .collect(Collectors.joining("; "));
    }

    /**
     * Whether a layer is meant.
     *
     * @param layer its path in the encoder
     */
    public boolean names(Family family, String layer) {
        String inModel = family.prefix() + layer;
        return ("." + inModel).endsWith(end)
                || whole.matcher(layer).matches()
                || whole.matcher(inModel).matches();
    }

    /** Whether an encoder with enough layers, of any family, has one that is meant. */
    public boolean namesAny() {
        return Family.ALL.stream()
                .anyMatch(
                        family ->
                                IntStream.range(0, LAYERS)
                                        .boxed()
                                        .flatMap(layer -> family.linearLayers(layer).stream())
                                        .anyMatch(layer -> names(family, layer)));
    }
}
