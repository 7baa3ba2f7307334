package io.rankstream.job.registry;

import io.rankstream.job.config.RegistrySettings;
import io.rankstream.job.config.TopicNames;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.RestService;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.SchemaString;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.requests.ConfigUpdateRequest;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.apache.flink.avro.shaded.com.fasterxml.jackson.core.type.TypeReference;

/**
 * A schema registry with Confluent's API. Every call is one attempt, and takes no longer than the
 * settings' request timeout for connecting and for reading, each.
 *
 * <p>Flink ships Confluent's client with a relocated Avro, so schemas cross this class as JSON.
 * Thread-safe.
 */
public final class SchemaRegistry implements AutoCloseable {

    private static final TypeReference<SchemaString> SCHEMA = new TypeReference<>() {};

    private static final int NOT_FOUND = 404;
    private static final int SCHEMA_NOT_FOUND = 40403;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;

    private static final String BASIC_SOURCE = "basic.auth.credentials.source";

    /** Prefix that the client wants in front of options such as {@code ssl.truststore.location}. */
    private static final String TLS = "schema.registry.";

    /** Levels under which today's schema reads what yesterday's wrote. */
    private static final Set<String> BACKWARD_OR_STRICTER =
            Set.of("BACKWARD", "BACKWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE");

    /** What the class generator puts into a schema; a foreign consumer has no use for it. */
    private static final String JAVA_STRING =
            "{\"type\":\"string\",\"avro.java.string\":\"String\"}";

    private final RegistrySettings settings;
    private final RestService rest;

    /**
     * Asks nothing of the registry yet.
     *
     * @throws IllegalArgumentException when the client refuses its options
     */
    public SchemaRegistry(RegistrySettings settings) {
        this.settings = settings;
        this.rest = connect();
    }

    /**
     * Registers the schema of every topic's values, one after the other: a registry may refuse
     * registrations that race. Each subject then refuses schemas that cannot read what was written
     * before, as it may already have done.
     *
     * @throws RegistryException when the registry cannot be reached, or refuses a schema
     */
    public SchemaIds registerAll(TopicNames topics) throws RegistryException {
        return new SchemaIds(
                register(topics.predictions(), Prediction.getClassSchema()),
                register(topics.trainingReports(), TrainingReport.getClassSchema()),
                register(topics.adapterVersions(), AdapterVersion.getClassSchema()),
                register(topics.deadLetters(), DeadLetter.getClassSchema()),
                register(topics.labeledExamples(), LabeledExample.getClassSchema()),
                register(topics.controlCommands(), ControlCommand.getClassSchema()));
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
            return parse("schema " + id, rest.getId(id));
        } catch (RestClientException e) {
            if (e.getStatus() == NOT_FOUND && e.getErrorCode() == SCHEMA_NOT_FOUND) {
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
            return parse(
                    key.toString(),
                    rest.httpRequest(
                            guidPath((SchemaKey.Guid) key),
                            "GET",
                            null,
                            RestService.DEFAULT_REQUEST_PROPERTIES,
                            SCHEMA));
        } catch (RestClientException e) {
            if (e.getStatus() == NOT_FOUND) {
                throw new UnknownSchemaException(
                        "the schema registry has no %s, or does not look up GUIDs".formatted(key));
            }
            throw refused("looking up " + key, e);
        } catch (IOException e) {
            throw unreachable("looking up " + key, e);
        }
    }

    private static String guidPath(SchemaKey.Guid key) {
        return "/schemas/guids/" + key.guid();
    }

    /** Frees what the client's authentication holds. */
    @Override
    public void close() {
        try {
            rest.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing the schema registry's client failed", e);
        }
    }

    private RestService connect() {
        try {
            RestService service = new RestService(settings.address());
            // Sets up TLS and authentication of the service. Its calls are not used: they cache
            // what is missing by a clock of their own and hide an outage in a message.
            new CachedSchemaRegistryClient(service, 1, List.of(), clientOptions(), Map.of());
            int timeout = Math.toIntExact(settings.requestTimeout().toMillis());
            service.setHttpConnectTimeoutMs(timeout);
            service.setHttpReadTimeoutMs(timeout);
            return service;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "the schema registry's client refuses its options: " + redacted(e.getMessage()),
                    e);
        }
    }

    /**
     * Options of the client. User and password of the URL are handed on apart from it, because the
     * client logs the URL of a request that fails; options of TLS get the client's own prefix.
     */
    private Map<String, String> clientOptions() {
        Map<String, String> options = new HashMap<>();
        settings.properties()
                .forEach(
                        (key, value) ->
                                options.put(key.startsWith("ssl.") ? TLS + key : key, value));
        boolean namesAnother =
                !options.getOrDefault(BASIC_SOURCE, "URL").equals("URL")
                        || options.containsKey("bearer.auth.credentials.source");
        if (!namesAnother && settings.userInfo().isPresent()) {
            options.put(BASIC_SOURCE, "USER_INFO");
            options.put("basic.auth.user.info", settings.userInfo().get());
        }
        return options;
    }

    private int register(String topic, Schema schema) throws RegistryException {
        String subject = topic + "-value";
        String task = "registering the schema of subject " + subject;
        try {
            keepBackwardCompatible(subject);
            return rest.registerSchema(portable(schema), subject);
        } catch (RestClientException e) {
            throw refused(task, e);
        } catch (IOException e) {
            throw unreachable(task, e);
        }
    }

    private void keepBackwardCompatible(String subject) throws IOException, RestClientException {
        if (!BACKWARD_OR_STRICTER.contains(compatibility(subject))) {
            ConfigUpdateRequest backward = new ConfigUpdateRequest();
            backward.setCompatibilityLevel("BACKWARD");
            rest.updateConfig(backward, subject);
        }
    }

    private String compatibility(String subject) throws IOException, RestClientException {
        try {
            return rest.getConfig(RestService.DEFAULT_REQUEST_PROPERTIES, subject, true)
                    .getCompatibilityLevel();
        } catch (RestClientException e) {
            if (e.getStatus() == NOT_FOUND) {
                return "NONE"; // a subject that does not exist yet
            }
            throw e;
        }
    }

    private static String portable(Schema schema) {
        return schema.toString().replace(JAVA_STRING, "\"string\"");
    }

    private static Schema parse(String name, SchemaString found)
            throws IOException, UnknownSchemaException {
        if (found.getSchemaString() == null) {
            throw new IOException("an answer without a schema");
        }
        String type = found.getSchemaType();
        if (type != null && !type.equals("AVRO")) {
            throw new UnknownSchemaException(
                    "%s is of type %s, expected AVRO".formatted(name, type));
        }
        if (found.getReferences() != null && !found.getReferences().isEmpty()) {
            throw new UnknownSchemaException(
                    "%s refers to other subjects, expected one that holds all its types"
                            .formatted(name));
        }
        try {
            return new Schema.Parser().setValidateDefaults(false).parse(found.getSchemaString());
        } catch (AvroRuntimeException e) {
            throw new UnknownSchemaException(
                    "%s is not a schema that Avro can read: %s".formatted(name, e.getMessage()));
        }
    }

    private RegistryException refused(String task, RestClientException e) {
        String found =
                "the schema registry at %s answered %d while %s: %s"
                        .formatted(
                                settings.address(), e.getStatus(), task, redacted(e.getMessage()));
        return new RegistryException(found + advice(e.getStatus()), e);
    }

    private static String advice(int status) {
        return switch (status) {
            case CONFLICT ->
                    "; the topic holds values of an incompatible schema: use another topic";
            case UNAUTHORIZED, FORBIDDEN ->
                    "; check user, password or token in registry.url and registry.properties, and what they permit";
            default -> "";
        };
    }

    private RegistryException unreachable(String task, IOException e) {
        String why;
        if (e instanceof SocketTimeoutException) {
            why = "did not answer within " + settings.requestTimeout().toMillis() + " ms";
        } else if (e instanceof ConnectException) {
            why = "accepts no connection (" + e.getMessage() + ")";
        } else if (e instanceof UnknownHostException) {
            why = "has a host name that cannot be resolved";
        } else if (e instanceof SSLException) {
            why =
                    "cannot be spoken to over TLS (%s; see ssl.* in registry.properties)"
                            .formatted(redacted(e.getMessage()));
        } else {
            why = "gave no usable answer (" + redacted(e.getMessage()) + ")";
        }
        return new RegistryException(
                "the schema registry at %s %s while %s: check that it runs and that the address"
                                .formatted(settings.address(), why, task)
                        + " is right",
                e);
    }

    /** Takes out what a client or a registry may have repeated of its options. */
    private String redacted(String text) {
        return settings.withoutSecrets(String.valueOf(text));
    }
}
