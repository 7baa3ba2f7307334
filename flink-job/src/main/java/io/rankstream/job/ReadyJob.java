package io.rankstream.job;

import io.rankstream.job.claim.JobClaim;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A start of a job that has what it needs, and is the newest of its job.
 *
 * @param env executes it
 * @param claim that no other start has followed
 */
public record ReadyJob(StreamExecutionEnvironment env, JobClaim claim) {}
