package io.rankstream.adapters.task;

import io.rankstream.adapters.task.classification.Classification;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The head that an adapter keeps for its life.
 *
 * @param task what its outputs mean
 * @param form its layers
 * @param pooling how token vectors become the one that it reads
 */
public record HeadKind(Task<?> task, HeadForm form, Pooling pooling) implements Serializable {

    /** A classification by one layer: what every head was before there was a choice. */
    public static HeadKind first(Pooling pooling) {
        return new HeadKind(new Classification(), HeadForm.LINEAR, pooling);
    }

    /**
     * Task with its settings, form and pooling by name; what every head had before there was a
     * choice is left out.
     */
    public Map<String, Object> described() {
        Map<String, Object> json = new LinkedHashMap<>();
        if (!equals(first(pooling))) {
            json.put("task", task.id());
            json.putAll(new TreeMap<>(task.settings()));
            json.put("head", form.name());
        }
        json.put("pooling", pooling.name());
        return json;
    }
}
