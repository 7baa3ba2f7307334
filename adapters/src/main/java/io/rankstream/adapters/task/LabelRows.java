package io.rankstream.adapters.task;

import io.rankstream.adapters.text.Excerpt;
import java.util.List;

/** The labels of an adapter, a row of its head each; an adapter without labels has none. */
public interface LabelRows {

    /** Names of all rows, those of retired labels included. */
    List<String> names();

    /** Names of the labels in use, in the order of their rows. */
    List<String> active();

    /** Rows of the labels in use, ascending. */
    int[] activeRows();

    /** Row of {@code name}, in use or retired; -1 if there is none. */
    int indexOf(String name);

    /** Whether {@code name} is a label in use. */
    boolean isActive(String name);

    /**
     * Row of a label in use, or why there is none.
     *
     * @param adapterId whose labels they are, for the message
     */
    default Fit<Integer> row(String name, String adapterId) {
        int row = indexOf(name);
        if (row >= 0 && isActive(name)) {
            return new Fit.Ready<>(row);
        }
        return new Fit.Refused<>(
                row < 0 ? Fit.Reason.UNKNOWN_LABEL : Fit.Reason.RETIRED_LABEL,
                "label %s of adapter '%s' is %s, expected one of %s"
                        .formatted(
                                Excerpt.of(name),
                                adapterId,
                                row < 0 ? "unknown" : "retired",
                                Excerpt.ofAll(active())));
    }
}
