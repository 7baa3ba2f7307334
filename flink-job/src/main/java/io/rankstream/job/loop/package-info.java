/**
 * The labeling loop as an operator: inputs with what was predicted of them, and votes, come to
 * predictions, requests, outcomes and labeled examples. What it does is in the packages below,
 * without Flink; its state is here.
 */
package io.rankstream.job.loop;
