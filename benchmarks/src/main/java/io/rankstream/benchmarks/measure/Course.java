package io.rankstream.benchmarks.measure;

import java.util.List;

/**
 * How a run went on.
 *
 * @param marks one for the end of every step, in their order
 */
public record Course(List<Mark> marks) {

    /**
     * The end of a step.
     *
     * @param seconds since the start of the run
     * @param examples trained on by then
     */
    public record Mark(double seconds, long examples) {}

    /**
     * Examples a second from the end of the step that reached {@code warmUp} examples to the end of
     * the last step.
     *
     * @throws IllegalArgumentException if no step came after that one
     */
    public double rate(int warmUp) {
        List<Mark> measured = marks.stream().dropWhile(mark -> mark.examples() < warmUp).toList();
        if (measured.size() < 2) {
            throw new IllegalArgumentException(
                    "no step after the first %d examples: give more examples".formatted(warmUp));
        }
        Mark first = measured.get(0);
        Mark last = measured.get(measured.size() - 1);
        return (last.examples() - first.examples()) / (last.seconds() - first.seconds());
    }
}
