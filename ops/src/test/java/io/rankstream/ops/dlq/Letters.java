package io.rankstream.ops.dlq;

import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.nio.ByteBuffer;
import java.time.Instant;

/** Dead letters for tests. */
final class Letters {

    private Letters() {}

    static StoredLetter stored(DeadLetterReason reason, String adapterId, Instant written) {
        return stored(reason, adapterId, "a message", written);
    }

    static StoredLetter stored(
            DeadLetterReason reason, String adapterId, String message, Instant written) {
        DeadLetter letter =
                DeadLetter.newBuilder()
                        .setReason(reason)
                        .setMessage(message)
                        .setTopic("labeled-examples")
                        .setPartition(2)
                        .setOffset(77)
                        .setKey(null)
                        .setValue(ByteBuffer.wrap(new byte[1234]))
                        .setAdapterId(adapterId)
                        .build();
        return new StoredLetter(letter, 0, 5, written);
    }
}
