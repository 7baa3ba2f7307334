package io.rankstream.job.config;

import java.io.Serializable;

/**
 * Names of the topics.
 *
 * @param labeledExamples input
 * @param controlCommands commands to adapters
 * @param predictions prequential predictions
 * @param trainingReports one report per optimizer step
 * @param adapterVersions announcements, compacted by adapter id
 * @param deadLetters refused records
 */
public record TopicNames(
        String labeledExamples,
        String controlCommands,
        String predictions,
        String trainingReports,
        String adapterVersions,
        String deadLetters)
        implements Serializable {}
