/**
 * How good an adapter is on all inputs, estimated from those that were selected: mathematics alone.
 */
package io.rankstream.job.loop.quality;
