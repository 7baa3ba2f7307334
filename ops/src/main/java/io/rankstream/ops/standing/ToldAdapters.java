package io.rankstream.ops.standing;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.topic.Topic;
import java.util.List;
import java.util.TreeSet;

/**
 * Adapters that a job has told of.
 *
 * @param isAmongThem whether the one that was asked for is
 * @param others the other ones; not all of them where it is
 */
public record ToldAdapters(boolean isAmongThem, TreeSet<String> others) {

    /** Where a job tells of adapters, with fewer records first. */
    private static final List<Topic<?>> TOPICS =
            List.of(Topic.ADAPTER_VERSIONS, Topic.TRAINING_REPORTS, Topic.INPUT_PREDICTIONS);

    /**
     * Looks for an adapter in what the job has written: versions, which few records tell of, steps
     * and predictions of inputs, the newest ones. An adapter without a version that has been quiet
     * for long may be missing.
     *
     * @throws OutputsException if the broker cannot be used, or lacks one of the topics
     * @throws RegistryException if the registry does not tell a schema
     */
    public static ToldAdapters lookFor(String adapter, JobConfig job)
            throws OutputsException, RegistryException, InterruptedException {
        Standings standings = new Standings();
        for (Topic<?> topic : TOPICS) {
            if (job.writtenTopics().contains(topic) && standings.adapter(adapter).isEmpty()) {
                try (JobOutputs outputs = JobOutputs.of(topic, job)) {
                    outputs.readInto(standings);
                }
            }
        }
        TreeSet<String> told = new TreeSet<>();
        standings.adapters().forEach(standing -> told.add(standing.id()));
        return new ToldAdapters(told.remove(adapter), told);
    }
}
