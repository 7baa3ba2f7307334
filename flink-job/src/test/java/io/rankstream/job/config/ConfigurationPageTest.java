package io.rankstream.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.option.Setting;
import io.rankstream.job.topic.Topic;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {

    private static final Path PAGE = Documentation.folder().resolve("configuration.md");

    @Test
    void listsTheOptionsAsTheyAre() throws IOException {
        if (Boolean.getBoolean("rankstream.docs.update")) {
            Files.writeString(PAGE, Documentation.page());
        }

        assertThat(PAGE)
                .as(
                        "the options have changed: write the page anew with mvn -pl flink-job -am"
                                + " test -Dtest=ConfigurationPageTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false"
                                + " -Drankstream.docs.update=true")
                .hasContent(Documentation.page());
    }

    @Test
    void explainsEveryOption() {
        Stream<Setting<?>> settings =
                Stream.of(RankstreamOptions.JOB, RankstreamOptions.ADAPTER).flatMap(List::stream);

        assertThat(settings).allSatisfy(each -> assertThat(each.description()).endsWith("."));
    }

    @Test
    void listsEveryOptionThatIsDeclared() {
        List<String> declared =
                Stream.concat(
                                Stream.of(RankstreamOptions.class.getDeclaredFields())
                                        .filter(field -> field.getType() == ConfigOption.class)
                                        .map(ConfigurationPageTest::keyOf),
                                Topic.ALL.stream().map(topic -> topic.option().key()))
                        .toList();

        assertThat(RankstreamOptions.keys()).containsExactlyInAnyOrderElementsOf(declared);
    }

    private static String keyOf(Field field) {
        try {
            return ((ConfigOption<?>) field.get(null)).key();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
