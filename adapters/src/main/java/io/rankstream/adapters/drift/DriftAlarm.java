package io.rankstream.adapters.drift;

/**
 * An adapter's stream has become worse.
 *
 * @param example at which it was found, counted from 1 over the adapter's life
 * @param began example at which the change began by the detector's estimate
 * @param before rate of surprises before, 0 to 1
 * @param since rate of surprises since it began, 0 to 1
 * @param detector name of the one that found it
 */
public record DriftAlarm(long example, long began, double before, double since, String detector) {

    public DriftAlarm {
        if (began < 1 || began > example) {
            throw new IllegalArgumentException(
                    "a change found at example "
                            + example
                            + " began at "
                            + began
                            + ", expected 1 to "
                            + example);
        }
        if (!(before >= 0 && before <= 1 && since >= 0 && since <= 1)) {
            throw new IllegalArgumentException(
                    "a change has rates " + before + " and " + since + ", expected 0 to 1");
        }
        if (detector.isBlank()) {
            throw new IllegalArgumentException("a change has no detector, expected its name");
        }
    }
}
