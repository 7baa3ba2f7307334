package io.rankstream.adapters.model.attention;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * How distances between tokens are looked up in tables of {@link DistanceVectors}.
 *
 * @param rows rows of one table
 * @param rowOf row of a distance, which is the query's position minus the key's
 * @param tables which of several tables a text reads, for each text of a batch
 */
public record DistanceTable(int rows, IntUnaryOperator rowOf, List<Integer> tables) {

    public DistanceTable {
        tables = List.copyOf(tables);
    }

    /** Whether several texts of these read the same table. */
    boolean isShared(List<Integer> texts) {
        return texts.stream().map(tables::get).distinct().count() == 1;
    }
}
