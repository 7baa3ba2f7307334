package io.rankstream.job.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.job.config.settings.RegistrySettings;
import io.rankstream.job.registry.RegistryConnection.RefusedException;
import io.rankstream.job.topic.Topic;
import io.rankstream.job.topic.TopicNames;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLException;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry with Confluent's API. Every call is one attempt, and takes no longer than the
 * settings' request timeout for connecting and for reading, each.
 *
 * <p>Thread-safe.
 */
public final class SchemaRegistry implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaRegistry.class);

    private static final int NOT_FOUND = 404;
    private static final int SUBJECT_NOT_FOUND = 40401;
    private static final int SCHEMA_NOT_FOUND = 40403;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;

    private static final String PATH =
            "; is the path of registry.url right? That of an Apicurio ends in /apis/ccompat/v7";

    /** What the class generator puts into a schema; a foreign consumer has no use for it. */
    private static final String JAVA_TYPE = ",\"avro.java.string\":\"String\"";

    private static final String JAVA_STRING = "{\"type\":\"string\"" + JAVA_TYPE + "}";

    private final RegistrySettings settings;
    private final RegistryConnection registry;

    /**
     * Asks nothing of the registry yet.
     *
     * @throws IllegalArgumentException when the client refuses its options
     */
    public SchemaRegistry(RegistrySettings settings) {
        this.settings = settings;
        this.registry = connect();
    }

    /**
     * Ids of the schemas that the job writes, of one topic after the other: a registry may refuse
     * registrations that race.
     *
     * @param written topics that the job writes
     * @throws RegistryException as of {@link #idOf}
     */
    public SchemaIds outputs(TopicNames topics, List<Topic<?>> written) throws RegistryException {
        Map<Topic<?>, Integer> ids = new LinkedHashMap<>();
        for (Topic<?> topic : written) {
            ids.put(topic, idOf(topics, topic));
        }
        return new SchemaIds(ids);
    }

    /**
     * What would keep {@link #outputs} from finding or registering the schemas, one sentence each;
     * nothing is registered. Whether the user may write a subject is not known before it is tried.
     *
     * @param written topics that the job writes
     * @throws RegistryException where the registry cannot be used at all
     */
    public List<String> outputProblems(TopicNames topics, List<Topic<?>> written)
            throws RegistryException {
        List<String> problems = new ArrayList<>();
        for (Topic<?> topic : written) {
            try {
                requireWritable(topics.of(topic), topic.schema());
            } catch (RegistryException e) {
                if (!e.isOfOneSubject()) {
                    throw e;
                }
                problems.add(e.getMessage());
            }
        }
        return problems;
    }

    private void requireWritable(String topic, Schema schema) throws RegistryException {
        if (registered(topic, schema).isEmpty()) {
            requireCompatible(subjects(topic, schema).get(0), schema);
        }
    }

    private void requireCompatible(String subject, Schema schema) throws RegistryException {
        if (versions(subject).isEmpty()) {
            return;
        }
        String task = "trying the schema of subject " + subject;
        boolean compatible;
        try {
            compatible =
                    registry.post(
                                    portable(schema).toString(),
                                    "compatibility",
                                    "subjects",
                                    subject,
                                    "versions",
                                    "latest")
                            .path("is_compatible")
                            .asBoolean();
        } catch (RefusedException e) {
            throw refused(task, e);
        } catch (IOException e) {
            throw unreachable(task, e);
        }
        if (!compatible) {
            throw new RegistryException(
                    "the schema registry at %s takes the schema of subject %s for incompatible with what the subject holds: use another topic"
                            .formatted(settings.shown(), subject),
                    null,
                    false,
                    true);
        }
    }

    /**
     * Id of {@code schema} for who writes values to {@code topic}. It is registered if the subject
     * does not have it and the settings permit; the subject's compatibility level is left as it is.
     *
     * @throws RegistryException when the registry cannot be reached, refuses, or does not have the
     *     schema where nothing is to be registered
     */
    public int idOf(String topic, Schema schema) throws RegistryException {
        OptionalInt id = registered(topic, schema);
        return id.isPresent() ? id.getAsInt() : register(subjects(topic, schema).get(0), schema);
    }

    /** As {@link #idOf(String, Schema)}, of a topic's values. */
    public int idOf(TopicNames topics, Topic<?> topic) throws RegistryException {
        return idOf(topics.of(topic), topic.schema());
    }

    /** Empty if it is missing and may be registered. */
    private OptionalInt registered(String topic, Schema schema) throws RegistryException {
        List<String> subjects = subjects(topic, schema);
        for (String subject : settings.register() ? subjects.subList(0, 1) : subjects) {
            OptionalInt id = find(subject, schema);
            if (id.isPresent()) {
                return id;
            }
        }
        if (!settings.register()) {
            throw missing(subjects, schema);
        }
        return OptionalInt.empty();
    }

    /**
     * Subjects that the values of {@code topic} may be registered under, if they have the name of
     * {@code schema}: by topic, by topic and record, by record.
     */
    public static List<String> subjects(String topic, Schema schema) {
        return List.of(topic + "-value", topic + "-" + schema.getFullName(), schema.getFullName());
    }

    /**
     * Versions of a subject, the newest first; none if there is no such subject.
     *
     * @throws RegistryException when the registry cannot be reached, or refuses to say
     */
    public List<Integer> versions(String subject) throws RegistryException {
        String task = "looking up subject " + subject;
        try {
            JsonNode versions = registry.get("subjects", subject, "versions");
            if (!versions.isArray()) {
                throw new IOException("an answer that is no list");
            }
            return StreamSupport.stream(versions.spliterator(), false)
                    .map(JsonNode::asInt)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (RefusedException e) {
            if (e.status() == NOT_FOUND && e.code() == SUBJECT_NOT_FOUND) {
                return List.of();
            }
            throw refused(task, e);
        } catch (IOException e) {
            throw unreachable(task, e);
        }
    }

    /**
     * One version of a subject.
     *
     * @throws UnknownSchemaException when it is not a self-contained Avro schema
     * @throws RegistryException for everything else
     */
    public RegisteredSchema version(String subject, int version)
            throws RegistryException, UnknownSchemaException {
        String task = "looking up version %d of subject %s".formatted(version, subject);
        try {
            JsonNode found =
                    registry.get("subjects", subject, "versions", Integer.toString(version));
            int id = id(found);
            return new RegisteredSchema(id, parse("schema " + id, found));
        } catch (RefusedException e) {
            throw refused(task, e);
        } catch (IOException e) {
            throw unreachable(task, e);
        }
    }

    /**
     * Schema that the registry knows by {@code id}.
     *
     * @throws UnknownSchemaException when the registry says that it has none, or has one that is
     *     not a self-contained Avro schema
     * @throws RegistryException for everything else: it may work later
     */
    public Schema schema(int id) throws RegistryException, UnknownSchemaException {
        try {
            return parse("schema " + id, registry.get("schemas", "ids", Integer.toString(id)));
        } catch (RefusedException e) {
            if (e.status() == NOT_FOUND && e.code() == SCHEMA_NOT_FOUND) {
                throw new UnknownSchemaException("the schema registry has no schema with id " + id);
            }
            throw refused("looking up schema " + id, e);
        } catch (IOException e) {
            throw unreachable("looking up schema " + id, e);
        }
    }

    /**
     * Schema that the registry knows by {@code key}, as {@link #schema(int)}. A registry that does
     * not look up GUIDs has no schema of that name.
     */
    public Schema schema(SchemaKey key) throws RegistryException, UnknownSchemaException {
        if (key instanceof SchemaKey.Id named) {
            return schema(named.id());
        }
        try {
            String guid = ((SchemaKey.Guid) key).guid().toString();
            return parse(key.toString(), registry.get("schemas", "guids", guid));
        } catch (RefusedException e) {
            if (e.status() == NOT_FOUND) {
                throw new UnknownSchemaException(
                        "the schema registry has no %s, or does not look up GUIDs".formatted(key));
            }
            throw refused("looking up " + key, e);
        } catch (IOException e) {
            throw unreachable("looking up " + key, e);
        }
    }

    /** Frees what authentication holds. */
    @Override
    public void close() {
        registry.close();
    }

    private RegistryConnection connect() {
        try {
            return new RegistryConnection(settings, InstantSource.system());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "the schema registry's client refuses its options: " + redacted(e.getMessage()),
                    redacted(e));
        }
    }

    /** Id of the version with which the same bytes are written. */
    private OptionalInt find(String subject, Schema schema) throws RegistryException {
        Schema ours = portable(schema);
        for (int version : versions(subject)) {
            try {
                RegisteredSchema found = version(subject, version);
                if (portable(found.schema()).equals(ours)) { // which compares no descriptions
                    return OptionalInt.of(found.id());
                }
            } catch (UnknownSchemaException e) {
                LOG.debug("Version {} of subject {} is not ours", version, subject, e);
            }
        }
        return OptionalInt.empty();
    }

    private int register(String subject, Schema schema) throws RegistryException {
        String task = "registering the schema of subject " + subject;
        try {
            return id(registry.post(portable(schema).toString(), "subjects", subject, "versions"));
        } catch (RefusedException e) {
            throw refused(task, e);
        } catch (IOException e) {
            throw unreachable(task, e);
        }
    }

    private static Schema portable(Schema schema) {
        String text = schema.toString().replace(JAVA_STRING, "\"string\"").replace(JAVA_TYPE, "");
        return new Schema.Parser().setValidateDefaults(false).parse(text);
    }

    private static int id(JsonNode answer) throws IOException {
        if (!answer.path("id").isInt()) {
            throw new IOException("an answer without an id");
        }
        return answer.get("id").asInt();
    }

    private static Schema parse(String name, JsonNode found)
            throws IOException, UnknownSchemaException {
        if (!found.hasNonNull("schema")) {
            throw new IOException("an answer without a schema");
        }
        String type = found.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw new UnknownSchemaException(
                    "%s is of type %s, expected AVRO".formatted(name, type));
        }
        if (!found.path("references").isEmpty()) {
            throw new UnknownSchemaException(
                    "%s refers to other subjects, expected one that holds all its types"
                            .formatted(name));
        }
        try {
            return new Schema.Parser()
                    .setValidateDefaults(false)
                    .parse(found.get("schema").asText());
        } catch (RuntimeException | StackOverflowError e) {
            // Avro's parser has no one type for what it does not understand.
            throw new UnknownSchemaException(
                    "%s is not a schema that Avro can read: %s".formatted(name, e.getMessage()));
        }
    }

    private RegistryException refused(String task, RefusedException e) {
        String found =
                "the schema registry at %s answered %d while %s: %s"
                        .formatted(settings.shown(), e.status(), task, redacted(e.getMessage()));
        return new RegistryException(
                found + advice(e),
                redacted(e),
                e.status() == FORBIDDEN,
                e.status() == FORBIDDEN || e.status() == CONFLICT);
    }

    private RegistryException missing(List<String> subjects, Schema schema) {
        return new RegistryException(
                "the schema registry at %s does not have this release's schema %s under subject %s, or under %s or %s, and registry.register is false: register it, or start once with registry.register: true as a user who may write that subject"
                        .formatted(
                                settings.shown(),
                                schema.getName(),
                                subjects.get(0),
                                subjects.get(1),
                                subjects.get(2)),
                null,
                false,
                true);
    }

    private static String advice(RefusedException e) {
        return switch (e.status()) {
            case NOT_FOUND -> e.code() / 100 == NOT_FOUND ? "" : PATH;
            case CONFLICT ->
                    "; the subject holds a schema that it takes for incompatible: use another topic";
            case FORBIDDEN ->
                    "; permit it, or have it done by who may and set registry.register: false";
            case UNAUTHORIZED ->
                    "; check user, password or token in registry.url and registry.properties, and what they permit";
            default -> "";
        };
    }

    private RegistryException unreachable(String task, IOException e) {
        String why;
        if (e instanceof SocketTimeoutException) {
            why = "did not answer within " + settings.requestTimeout().toMillis() + " ms";
        } else if (e instanceof ConnectException) {
            why = "accepts no connection (" + redacted(e.getMessage()) + ")";
        } else if (e instanceof UnknownHostException) {
            why = "has a host name that cannot be resolved";
        } else if (e instanceof SSLException) {
            why =
                    "cannot be spoken to over TLS (%s; see ssl.* in registry.properties)"
                            .formatted(redacted(e.getMessage()));
        } else {
            why = "gave no usable answer (" + redacted(e.getMessage()) + PATH + ")";
        }
        return new RegistryException(
                "the schema registry at %s %s while %s: check that it runs and that the address"
                                .formatted(settings.shown(), why, task)
                        + " is right",
                redacted(e));
    }

    /** What failed and where, for the log: a client's own exception may repeat the URL. */
    private Throwable redacted(Throwable failure) {
        IOException shown = new IOException(redacted(failure.toString()));
        shown.setStackTrace(failure.getStackTrace());
        if (failure.getCause() != null) {
            shown.initCause(redacted(failure.getCause()));
        }
        return shown;
    }

    /** Takes out what a client or a registry may have repeated of its options. */
    private String redacted(String text) {
        return settings.withoutSecrets(String.valueOf(text));
    }
}
