package io.rankstream.adapters.task;

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
}
