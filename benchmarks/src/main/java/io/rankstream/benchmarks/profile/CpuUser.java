package io.rankstream.benchmarks.profile;

import java.util.Arrays;
import java.util.regex.Pattern;

/** Who uses the CPU while the pipeline runs. */
enum CpuUser {
    /** The training threads and the tensor library's own, which inherit the name. */
    TRAINING("training", "rankstream-trai"),
    SOURCE("source, decode, tokenize", "Source"),
    OPERATORS("micro-batch, train operator, sinks", "micro-batch"),
    STATE("RocksDB, checkpoints", "rocksdb|AsyncOperations|Checkpoint"),
    KAFKA_CLIENTS("Kafka clients", "kafka-"),
    JVM("JIT, garbage collector", "C[12] Comp|VM |GC |Monitor Deflati"),
    REST("rest of Flink and of the JVM"),
    BROKER("broker process"),
    REGISTRY("registry process");

    private final String label;
    private final Pattern threads;

    /**
     * @param threads how the names of its threads in the pipeline's process begin
     */
    CpuUser(String label, String threads) {
        this.label = label;
        this.threads = Pattern.compile(threads);
    }

    /** Without a thread of its own that could be named. */
    CpuUser(String label) {
        this(label, "(?!)");
    }

    String label() {
        return label;
    }

    /** Whom the thread of this name in the pipeline's process belongs to. */
    static CpuUser ofThread(String name) {
        return Arrays.stream(values())
                .filter(user -> user.threads.matcher(name).lookingAt())
                .findFirst()
                .orElse(REST);
    }
}
