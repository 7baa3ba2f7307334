package io.rankstream.adapters.adalora;

/**
 * How far an adapter has come.
 *
 * @param steps completed optimizer steps
 * @param examples examples that those steps trained on
 */
public record Progress(long steps, long examples) {

    /** The progress in one of the two. */
    public long in(Counted unit) {
        return switch (unit) {
            case STEPS -> steps;
            case EXAMPLES -> examples;
        };
    }
}
