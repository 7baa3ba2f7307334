package io.rankstream.benchmarks.loop;

import io.rankstream.schemas.InputPrediction;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Every so many inputs: how many there are, inputs a second since the last time, mebibytes of
 * state.
 */
final class Progress extends ProcessFunction<InputPrediction, Tuple3<Long, Double, Double>> {

    private static final long serialVersionUID = 1L;

    private static final double MEBIBYTE = 1 << 20;

    private final long each;
    private final String folder;

    private transient long count;
    private transient long before;

    /**
     * @param folder files of the state
     */
    Progress(long each, String folder) {
        this.each = each;
        this.folder = folder;
    }

    @Override
    public void processElement(
            InputPrediction prediction,
            Context context,
            Collector<Tuple3<Long, Double, Double>> out)
            throws IOException {
        if (count == 0) {
            before = System.nanoTime();
        }
        count++;
        if (count % each == 0) {
            long now = System.nanoTime();
            out.collect(Tuple3.of(count, each / ((now - before) / 1e9), mebibytes()));
            before = now;
        }
    }

    private double mebibytes() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum()
                    / MEBIBYTE;
        }
    }
}
