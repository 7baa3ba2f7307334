package io.rankstream.adapters.model.attention;

/**
 * Heads of an attention layer. Queries share keys and values evenly, those that follow each other
 * the same one (Ainslie et al., 2023).
 *
 * @param queries how many queries
 * @param keyValues how many keys, and as many values; they divide the queries
 * @param size features of one
 */
public record AttentionHeads(int queries, int keyValues, int size) {

    public AttentionHeads {
        if (keyValues < 1 || queries % keyValues != 0) {
            throw new IllegalArgumentException(
                    "there are %d heads for keys and values, expected a number that divides the %d for queries"
                            .formatted(keyValues, queries));
        }
    }

    /** A key and a value for every query. */
    public AttentionHeads(int queries, int size) {
        this(queries, queries, size);
    }

    /** Whether several queries share a key. */
    boolean areGrouped() {
        return keyValues < queries;
    }

    /** Queries that share a key. */
    int queriesOfKey() {
        return queries / keyValues;
    }
}
