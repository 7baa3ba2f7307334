package io.rankstream.job.config.passthrough;

import java.lang.reflect.Constructor;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/**
 * Kafka's clients as judges of their options: each is made as the job makes it, for a broker that
 * nobody asks, and closed. Files and logins belong to the machine of the job, so the connection
 * itself is a plain one, and what secures it is judged without them.
 */
public final class KafkaClients {

    private static final String NOBODY = "127.0.0.1:1";

    private KafkaClients() {}

    public static List<WholeOptions.Judge> judges() {
        return List.of(
                given -> new ConsumerConfig(with(given, FixedKafkaOptions.CONSUMER)),
                given -> new ProducerConfig(with(given, FixedKafkaOptions.PRODUCER)),
                given -> new AdminClientConfig(with(given, Map.of())),
                given -> new KafkaConsumer<>(plain(given, FixedKafkaOptions.CONSUMER)).close(),
                given ->
                        new KafkaProducer<>(plain(given, FixedKafkaOptions.PRODUCER))
                                .close(Duration.ZERO),
                given -> Admin.create(plain(given, Map.of())).close(Duration.ZERO),
                KafkaClients::judgeLogin,
                KafkaClients::judgeTls);
    }

    private static Map<String, Object> with(Map<String, String> given, Map<String, String> fixed) {
        Map<String, Object> options = new HashMap<>(given);
        options.keySet().removeAll(unknownHere(given));
        options.putAll(fixed);
        options.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, NOBODY);
        if (fixed.equals(FixedKafkaOptions.CONSUMER)) {
            options.put(ConsumerConfig.GROUP_ID_CONFIG, "check");
        }
        return options;
    }

    private static Map<String, Object> plain(Map<String, String> given, Map<String, String> fixed) {
        Map<String, Object> options = with(given, fixed);
        options.keySet().removeIf(name -> name.startsWith("ssl.") || name.startsWith("sasl."));
        options.remove(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        return options;
    }

    /** Options that name classes of which one is on the cluster alone. */
    private static Set<String> unknownHere(Map<String, String> given) {
        return given.entrySet().stream()
                .filter(entry -> isOfClasses(entry.getKey()))
                .filter(
                        entry ->
                                !Stream.of(entry.getValue().split(",", -1))
                                        .allMatch(KafkaClients::isHere))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static boolean isOfClasses(String name) {
        return Stream.of(
                        ConsumerConfig.configDef(),
                        ProducerConfig.configDef(),
                        AdminClientConfig.configDef())
                .map(client -> client.configKeys().get(name))
                .anyMatch(
                        key ->
                                key != null
                                        && (key.type == ConfigDef.Type.CLASS
                                                || name.endsWith(".classes")
                                                || name.endsWith(".class")
                                                || name.equals("metric.reporters")
                                                || name.equals("security.providers")
                                                || name.equals("config.providers")
                                                || name.equals("partition.assignment.strategy")));
    }

    private static boolean isHere(String name) {
        try {
            Class<?> type =
                    Class.forName(
                            name.strip(), false, Thread.currentThread().getContextClassLoader());
            return Stream.of(type.getDeclaredConstructors())
                    .map(Constructor::getParameterCount)
                    .anyMatch(count -> count == 0);
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static void judgeLogin(Map<String, String> given) {
        String jaas = given.get(SaslConfigs.SASL_JAAS_CONFIG);
        if (jaas != null) {
            JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(jaas)));
        }
    }

    /** What the platform has of the algorithms that are named. */
    private static void judgeTls(Map<String, String> given) throws Exception {
        String protocol = given.get(SslConfigs.SSL_PROTOCOL_CONFIG);
        if (protocol != null) {
            SSLContext.getInstance(protocol);
        }
        for (String type :
                List.of(
                        SslConfigs.SSL_KEYSTORE_TYPE_CONFIG,
                        SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG)) {
            String store = given.get(type);
            if (store != null && !store.equals("PEM")) {
                KeyStore.getInstance(store);
            }
        }
        SSLParameters platform = SSLContext.getDefault().getSupportedSSLParameters();
        requireAll(given.get(SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG), platform.getProtocols());
        requireAll(given.get(SslConfigs.SSL_CIPHER_SUITES_CONFIG), platform.getCipherSuites());
    }

    private static void requireAll(String names, String[] known) {
        if (names == null) {
            return;
        }
        for (String name : names.split(",", -1)) {
            if (!name.isBlank() && !Arrays.asList(known).contains(name.strip())) {
                throw new IllegalArgumentException("this Java has no '%s'".formatted(name.strip()));
            }
        }
    }
}
