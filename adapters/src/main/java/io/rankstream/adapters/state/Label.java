package io.rankstream.adapters.state;

/**
 * A label and its row in the head.
 *
 * @param name the label as it is shown and published
 * @param retired whether it is out of use: never predicted, never trained on, its row kept as it is
 * @param idle steps of the adapter that the row took no part in: those before it was there, and
 *     those it was retired for. The others are the row's own count of optimizer updates
 */
public record Label(String name, boolean retired, long idle) {

    /** The same, in use or not. */
    Label withRetired(boolean nowRetired) {
        return new Label(name, nowRetired, idle);
    }

    /** The same under another spelling. */
    Label withName(String spelling) {
        return new Label(spelling, retired, idle);
    }

    /** The same after steps of the adapter, which a retired label takes no part in. */
    Label after(long steps) {
        return retired ? new Label(name, true, idle + steps) : this;
    }
}
