/**
 * Who is asked what next, by what was asked, said and settled so far; without a broker or a clock.
 */
package io.rankstream.ops.labeling.queue;
