/**
 * Inputs and votes come to decisions: entries are opened, asked for, decided, corrected, expired
 * and forgotten. No Flink, no clock: what comes of an element depends on the state and the element
 * alone.
 */
package io.rankstream.job.loop.join;
