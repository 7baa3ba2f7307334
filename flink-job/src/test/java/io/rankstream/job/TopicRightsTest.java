package io.rankstream.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.config.TopicNames;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicRightsTest {

    private static final TopicNames TOPICS =
            new TopicNames("examples", "commands", "predictions", "reports", "versions", "letters");

    @ParameterizedTest
    @CsvSource({
        "examples, WRITE, read",
        "commands, DESCRIBE, read",
        "predictions, READ, written to",
        "reports, DESCRIBE, written to",
        "versions, READ, written to",
        "letters, READ, written to",
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

        assertThat(TopicRights.problems(TOPICS, described))
                .singleElement()
                .asString()
                .startsWith("topic '%s' may not be %s:".formatted(topic, right));
    }

    @Test
    void allThatIsRefusedIsToldAtOnce() {
        assertThat(TopicRights.problems(TOPICS, described(Set.of(AclOperation.DESCRIBE))))
                .hasSize(6);
    }

    @Test
    void aBrokerThatTellsNoRightsIsBelieved() {
        assertThat(TopicRights.problems(TOPICS, described(null))).isEmpty();
    }

    private static List<TopicDescription> described(Set<AclOperation> allowed) {
        return Stream.of("examples", "commands", "predictions", "reports", "versions", "letters")
                .map(name -> description(name, allowed))
                .toList();
    }

    private static TopicDescription description(String name, Set<AclOperation> allowed) {
        return new TopicDescription(name, false, List.of(), allowed);
    }
}
