package io.rankstream.ops.top;

import io.rankstream.ops.standing.AdapterLine;
import java.util.function.Function;

/**
 * A column of a table of adapters.
 *
 * @param dispensable how soon it goes where there is no room; 0 stays
 * @param cell what stands in it
 */
record TopColumn(String header, int dispensable, Function<AdapterLine, String> cell) {

    /** The adapter's id. */
    static final TopColumn ID = new TopColumn("adapter", 0, line -> shortened(line.id()));

    private static final int LONGEST_ID = 32;

    static String shortened(String id) {
        return id.length() <= LONGEST_ID ? id : id.substring(0, LONGEST_ID - 1) + "…";
    }
}
