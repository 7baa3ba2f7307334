/**
 * What a right configuration says, as values that a job is built from. Each type is a group of keys
 * in the file, or a value that one of them takes, so they share a package.
 */
package io.rankstream.job.config.settings;
