package io.rankstream.job.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Bytes that incremental checkpoints upload: of the files that the one before did not have. */
class RareCompactionTest {

    private static final int CHANGED = 10;
    private static final int VALUE_BYTES = 64 * 1024;
    private static final int CHECKPOINTS = 40;

    private final Random random = new Random(1);

    @TempDir Path temp;

    @ParameterizedTest
    @ValueSource(ints = {100, 1000})
    void checkpointsUploadWhatHasChangedHoweverMuchIsThere(int keys) throws Exception {
        List<AutoCloseable> toClose = new ArrayList<>();
        try (ColumnFamilyOptions plain = new ColumnFamilyOptions();
                ColumnFamilyOptions columns =
                        new RareCompaction().createColumnOptions(plain, toClose)) {
            assertThat(meanUpload(columns, keys)).isBetween(1., 2.);
        } finally {
            for (AutoCloseable each : toClose) {
                each.close();
            }
        }
    }

    @Test
    void withoutItTheyUploadALotMore() throws Exception {
        try (ColumnFamilyOptions columns = new ColumnFamilyOptions()) {
            assertThat(meanUpload(columns, 1000)).isGreaterThan(10);
        }
    }

    /** Mean upload of a checkpoint, as a multiple of the bytes that have changed. */
    private double meanUpload(ColumnFamilyOptions columns, int count) throws Exception {
        RocksDB.loadLibrary();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions().setCreateIfMissing(true);
                RocksDB database =
                        RocksDB.open(
                                options,
                                temp.resolve("database").toString(),
                                List.of(
                                        new ColumnFamilyDescriptor(
                                                RocksDB.DEFAULT_COLUMN_FAMILY, columns)),
                                handles)) {
            List<Integer> keys = new ArrayList<>(IntStream.range(0, count).boxed().toList());
            put(database, keys);
            Map<String, Long> before = checkpoint(database, 0);
            long uploaded = 0;
            for (int i = 1; i <= CHECKPOINTS; i++) {
                Collections.shuffle(keys, random);
                put(database, keys.subList(0, CHANGED));
                Map<String, Long> now = checkpoint(database, i);
                now.keySet().removeAll(before.keySet());
                uploaded += now.values().stream().mapToLong(Long::longValue).sum();
                before.putAll(now);
            }
            return (double) uploaded / CHECKPOINTS / CHANGED / VALUE_BYTES;
        }
    }

    private void put(RocksDB database, List<Integer> keys) throws RocksDBException {
        byte[] value = new byte[VALUE_BYTES];
        for (int key : keys) {
            random.nextBytes(value);
            database.put(("adapter-" + key).getBytes(UTF_8), value);
        }
    }

    /** Tables of a checkpoint, with their sizes; no compaction is left to do when it returns. */
    private Map<String, Long> checkpoint(RocksDB database, int number)
            throws RocksDBException, IOException {
        Path folder = temp.resolve("checkpoint-" + number);
        try (Checkpoint checkpoint = Checkpoint.create(database)) {
            checkpoint.createCheckpoint(folder.toString());
        }
        while (database.getLongProperty("rocksdb.compaction-pending")
                        + database.getLongProperty("rocksdb.num-running-compactions")
                > 0) {
            Thread.onSpinWait();
        }
        Map<String, Long> tables = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".sst")).toList()) {
                tables.put(file.getFileName().toString(), Files.size(file));
            }
        }
        return tables;
    }
}
