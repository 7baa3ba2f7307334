package io.rankstream.adapters.model;

import io.rankstream.adapters.model.bert.BertFamily;
import io.rankstream.adapters.model.roberta.RobertaFamily;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;

/** Models of one build and many sizes. */
public interface Family {

    /** All that are supported. */
    List<Family> ALL = List.of(new BertFamily(), new RobertaFamily());

    /** What people call it. */
    String name();

    /** What stored adapters call it; it never changes. */
    String id();

    /**
     * The family of an id.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Family of(String id) {
        return ALL.stream()
                .filter(family -> family.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "the family of models is '%s', expected one of %s"
                                                .formatted(
                                                        id,
                                                        ALL.stream().map(Family::id).toList())));
    }

    /** What config.json calls it in {@code model_type}. */
    List<String> modelTypes();

    /** What names of tensors in checkpoints, and of modules in PEFT's files, may begin with. */
    String prefix();

    /**
     * Whether {@code classifier} is one linear layer in transformers' sequence classification, as
     * our head is.
     */
    boolean classifierIsLinear();

    /** Names of the linear layers of one encoder layer, without the prefix. */
    List<String> linearLayers(int layer);

    /** The names of {@link #linearLayers} as they end in every encoder layer. */
    List<String> modules();

    /**
     * Names under which a checkpoint may hold a tensor, the usual ones first.
     *
     * @param tensor its name without the prefix
     */
    List<String> storedNames(String tensor);

    /**
     * The build that a config.json describes.
     *
     * @throws ModelLoadException if it lacks a size, or asks for what the family's network does not
     *     do
     */
    Architecture read(ConfigJson config) throws ModelLoadException;
}
