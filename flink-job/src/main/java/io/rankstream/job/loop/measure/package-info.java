/** Metrics of the labeling loop, of single adapters. */
package io.rankstream.job.loop.measure;
