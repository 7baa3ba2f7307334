package io.rankstream.ops.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.topic.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnnamedAdaptersTest {

    private static final String NAMED = "adapters: {mail: {labels: [ham, spam]}}\n";
    private static final String OTHERS = "training.labels: [ham, spam]\n";

    @TempDir private Path folder;

    private Optional<String> told(String adapters, Topic<?> topic, String adapter)
            throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("job.yaml"),
                        """
                        kafka.bootstrap-servers: broker:9092
                        registry.url: http://schemas.invalid:8081
                        publish.directory: %s
                        """
                                        .formatted(folder.resolve("adapters"))
                                + adapters);
        return new UnnamedAdapters(ConfigFile.load(file), topic).told(adapter);
    }

    @Test
    void oneThatIsNotNamedBesideOthersMayBeMistyped() throws Exception {
        assertThat(told(NAMED + OTHERS, Topic.LABELED_EXAMPLES, "mial").orElseThrow())
                .contains("it begins as a new adapter, with the settings of training");
        assertThat(told(NAMED + OTHERS, Topic.UNLABELED_INPUTS, "mial").orElseThrow())
                .contains("one that has learned nothing answers");
        assertThat(told(NAMED + OTHERS, Topic.LABELED_EXAMPLES, "mail")).isEmpty();
    }

    @Test
    void allAreMeantWhereNoneIsNamed() throws Exception {
        assertThat(told(OTHERS, Topic.LABELED_EXAMPLES, "mail")).isEmpty();
    }

    @Test
    void oneThatIsNotAdmittedEndsInDeadLetters() throws Exception {
        assertThat(told(NAMED, Topic.LABELED_EXAMPLES, "mial").orElseThrow())
                .contains("is none of this configuration", "becomes dead letters");
    }
}
