package io.rankstream.job.loop.account;

import io.rankstream.job.loop.entry.Entry;
import io.rankstream.job.loop.quality.Cohort;
import java.util.SortedMap;

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

    /** All annotators by name. */
    SortedMap<String, Annotator> annotators() throws Exception;

    /** Sums over the inputs of an hour of the stream's time, counted since the epoch. */
    Cohort cohort(long hour) throws Exception;

    void put(long hour, Cohort cohort) throws Exception;

    /** All cohorts by their hour. */
    SortedMap<Long, Cohort> cohorts() throws Exception;

    void removeCohort(long hour) throws Exception;
}
