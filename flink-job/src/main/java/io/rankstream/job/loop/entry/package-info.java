/** What is kept of an input while it waits for its label, and after that. No Flink, no clock. */
package io.rankstream.job.loop.entry;
