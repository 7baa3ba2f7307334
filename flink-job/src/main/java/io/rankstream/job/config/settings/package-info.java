/** What a right configuration says, as values that a job is built from. */
package io.rankstream.job.config.settings;
