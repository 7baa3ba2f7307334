package io.rankstream.job.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.settings.LoopMode;
import io.rankstream.job.topic.SomeTopics;
import io.rankstream.job.topic.Topic;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicRightsTest {

    private static final List<Topic<?>> OUTPUTS = LoopMode.TRAIN.writtenTopics();

    @ParameterizedTest
    @CsvSource({
        "examples, WRITE, read",
        "commands, DESCRIBE, read",
        "predictions, READ, written to",
        "reports, DESCRIBE, written to",
        "versions, READ, written to",
        "answers, READ, written to",
        "dead, READ, written to",
    })
    void aTopicThatAUserMayNotUseIsNamedWithTheRight(
            String topic, AclOperation allowed, String right) {
        List<TopicDescription> described =
                described(Set.of(AclOperation.READ, AclOperation.WRITE)).stream()
                        .map(
                                each ->
                                        each.name().equals(topic)
                                                ? description(topic, Set.of(allowed))
                                                : each)
                        .toList();

        assertThat(
                        TopicRights.problems(
                                SomeTopics.NAMES, LoopMode.TRAIN.readTopics(), OUTPUTS, described))
                .singleElement()
                .asString()
                .startsWith("topic '%s' may not be %s:".formatted(topic, right));
    }

    @Test
    void commandsMayNotBeWrittenMattersOnlyToWhoGivesSome() {
        List<TopicDescription> described =
                described(Set.of(AclOperation.READ, AclOperation.WRITE)).stream()
                        .map(
                                each ->
                                        each.name().equals("commands")
                                                ? description("commands", Set.of(AclOperation.READ))
                                                : each)
                        .toList();

        assertThat(problems(OUTPUTS, described)).isEmpty();
        assertThat(problems(Topic.ALL, described))
                .singleElement()
                .asString()
                .startsWith("topic 'commands' may not be written to: give the job's user");
    }

    private static List<String> problems(List<Topic<?>> written, List<TopicDescription> described) {
        return TopicRights.problems(
                SomeTopics.NAMES, LoopMode.TRAIN.readTopics(), written, described);
    }

    @Test
    void allThatIsRefusedIsToldAtOnce() {
        assertThat(
                        TopicRights.problems(
                                SomeTopics.NAMES,
                                LoopMode.TRAIN.readTopics(),
                                OUTPUTS,
                                described(Set.of(AclOperation.DESCRIBE))))
                .hasSize(LoopMode.TRAIN.readTopics().size() + OUTPUTS.size());
    }

    @Test
    void aBrokerThatTellsNoRightsIsBelieved() {
        assertThat(
                        TopicRights.problems(
                                SomeTopics.NAMES,
                                LoopMode.TRAIN.readTopics(),
                                OUTPUTS,
                                described(null)))
                .isEmpty();
    }

    private static List<TopicDescription> described(Set<AclOperation> allowed) {
        return SomeTopics.NAMES.byTopic().values().stream()
                .map(name -> description(name, allowed))
                .toList();
    }

    private static TopicDescription description(String name, Set<AclOperation> allowed) {
        return new TopicDescription(name, false, List.of(), allowed);
    }
}
