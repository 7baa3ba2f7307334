package io.rankstream.benchmarks.fleet;

import io.rankstream.benchmarks.job.JobBench;
import io.rankstream.benchmarks.job.MeasuredJob;
import io.rankstream.job.config.JobConfig;
import io.rankstream.ops.topic.TopicReader;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import java.io.IOException;
import java.util.List;

/** A job over many adapters, with the examples that it was given and how far it is with them. */
final class Fleet implements AutoCloseable {

    private static final String TRAINER = "train";
    private static final int POLL_MILLIS = 50;

    /**
     * What the trainer has counted since its start.
     *
     * @param steps optimizer steps
     * @param hits micro-batches that found their adapter ready to train
     * @param misses micro-batches that did not
     * @param residentAdapters adapters that are ready to train now
     * @param residentBytes bytes of those on the device
     */
    record Counts(long steps, long hits, long misses, long residentAdapters, long residentBytes) {}

    private final JobBench bench;
    private final JobConfig config;
    private final MeasuredJob job;
    private final TopicReader<Prediction> predictions;
    private long sent;
    private long learned;

    private Fleet(JobBench bench, JobConfig config, MeasuredJob job) {
        this.bench = bench;
        this.config = config;
        this.job = job;
        this.predictions = bench.predictions(config);
    }

    static Fleet start(JobBench bench) throws Exception {
        JobConfig config = bench.config(List.of());
        return new Fleet(bench, config, MeasuredJob.start(config));
    }

    MeasuredJob job() {
        return job;
    }

    /** Sends examples and returns when the job has learned from them. */
    void learn(List<LabeledExample> examples) throws Exception {
        send(examples);
        while (!hasLearnedAll()) {
            // each look waits for a moment
        }
    }

    void send(List<LabeledExample> examples) throws Exception {
        bench.send(config, examples);
        sent += examples.size();
    }

    /** Whether every example that was sent has its prediction. */
    boolean hasLearnedAll() throws Exception {
        List<Prediction> more = predictions.poll();
        learned += more.size();
        if (more.isEmpty() && job.client().getJobStatus().get().isGloballyTerminalState()) {
            throw new IllegalStateException("the job has ended; see its exception in the log");
        }
        return learned == sent;
    }

    /** The counts once they include every example sent, all of which must have been learned. */
    Counts counts() throws IOException, InterruptedException {
        while (job.metric(TRAINER, "examples") < sent) {
            Thread.sleep(POLL_MILLIS);
        }
        return new Counts(
                job.metric(TRAINER, "steps"),
                job.metric(TRAINER, "adapterCacheHits"),
                job.metric(TRAINER, "adapterCacheMisses"),
                job.metric(TRAINER, "residentAdapters"),
                job.metric(TRAINER, "residentAdapterBytes"));
    }

    @Override
    public void close() {
        predictions.close();
        job.client().cancel().join();
    }
}
