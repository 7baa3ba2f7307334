package io.rankstream.job.state;

import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/** The state backends that a job may choose. */
public enum Backend {
    HASH_MAP {
        @Override
        public StateBackend create() {
            return new HashMapStateBackend();
        }
    },
    ROCKS_DB {
        @Override
        public StateBackend create() {
            // Whole snapshots: only a job's coordinator puts incremental ones together.
            return new EmbeddedRocksDBStateBackend(false);
        }
    };

    public abstract StateBackend create();
}
