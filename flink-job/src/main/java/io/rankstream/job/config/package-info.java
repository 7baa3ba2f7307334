/**
 * The configuration file: every option that there is, what a file gives for each, how values go
 * together, and the job that they make. Options of any kind are read in {@code option}, those that
 * are handed on to Kafka, the registry and Flink judged in {@code passthrough}, and what is read is
 * kept in {@code settings}. None of these rooms knows this one.
 */
package io.rankstream.job.config;
