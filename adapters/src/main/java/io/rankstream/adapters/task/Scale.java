package io.rankstream.adapters.task;

/**
 * The units in which numbers are learned: a number is {@code mean + deviation × z}, and what is
 * learned is z. Heads, losses and predictions stay in the units of the numbers.
 *
 * @param mean where z is 0
 * @param deviation of the numbers where z is 1, above 0
 */
public record Scale(double mean, double deviation) {}
