package io.rankstream.job;

import io.rankstream.job.config.TopicNames;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;

/** What a job may do with its topics, as far as the broker tells. */
final class TopicRights {

    private TopicRights() {}

    /**
     * Which input cannot be read and which output cannot be written, a sentence each.
     *
     * @param described the job's topics that are there, with the operations that the broker allows;
     *     nothing is said of a topic without them
     */
    static List<String> problems(TopicNames topics, Collection<TopicDescription> described) {
        return Stream.concat(
                        lacking(
                                List.of(topics.labeledExamples(), topics.controlCommands()),
                                AclOperation.READ,
                                described),
                        lacking(
                                List.of(
                                        topics.predictions(),
                                        topics.trainingReports(),
                                        topics.adapterVersions(),
                                        topics.deadLetters()),
                                AclOperation.WRITE,
                                described))
                .toList();
    }

    private static Stream<String> lacking(
            List<String> names, AclOperation operation, Collection<TopicDescription> described) {
        return names.stream()
                .filter(name -> described.stream().anyMatch(each -> refuses(each, name, operation)))
                .map(
                        name ->
                                "topic '%s' may not be %s: give the job's user the right %s on it"
                                        .formatted(
                                                name,
                                                operation == AclOperation.READ
                                                        ? "read"
                                                        : "written to",
                                                operation == AclOperation.READ ? "Read" : "Write"));
    }

    private static boolean refuses(
            TopicDescription described, String name, AclOperation operation) {
        Set<AclOperation> allowed = described.authorizedOperations();
        return described.name().equals(name) && allowed != null && !allowed.contains(operation);
    }
}
