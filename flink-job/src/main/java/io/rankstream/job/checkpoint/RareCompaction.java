package io.rankstream.job.checkpoint;

import java.util.Collection;
import org.apache.flink.state.rocksdb.RocksDBOptionsFactory;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionOptionsUniversal;
import org.rocksdb.CompactionStyle;
import org.rocksdb.DBOptions;

/**
 * Lets RocksDB compact so that what a checkpoint uploads follows the adapters that have changed,
 * not all that are there. By itself RocksDB merges flushed files into levels of sorted keys; those
 * that have changed lie all over them, so each merge writes nearly every adapter anew, and the next
 * checkpoint uploads it. Universal compaction merges files of like size, and everything only when
 * outdated values are twice what is valid. The price is disk: those values stay until then.
 */
public final class RareCompaction implements RocksDBOptionsFactory {

    private static final long serialVersionUID = 1L;

    /** Files that a compaction waits for; a checkpoint flushes at least one. */
    private static final int FILES = 16;

    /** Outdated values that are kept, by size, of those that are valid. */
    private static final int OUTDATED_PERCENT = 200;

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
        CompactionOptionsUniversal universal = new CompactionOptionsUniversal();
        toClose.add(universal);
        return current.setCompactionStyle(CompactionStyle.UNIVERSAL)
                .setCompactionOptionsUniversal(
                        universal.setMaxSizeAmplificationPercent(OUTDATED_PERCENT))
                .setLevel0FileNumCompactionTrigger(FILES)
                .setLevel0SlowdownWritesTrigger(SLOWDOWN_FILES)
                .setLevel0StopWritesTrigger(STOP_FILES);
    }
}
