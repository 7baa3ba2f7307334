/**
 * Records become values: examples, inputs, votes and commands, each in Avro, and some in JSON. A
 * decoder is nothing without the check of what it has read and the fields that it needs, which are
 * shared with the check of schemas before a start; that is why they share a package.
 */
package io.rankstream.job.decode;
