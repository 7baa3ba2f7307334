package io.rankstream.job.config.settings;

import io.rankstream.adapters.model.ModelSource;
import io.rankstream.job.config.option.DeviceSetting;
import java.io.Serializable;

/**
 * Base model.
 *
 * @param source where its files are
 * @param maxLength token limit of a text, special tokens included
 * @param threads threads that train in each process; 0 takes every core
 * @param device where it lives, with the adapters
 * @param engineDirectory folder with the libtorch of every process; null takes what the process has
 */
public record ModelSettings(
        ModelSource source,
        int maxLength,
        int threads,
        DeviceSetting device,
        String engineDirectory)
        implements Serializable {}
