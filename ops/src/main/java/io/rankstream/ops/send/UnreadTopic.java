package io.rankstream.ops.send;

import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.settings.LoopMode;
import io.rankstream.job.topic.Topic;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says that a job does not read what is sent to a topic. */
public final class UnreadTopic {

    private UnreadTopic() {}

    /** What to set so that the job reads the topic, in a sentence; empty if it does. */
    public static Optional<String> told(JobConfig job, Topic<?> topic) {
        LoopMode mode = job.loop().mode();
        if (mode.readTopics().contains(topic)) {
            return Optional.empty();
        }
        List<String> others =
                Arrays.stream(LoopMode.values())
                        .filter(other -> other.readTopics().contains(topic))
                        .map(UnreadTopic::shown)
                        .toList();
        return Optional.of(
                "a job of this configuration does not read topic '%s', since its loop.mode is %s: set that to %s, and start the job with it"
                        .formatted(job.topics().of(topic), shown(mode), alternatives(others)));
    }

    private static String alternatives(List<String> modes) {
        int last = modes.size() - 1;
        return last == 0
                ? modes.get(0)
                : String.join(", ", modes.subList(0, last)) + " or " + modes.get(last);
    }

    private static String shown(LoopMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
