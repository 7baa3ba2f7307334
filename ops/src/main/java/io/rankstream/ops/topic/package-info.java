/** Values on the topics of a job, read from outside of it. */
package io.rankstream.ops.topic;
