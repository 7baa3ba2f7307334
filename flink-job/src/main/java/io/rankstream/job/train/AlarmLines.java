package io.rankstream.job.train;

import io.rankstream.job.Later;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Tells of alarms, which many adapters may raise at once where a source that they share has
 * changed: the first few each in its own line, and how many more there were in one line a minute,
 * until a minute is without any. Safe for use by several threads.
 */
final class AlarmLines {

    static final int FIRST = 5;

    static final Duration INTERVAL = Duration.ofMinutes(1);

    private final String noun;
    private final Consumer<String> log;
    private final Later later;
    private int told;
    private int more;
    private String newest = "";

    /**
     * @param noun what they are called where there are several
     * @param log takes a line
     */
    AlarmLines(String noun, Consumer<String> log, Later later) {
        this.noun = noun;
        this.log = log;
        this.later = later;
    }

    synchronized void add(String adapterId, String line) {
        if (told == 0) {
            later.run(INTERVAL, this::tell);
        }
        if (told < FIRST) {
            told++;
            log.accept(line);
        } else {
            more++;
            newest = adapterId;
        }
    }

    private synchronized void tell() {
        if (more == 0) {
            told = 0;
            return;
        }
        log.accept(
                "%,d more %s within a minute, the newest of adapter '%s': drift events tell of each"
                        .formatted(more, noun, newest));
        more = 0;
        later.run(INTERVAL, this::tell);
    }
}
