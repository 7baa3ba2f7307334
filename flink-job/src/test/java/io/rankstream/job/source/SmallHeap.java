package io.rankstream.job.source;

import io.rankstream.job.config.settings.KafkaSettings;
import io.rankstream.job.record.RawRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;

/** Reads partition 0 of a topic to its end, in a process with little memory. */
final class SmallHeap {

    private SmallHeap() {}

    /** A line for each record: its offset, and its length or that it was not read. */
    static List<String> read(int megabytes, String bootstrapServers, String topic, int records)
            throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + megabytes + "m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeap.class.getName(),
                        bootstrapServers,
                        topic,
                        Integer.toString(records));
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<String> lines = new ArrayList<>();
        try (var out = process.inputReader()) {
            out.lines().filter(line -> line.startsWith("read ")).forEach(lines::add);
        }
        lines.add("exit " + process.waitFor());
        return lines;
    }

    public static void main(String[] arguments) throws Exception {
        KafkaSettings settings =
                new KafkaSettings(
                        arguments[0],
                        Map.of(),
                        "small-heap",
                        KafkaSettings.StartingOffsets.EARLIEST,
                        true,
                        Duration.ofMinutes(1));
        KafkaPartitionSplit split =
                new KafkaPartitionSplit(
                        new TopicPartition(arguments[1], 0),
                        KafkaPartitionSplit.EARLIEST_OFFSET,
                        Long.parseLong(arguments[2]));
        try (ReaderRun run = new ReaderRun(settings, arguments[1], List.of(split)).awaitEnd()) {
            run.records().forEach(record -> System.out.println("read " + line(record)));
        }
    }

    private static String line(RawRecord record) {
        return record.offset()
                + " "
                + (record.unread() == null ? record.value().length : record.unread().why());
    }
}
