package io.rankstream.job.config;

import io.rankstream.job.config.settings.BatchSettings;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import io.rankstream.job.config.settings.PublishSettings;

/**
 * How fast adapters learn and show it: the settings with defaults that have changed.
 *
 * @param batch when a micro-batch closes
 * @param adapters adapters that are admitted
 * @param publish published adapters
 */
record Pace(BatchSettings batch, ConfiguredAdapters adapters, PublishSettings publish) {}
