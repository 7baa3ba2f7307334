package io.rankstream.ops.serve.version;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where published versions are read. Called from several threads.
 *
 * @param <A> a version that is ready to answer
 */
public interface VersionSource<A extends Resident> {

    /**
     * A version that was read and found whole.
     *
     * @param <A> a version that is ready to answer
     */
    interface Whole<A> {

        /**
         * Makes it ready.
         *
         * @throws IOException if it cannot be; the message is one sentence
         */
        A ready() throws IOException;
    }

    /**
     * Reads a version and compares it with its digests.
     *
     * @param manifestSha256 digest of its manifest, where it was announced
     * @throws IOException if it is not there, is damaged, or does not fit the base model; the
     *     message is one sentence
     */
    Whole<A> read(VersionId id, Optional<String> manifestSha256) throws IOException;

    /**
     * Another version of the same adapter.
     *
     * @throws IOException if no place can be told for it
     */
    VersionId sibling(VersionId id, long version) throws IOException;

    /** The versions that came right before another one, the newest first, whether or not there. */
    default List<VersionId> before(VersionId id, int most) throws IOException {
        List<VersionId> before = new ArrayList<>();
        for (long version = id.version() - 1; version > 0 && before.size() < most; version--) {
            before.add(sibling(id, version));
        }
        return before;
    }
}
