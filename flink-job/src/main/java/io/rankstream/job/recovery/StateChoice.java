package io.rankstream.job.recovery;

/** What the user wants a start to do with the state that earlier starts have left. */
public sealed interface StateChoice {

    /** Nothing was said: state that is there is neither used nor ignored. */
    record Unsaid() implements StateChoice {}

    /** Go on from the newest. */
    record Newest() implements StateChoice {}

    /** Go on from the newest; start anew where no earlier start has left anything. */
    record NewestIfAny() implements StateChoice {}

    /**
     * Go on from this checkpoint or savepoint.
     *
     * @param path its folder, or the URI of one
     */
    record From(String path) implements StateChoice {}

    /** Start anew. */
    record Fresh() implements StateChoice {}
}
