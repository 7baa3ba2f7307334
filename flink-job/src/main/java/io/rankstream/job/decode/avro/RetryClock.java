package io.rankstream.job.decode.avro;

import java.io.Serializable;
import java.time.Duration;

/** Time as retries see it. */
public interface RetryClock extends Serializable {

    /** Nanoseconds since an arbitrary moment. */
    long nanos();

    /** Waits; an interrupt, e.g. by a job that is cancelled, ends it. */
    void pause(Duration duration) throws InterruptedException;

    /** The real time. */
    enum RealTime implements RetryClock {
        CLOCK;

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            Thread.sleep(duration.toMillis());
        }
    }
}
