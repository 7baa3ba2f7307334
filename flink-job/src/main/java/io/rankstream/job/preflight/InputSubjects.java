package io.rankstream.job.preflight;

import io.rankstream.job.config.settings.InputFormat;
import io.rankstream.job.decode.SchemaResolution;
import io.rankstream.job.registry.RegisteredSchema;
import io.rankstream.job.registry.RegistryException;
import io.rankstream.job.registry.SchemaRegistry;
import io.rankstream.job.registry.UnknownSchemaException;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/**
 * What the registry tells of the values that others write to the inputs. Their subjects are only
 * read, and need not be there: a value is decoded by the id that it carries.
 */
final class InputSubjects {

    /** Inputs that may be JSON documents. */
    private static final Set<Topic<?>> MAPPED =
            Set.of(Topic.LABELED_EXAMPLES, Topic.UNLABELED_INPUTS);

    private final SchemaRegistry registry;
    private final TopicNames topics;
    private final List<Topic<?>> read;
    private final InputFormat format;

    /**
     * @param read topics that the job reads
     * @param format what examples and inputs are written in
     */
    InputSubjects(
            SchemaRegistry registry, TopicNames topics, List<Topic<?>> read, InputFormat format) {
        this.registry = registry;
        this.topics = topics;
        this.read = read;
        this.format = format;
    }

    /**
     * Looks whether what is registered for the inputs can be decoded.
     *
     * @param warnings what may be wrong is added to them, one sentence each
     * @return a sentence for each input for which nothing that is registered can be decoded
     * @throws RegistryException if the registry cannot be used
     */
    List<String> check(List<String> warnings) throws RegistryException {
        List<String> obstacles = new ArrayList<>();
        for (Topic<?> input : read) {
            if (format == InputFormat.AVRO || !MAPPED.contains(input)) {
                check(input, warnings).ifPresent(obstacles::add);
            }
        }
        return obstacles;
    }

    private Optional<String> check(Topic<?> input, List<String> warnings) throws RegistryException {
        String topic = topics.of(input);
        boolean decodable = false;
        List<String> problems = new ArrayList<>();
        for (String subject : SchemaRegistry.subjects(topic, input.schema())) {
            List<Integer> versions = versions(subject, warnings);
            for (int version : versions) {
                Optional<String> problem = problem(subject, version, input.type());
                if (problem.isEmpty()) {
                    decodable = true;
                    break;
                }
                if (version == versions.get(0)) {
                    problems.add(problem.get());
                }
            }
        }
        if (!decodable && !problems.isEmpty()) {
            return Optional.of(
                    "nothing that is registered for topic '%s' can be decoded as a %s: %s; correct the topic's name, or have its producer register a schema with these fields"
                            .formatted(
                                    topic,
                                    input.type().getSimpleName(),
                                    String.join("; ", problems)));
        }
        problems.forEach(
                problem ->
                        warnings.add(
                                "values on topic '%s' that are written with the newest schema will be dead letters: %s"
                                        .formatted(topic, problem)));
        return Optional.empty();
    }

    private List<Integer> versions(String subject, List<String> warnings) throws RegistryException {
        try {
            return registry.versions(subject);
        } catch (RegistryException e) {
            if (!e.isForbidden()) {
                throw e;
            }
            warnings.add(
                    "whether what is registered under subject %s can be decoded was not looked at: %s"
                            .formatted(subject, e.getMessage()));
            return List.of();
        }
    }

    private Optional<String> problem(
            String subject, int version, Class<? extends SpecificRecord> type)
            throws RegistryException {
        String problem;
        try {
            RegisteredSchema found = registry.version(subject, version);
            Optional<String> obstacle = SchemaResolution.obstacle(type, found.schema());
            if (obstacle.isEmpty()) {
                return Optional.empty();
            }
            problem = obstacle.get();
        } catch (UnknownSchemaException e) {
            problem = e.getMessage();
        }
        return Optional.of(
                "version %d of subject %s is none (%s)".formatted(version, subject, problem));
    }
}
