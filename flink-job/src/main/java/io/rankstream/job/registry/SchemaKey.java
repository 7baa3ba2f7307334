package io.rankstream.job.registry;

import java.util.UUID;

/** What names a schema in a registry. */
public sealed interface SchemaKey {

    /**
     * The number that the registry gave it.
     *
     * @param id the number
     */
    record Id(int id) implements SchemaKey {
        @Override
        public String toString() {
            return "schema " + id;
        }
    }

    /**
     * The name that it has in every registry.
     *
     * @param guid the name
     */
    record Guid(UUID guid) implements SchemaKey {
        @Override
        public String toString() {
            return "schema " + guid;
        }
    }
}
