package io.rankstream.ops.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.settings.LoopMode;
import io.rankstream.job.topic.Topic;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnreadTopicTest {

    private static final List<Topic<?>> SENT =
            List.of(Topic.LABELED_EXAMPLES, Topic.UNLABELED_INPUTS, Topic.LABELS);

    @ParameterizedTest
    @EnumSource(LoopMode.class)
    void isToldWithTheModesThatReadIt(LoopMode mode) throws ConfigException {
        JobConfig job = job(mode);

        for (Topic<?> topic : SENT) {
            if (mode.readTopics().contains(topic)) {
                assertThat(UnreadTopic.told(job, topic)).isEmpty();
            } else {
                assertThat(UnreadTopic.told(job, topic))
                        .contains(
                                "a job of this configuration does not read topic 'acme-%s', since its loop.mode is %s: set that to %s, and start the job with it"
                                        .formatted(
                                                topic.role(),
                                                mode.name().toLowerCase(Locale.ROOT),
                                                modesThatRead(topic)));
            }
        }
    }

    private static String modesThatRead(Topic<?> topic) {
        if (topic.equals(Topic.LABELS)) {
            return "train or only";
        }
        return topic.equals(Topic.UNLABELED_INPUTS)
                ? "predict, train or only"
                : "none, predict or train";
    }

    private static JobConfig job(LoopMode mode) throws ConfigException {
        return ConfigFile.parse(
                """
                kafka.bootstrap-servers: broker:9092
                registry.url: http://registry:8081
                publish.directory: /adapters
                training.labels: [ham, spam]
                topics.prefix: acme-
                loop.mode: %s
                %s
                """
                        .formatted(
                                mode.name().toLowerCase(Locale.ROOT),
                                mode.asks() ? "loop.budget-share: 0.1" : ""),
                "job.yaml");
    }
}
