package io.rankstream.job.state;

import java.util.Collection;
import org.apache.flink.state.rocksdb.RocksDBOptionsFactory;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;

/**
 * Lets RocksDB compact less often than it does by itself. A compaction writes the adapters that
 * have changed and those between their keys, which is nearly all of them, and the next checkpoint
 * uploads what it wrote. So with many adapters, of which few change between two checkpoints, it is
 * the compactions that a checkpoint pays for. The price is disk: outdated values stay longer, at
 * most {@value #FILES} write buffers of them for each state.
 */
public final class RareCompaction implements RocksDBOptionsFactory {

    private static final long serialVersionUID = 1L;

    /** Flushed files that a compaction waits for; a checkpoint flushes at least one. */
    private static final int FILES = 32;

    /** Files at which RocksDB slows writing down, then stops it, until a compaction has ended. */
    private static final int SLOWDOWN_FILES = 3 * FILES;

    private static final int STOP_FILES = 4 * FILES;

    @Override
    public DBOptions createDBOptions(DBOptions current, Collection<AutoCloseable> toClose) {
        return current;
    }

    @Override
    public ColumnFamilyOptions createColumnOptions(
            ColumnFamilyOptions current, Collection<AutoCloseable> toClose) {
        return current.setLevel0FileNumCompactionTrigger(FILES)
                .setLevel0SlowdownWritesTrigger(SLOWDOWN_FILES)
                .setLevel0StopWritesTrigger(STOP_FILES);
    }
}
