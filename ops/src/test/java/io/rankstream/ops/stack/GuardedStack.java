package io.rankstream.ops.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.errors.SaslAuthenticationException;

/**
 * A broker that admits one user, by SCRAM over TLS, and a registry behind HTTPS and basic
 * authentication. The broker's plain listener is there to create the user.
 */
public final class GuardedStack implements AutoCloseable {

    public static final String USER = "rankstream-job";
    public static final String BROKER_PASSWORD = "Losung=8;9,7";
    public static final String REGISTRY_PASSWORD = "Kennwort-6172";

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);

    private final KeyStores keys;
    private final LocalBroker broker;
    private final LocalRegistry registry;
    private final RegistryGate gate;
    private final int port;

    private GuardedStack(
            KeyStores keys,
            LocalBroker broker,
            LocalRegistry registry,
            RegistryGate gate,
            int port) {
        this.keys = keys;
        this.broker = broker;
        this.registry = registry;
        this.gate = gate;
        this.port = port;
    }

    /** Starts all of it and waits until the user is let in. */
    public static GuardedStack start(Path folder) throws Exception {
        Files.createDirectories(folder);
        KeyStores keys = KeyStores.make(folder);
        int[] port = new int[1];
        LocalBroker broker =
                LocalBroker.start(
                        Distribution.locate(),
                        folder.resolve("broker"),
                        folder.resolve("broker.log"),
                        0,
                        properties -> {
                            port[0] = Ports.free();
                            addGuardedListener(properties, port[0], keys);
                        });
        LocalRegistry registry = null;
        try {
            registry =
                    LocalRegistry.start(
                            Distribution.locate(),
                            folder.resolve("registry"),
                            folder.resolve("registry.log"),
                            0);
            RegistryGate gate =
                    new RegistryGate(registry.url(), keys, USER + ":" + REGISTRY_PASSWORD);
            GuardedStack stack = new GuardedStack(keys, broker, registry, gate, port[0]);
            stack.createUser();
            return stack;
        } catch (Exception e) {
            broker.close();
            if (registry != null) {
                registry.close();
            }
            throw e;
        }
    }

    private static void addGuardedListener(Properties broker, int port, KeyStores keys) {
        append(broker, "listeners", "GUARDED://127.0.0.1:" + port);
        append(broker, "advertised.listeners", "GUARDED://127.0.0.1:" + port);
        append(broker, "listener.security.protocol.map", "GUARDED:SASL_SSL");
        broker.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        broker.put(
                "listener.name.guarded.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        broker.put("listener.name.guarded.ssl.keystore.location", keys.keyStore().toString());
        broker.put("listener.name.guarded.ssl.keystore.password", keys.keyPassword());
        broker.put("listener.name.guarded.ssl.keystore.type", "PKCS12");
    }

    private static void append(Properties broker, String key, String more) {
        broker.put(key, broker.getProperty(key) + "," + more);
    }

    /** {@code host:port} of the guarded listener. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** {@code host:port} of the gate in front of the registry, with the path of its API. */
    public String registryAddress() {
        return "127.0.0.1:" + gate.port() + gate.path();
    }

    /** Key and trust stores of both. */
    public KeyStores keys() {
        return keys;
    }

    /** Requests that the gate in front of the registry has let through. */
    public int admittedByTheRegistry() {
        return gate.admitted();
    }

    /** Every secret there is. */
    public List<String> secrets() {
        return List.of(
                BROKER_PASSWORD, REGISTRY_PASSWORD, keys.keyPassword(), keys.trustPassword());
    }

    /** Options of a client that is let in. */
    public Map<String, Object> client() {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                jaas(BROKER_PASSWORD),
                "ssl.truststore.location",
                keys.trustStore().toString(),
                "ssl.truststore.password",
                keys.trustPassword());
    }

    /** Value of {@code sasl.jaas.config} for the user. */
    public static String jaas(String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(USER, password);
    }

    @Override
    public void close() {
        gate.close();
        registry.close();
        broker.close();
    }

    /** The broker knows the user a moment after it has stored him. */
    private void createUser() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.alterUserScramCredentials(
                            List.of(
                                    new UserScramCredentialUpsertion(
                                            USER,
                                            new ScramCredentialInfo(
                                                    ScramMechanism.SCRAM_SHA_512, 4096),
                                            BROKER_PASSWORD)))
                    .all()
                    .get();
        }
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        while (!letsTheUserIn()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the broker does not let its user in");
            }
        }
    }

    private boolean letsTheUserIn() throws Exception {
        try (Admin admin = Admin.create(client())) {
            admin.describeCluster().nodes().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SaslAuthenticationException) {
                return false;
            }
            throw e;
        }
    }
}
