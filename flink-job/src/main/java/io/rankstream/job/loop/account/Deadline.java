package io.rankstream.job.loop.account;

/** What comes to an entry when its time is up. */
public enum Deadline {
    /** It waits no longer. */
    EXPIRY,
    /** It is removed. */
    FORGETTING
}
