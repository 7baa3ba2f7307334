/**
 * The operators in a DataStream program of one's own: {@link io.rankstream.job.stream.Rankstream}
 * learns from a stream of examples, whatever that comes from. It takes no Kafka, no registry and no
 * configuration file. These types are for others; the packages beside serve the job and may change.
 */
package io.rankstream.job.stream;
