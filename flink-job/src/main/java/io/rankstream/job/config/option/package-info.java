/**
 * Options of any kind: YAML with the line of each value, what may be written, what is wrong with
 * it, and what of it is secret.
 */
package io.rankstream.job.config.option;
