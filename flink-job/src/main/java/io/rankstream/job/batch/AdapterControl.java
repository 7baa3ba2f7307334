package io.rankstream.job.batch;

import io.rankstream.adapters.state.LabelSet;
import java.util.ArrayList;
import java.util.List;

/**
 * What commands have made of one adapter's stream.
 *
 * @param revision commands accepted so far
 * @param paused whether its examples are held
 * @param heldFrom number of the first example that is held
 * @param heldTo number after the last one
 * @param newest ids of the newest commands accepted, oldest first
 * @param addedLabels labels that commands have added, the newest last; whether the adapter took
 *     them is the trainer's knowledge
 * @param handedOn whether the trainer may have been given a batch of its examples
 */
record AdapterControl(
        long revision,
        boolean paused,
        long heldFrom,
        long heldTo,
        List<String> newest,
        List<String> addedLabels,
        boolean handedOn) {

    /** An adapter that no command was ever for, and that has no batch yet. */
    static final AdapterControl NONE =
            new AdapterControl(0, false, 0, 0, List.of(), List.of(), false);

    /** Commands that are remembered; a repetition comes soon or, with a revision, as stale. */
    private static final int REMEMBERED = 64;

    public AdapterControl {
        newest = List.copyOf(newest);
        addedLabels = List.copyOf(addedLabels);
    }

    /** Whether {@code commandId} was accepted lately. */
    boolean knows(String commandId) {
        return newest.contains(commandId);
    }

    /** One accepted command later. */
    AdapterControl after(String commandId) {
        List<String> ids =
                new ArrayList<>(
                        newest.subList(Math.max(0, newest.size() - REMEMBERED + 1), newest.size()));
        ids.add(commandId);
        return new AdapterControl(
                revision + 1, paused, heldFrom, heldTo, ids, addedLabels, handedOn);
    }

    /** The same, paused or not. */
    AdapterControl withPaused(boolean nowPaused) {
        return new AdapterControl(
                revision, nowPaused, heldFrom, heldTo, newest, addedLabels, handedOn);
    }

    /** The same with other examples held. */
    AdapterControl withHeld(long from, long to) {
        return new AdapterControl(revision, paused, from, to, newest, addedLabels, handedOn);
    }

    /** The same with more labels that commands have added. */
    AdapterControl withAdded(List<String> labels) {
        List<String> all = new ArrayList<>(addedLabels);
        labels.stream().filter(label -> LabelSet.indexOf(label, all) < 0).forEach(all::add);
        List<String> kept =
                all.subList(Math.max(0, all.size() - CommandLabels.MOST_OF_AN_ADAPTER), all.size());
        return new AdapterControl(revision, paused, heldFrom, heldTo, newest, kept, handedOn);
    }

    /** The same after a batch was handed on. */
    AdapterControl withHandedOn() {
        return new AdapterControl(revision, paused, heldFrom, heldTo, newest, addedLabels, true);
    }

    /** Examples that are held. */
    long held() {
        return heldTo - heldFrom;
    }
}
