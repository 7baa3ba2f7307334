package io.rankstream.job.source.watch;

import io.rankstream.adapters.text.Amount;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Input that is not there any more, though the job has not read it. */
public sealed interface InputGap {

    /** The partition that has it; of a topic that is gone, the one that was asked for. */
    TopicPartition partition();

    /** What happened, what is lost, and where the job goes on; one sentence. */
    String sentence();

    /** Offsets that were not read and are gone, where that is known; at most as many records. */
    default long lost() {
        return 0;
    }

    /**
     * Records were deleted before they were read: by retention, or by hand.
     *
     * @param from first offset that was not read
     * @param to where the partition begins now, and the job goes on
     */
    record Deleted(TopicPartition partition, long from, long to) implements InputGap {

        @Override
        public long lost() {
            return to - from;
        }

        @Override
        public String sentence() {
            return "input is lost: of topic '%s', partition %d, offsets %,d to %,d were deleted before they were read, at most %s; the job goes on at offset %,d; a longer retention.ms or a larger retention.bytes of the topic keeps records until they are read"
                    .formatted(
                            partition.topic(),
                            partition.partition(),
                            from,
                            to - 1,
                            Amount.of(lost(), "record"),
                            to);
        }
    }

    /**
     * The partition ends before what was read of it: a broker without the newest records has taken
     * it over.
     *
     * @param from offset that the job was at
     * @param to where the job goes on
     */
    record Truncated(TopicPartition partition, long from, long to) implements InputGap {

        @Override
        public String sentence() {
            return "input was truncated: topic '%s', partition %d, was read up to offset %,d and now ends at %,d; the job goes on there, so what comes is read once, and what was read and is gone stays learned"
                    .formatted(partition.topic(), partition.partition(), from, to);
        }
    }

    /**
     * The topic was deleted, and one of the same name was made.
     *
     * @param from offset of the old topic that the job was at
     * @param to where the new one begins, and the job goes on
     * @param known id of the old topic; null if the state was written before ids were kept
     * @param found id of the new one
     */
    record MadeAnew(TopicPartition partition, long from, long to, Uuid known, Uuid found)
            implements InputGap {

        @Override
        public String sentence() {
            return "topic '%s' was made anew (%s): partition %d is read from its beginning, offset %,d; the job was at offset %,d of the old one, and what that still had is lost; if the new topic repeats records of the old one, they are learned from again"
                    .formatted(partition.topic(), evidence(), partition.partition(), to, from);
        }

        private String evidence() {
            return known == null
                    ? "it ends before offset %,d, which was read".formatted(from)
                    : "id %s, before %s".formatted(found, known);
        }
    }

    /**
     * The topic has fewer partitions than before.
     *
     * @param from offset that the job was at
     */
    record PartitionGone(TopicPartition partition, long from) implements InputGap {

        @Override
        public String sentence() {
            return "topic '%s' has no partition %d any more, which was read up to offset %,d: what it had from there on is lost; if it comes back, it is read from its beginning"
                    .formatted(partition.topic(), partition.partition(), from);
        }
    }

    /** There is no such topic any more. */
    record TopicGone(TopicPartition partition) implements InputGap {

        @Override
        public String sentence() {
            return "topic '%s' is not there any more: what was not read of it is lost; the job waits, and reads a new topic of that name from its beginning"
                    .formatted(partition.topic());
        }
    }
}
