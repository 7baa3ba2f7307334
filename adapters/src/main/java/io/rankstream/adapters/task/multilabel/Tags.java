package io.rankstream.adapters.task.multilabel;

import java.util.List;

/**
 * The labels that a text has.
 *
 * @param rows their rows of the head, ascending, none twice
 * @param of how many labels are in use: each of the others is one that the text does not have
 */
public record Tags(List<Integer> rows, int of) {

    public Tags {
        rows = List.copyOf(rows);
    }
}
