package io.rankstream.adapters;

import io.rankstream.adapters.tokens.TextEncoder;
import java.util.OptionalInt;

/**
 * How a base model is opened.
 *
 * @param maxTokens most tokens of a text that are read, special tokens included, 8 or more; empty
 *     for 128, or for all of a model with fewer
 * @param threads threads that compute at once for this model's adapters; 0 takes every core
 * @param gpu position of a GPU among those that the process sees, from 0; empty for the processor
 */
public record ModelOptions(OptionalInt maxTokens, int threads, OptionalInt gpu) {

    /** Up to 128 tokens, every core of the processor. */
    public static final ModelOptions DEFAULTS =
            new ModelOptions(OptionalInt.empty(), 0, OptionalInt.empty());

    public ModelOptions {
        if (maxTokens.orElse(TextEncoder.LEAST_LIMIT) < TextEncoder.LEAST_LIMIT) {
            throw new IllegalArgumentException(
                    "the most tokens of a text are %d, expected %d or more"
                            .formatted(maxTokens.getAsInt(), TextEncoder.LEAST_LIMIT));
        }
        if (threads < 0) {
            throw new IllegalArgumentException(
                    "the number of threads is %d, expected at least 1, or 0 for every core"
                            .formatted(threads));
        }
        if (gpu.orElse(0) < 0) {
            throw new IllegalArgumentException(
                    "the position of the GPU is %d, expected 0 or more".formatted(gpu.getAsInt()));
        }
    }

    /**
     * The same with another limit.
     *
     * @throws IllegalArgumentException if it is less than 8
     */
    public ModelOptions withMaxTokens(int tokens) {
        return new ModelOptions(OptionalInt.of(tokens), threads, gpu);
    }

    /** The same with so many threads. */
    public ModelOptions withThreads(int count) {
        return new ModelOptions(maxTokens, count, gpu);
    }

    /** The same on a GPU. */
    public ModelOptions onGpu(int position) {
        return new ModelOptions(maxTokens, threads, OptionalInt.of(position));
    }
}
