/**
 * Files of records, and their way to a topic. A file is opened, unpacked and told of by the same
 * code whatever its form, and its records are judged and counted alike; that is why they share a
 * package. Public data sets have their forms in {@code format}.
 */
package io.rankstream.ops.send;
