package io.rankstream.ops.serve.version;

import org.apache.flink.core.fs.Path;

/**
 * A published version.
 *
 * @param adapterId its adapter
 * @param version its number
 * @param folder where its files are: two runs count their versions from one each, in folders of
 *     their own
 */
public record VersionId(String adapterId, long version, String folder) {

    /** Whether it was published after another one, by the same run. */
    boolean follows(VersionId other) {
        return version > other.version && run().equals(other.run());
    }

    /** Where the run that published it puts the versions of this adapter. */
    Path run() {
        return new Path(folder).getParent();
    }

    @Override
    public String toString() {
        return "version %d of adapter '%s'".formatted(version, adapterId);
    }
}
