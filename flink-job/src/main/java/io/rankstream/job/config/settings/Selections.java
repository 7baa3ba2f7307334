package io.rankstream.job.config.settings;

import java.io.Serializable;
import java.util.TreeMap;

/**
 * Which inputs a label is asked for, by adapter.
 *
 * @param others of every adapter that is not named
 * @param named of those with settings of their own, by id; not to be modified
 */
public record Selections(SelectionSettings others, TreeMap<String, SelectionSettings> named)
        implements Serializable {

    /** Of an adapter. */
    public SelectionSettings of(String adapterId) {
        return named.getOrDefault(adapterId, others);
    }
}
