/** Votes on one input: which of them stand, and what they decide. No Flink, no clock. */
package io.rankstream.job.loop.vote;
