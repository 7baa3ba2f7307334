package io.rankstream.job.preflight;

import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
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
     * @param read topics that the job reads
     * @param written topics that the job writes; it may read them as well
     * @param described the job's topics that are there, with the operations that the broker allows;
     *     nothing is said of a topic without them
     */
    static List<String> problems(
            TopicNames topics,
            List<Topic<?>> read,
            List<Topic<?>> written,
            Collection<TopicDescription> described) {
        Stream<String> unread =
                read.stream()
                        .flatMap(topic -> lacking(topics.of(topic), AclOperation.READ, described));
        Stream<String> unwritten =
                written.stream()
                        .flatMap(topic -> lacking(topics.of(topic), AclOperation.WRITE, described));
        return Stream.concat(unread, unwritten).toList();
    }

    private static Stream<String> lacking(
            String name, AclOperation operation, Collection<TopicDescription> described) {
        return described.stream()
                .filter(each -> refuses(each, name, operation))
                .map(
                        each ->
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
