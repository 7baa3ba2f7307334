package io.rankstream.job.loop.account;

import io.rankstream.job.loop.entry.Entry;

/**
 * State of the loop, of the adapter whose element is being dealt with. What is not there is null.
 */
public interface LoopState {

    /** The account; {@link Account#NEW} where there is none. */
    Account account() throws Exception;

    void put(Account account) throws Exception;

    Entry entry(String exampleId) throws Exception;

    void put(String exampleId, Entry entry) throws Exception;

    void removeEntry(String exampleId) throws Exception;

    Slot slot(Deadline kind, long number) throws Exception;

    void put(Deadline kind, long number, Slot slot) throws Exception;

    void removeSlot(Deadline kind, long number) throws Exception;

    Annotator annotator(String name) throws Exception;

    void put(String name, Annotator annotator) throws Exception;
}
