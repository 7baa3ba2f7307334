/** Votes on their way to the topic {@code labels}, from wherever people give them. */
package io.rankstream.ops.vote;
