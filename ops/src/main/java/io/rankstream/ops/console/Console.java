package io.rankstream.ops.console;

import java.util.List;

/** What shows how a job learns, while it does: a page, or nothing. */
public interface Console extends AutoCloseable {

    /**
     * Tells of the job.
     *
     * @param news what an operator should know and was not told before, a sentence each
     * @param restarts how often its tasks have been started anew so far
     */
    void tell(List<String> news, int restarts);

    /** Says that the job has ended. */
    void ended(String sentence);

    @Override
    void close();

    /** Shows nothing. */
    static Console none() {
        return new Console() {
            @Override
            public void tell(List<String> news, int restarts) {}

            @Override
            public void ended(String sentence) {}

            @Override
            public void close() {}
        };
    }
}
