package io.rankstream.adapters.model;

import io.rankstream.adapters.model.bert.BertFamily;
import io.rankstream.adapters.model.deberta.DebertaFamily;
import io.rankstream.adapters.model.distilbert.DistilBertFamily;
import io.rankstream.adapters.model.modernbert.ModernBertFamily;
import io.rankstream.adapters.model.mpnet.MpnetFamily;
import io.rankstream.adapters.model.roberta.RobertaFamily;
import io.rankstream.adapters.weights.ModelLoadException;
import java.util.List;
import java.util.Optional;

/** Models of one build and many sizes. */
public interface Family {

    /** All that are supported. */
    List<Family> ALL =
            List.of(
                    new BertFamily(),
                    new RobertaFamily(),
                    new DistilBertFamily(),
                    new MpnetFamily(),
                    new DebertaFamily(),
                    new ModernBertFamily());

    /** The linear head's name in transformers' sequence classification. */
    String CLASSIFIER = "classifier";

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
     * The head of two layers that transformers' sequence classification has, by its names; empty
     * where it has one layer, on the model's pooler. {@link Architecture#ownHead} says how one
     * model's is computed.
     */
    Optional<OwnHead> ownHead();

    /** What names of encoder layers begin with, before their number and without the prefix. */
    String layerPath();

    /** Linear layers of one encoder layer, by their names in it. */
    List<String> modules();

    /** Names of the linear layers of one encoder layer, without the prefix. */
    List<String> linearLayers(int layer);

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
