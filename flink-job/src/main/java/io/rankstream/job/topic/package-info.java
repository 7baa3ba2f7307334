/** Reading of topics outside of Flink's sources. */
package io.rankstream.job.topic;
