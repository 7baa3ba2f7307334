/** The topics of a job, and reading of topics outside of Flink's sources. */
package io.rankstream.job.topic;
