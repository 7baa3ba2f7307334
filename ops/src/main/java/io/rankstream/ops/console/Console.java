package io.rankstream.ops.console;

import java.util.List;

/** What shows how a job learns, while it does: a page, or nothing. */
public interface Console extends AutoCloseable {

    /** Marks failures and restarts of the job, of which each sentence tells one. */
    void tell(List<String> news);

    /** Says that the job has ended. */
    void ended(String sentence);

    @Override
    void close();

    /** Shows nothing. */
    static Console none() {
        return new Console() {
            @Override
            public void tell(List<String> news) {}

            @Override
            public void ended(String sentence) {}

            @Override
            public void close() {}
        };
    }
}
