package io.rankstream.ops.demo;

import io.rankstream.job.config.option.DeviceSetting;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the user asked of the demo.
 *
 * @param examples number of examples to send; {@link Integer#MAX_VALUE} sends all
 * @param maxLength token limit of a text
 * @param batchSize examples of a micro-batch
 * @param threads threads that train; 0 takes every core
 * @param device where the base model and the adapters live
 * @param seed seed of everything random
 * @param json file for the summary in JSON
 * @param keepRunning whether broker and registry stay up after the summary
 */
public record DemoOptions(
        int examples,
        int maxLength,
        int batchSize,
        int threads,
        DeviceSetting device,
        long seed,
        Optional<Path> json,
        boolean keepRunning) {}
