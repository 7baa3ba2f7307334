package io.rankstream.ops.labeling.queue;

import java.util.Map;

/**
 * How it stands with what is asked, for one person.
 *
 * @param reading whether the topics are still being read, so that nothing is shown yet
 * @param waiting requests that this person can answer, of the adapter that they chose
 * @param open requests that wait for anybody
 * @param others people who have a text before them at the moment
 * @param waitingByAdapter requests that this person can answer, of each adapter
 * @param leftOut requests for which there was no room; they are read again when there is
 * @param unshown requests for a part of a text, for which the page has no form
 * @param holds whether the request that the person has before them still waits
 */
public record Standing(
        boolean reading,
        long waiting,
        long open,
        long others,
        Map<String, Long> waitingByAdapter,
        long leftOut,
        long unshown,
        boolean holds) {}
