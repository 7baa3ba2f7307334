package io.rankstream.job.registry;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * How a server is reached: limits, proxy, and TLS as Kafka's clients have it.
 *
 * @param limitMillis of connecting and of reading, each
 * @param proxy proxy that the options name
 * @param tls TLS of the options; empty for Java's own
 * @param anyHost whether a certificate may be another host's
 */
record HttpRoute(
        int limitMillis, Optional<Proxy> proxy, Optional<SSLContext> tls, boolean anyHost) {

    static HttpRoute of(ClientOptions options, Duration limit) {
        return new HttpRoute(
                Math.toIntExact(limit.toMillis()),
                options.get("proxy.host").map(host -> proxy(host, options)),
                options.haveTls() ? Optional.of(tls(options)) : Optional.empty(),
                options.byName()
                        .getOrDefault(
                                SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG,
                                SslConfigs.DEFAULT_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM)
                        .isBlank());
    }

    private static Proxy proxy(String host, ClientOptions options) {
        int port = Integer.parseInt(options.require("proxy.port", "proxy.host"));
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
    }

    private static SSLContext tls(ClientOptions options) {
        try (DefaultSslEngineFactory tls = new DefaultSslEngineFactory()) {
            tls.configure(options.security());
            return tls.sslContext();
        }
    }

    /** A connection to {@code address} that is not made yet. */
    HttpURLConnection open(URI address) throws IOException {
        URLConnection connection =
                proxy.isPresent()
                        ? address.toURL().openConnection(proxy.get())
                        : address.toURL().openConnection();
        connection.setConnectTimeout(limitMillis);
        connection.setReadTimeout(limitMillis);
        connection.setUseCaches(false);
        if (connection instanceof HttpsURLConnection https) {
            tls.ifPresent(context -> https.setSSLSocketFactory(context.getSocketFactory()));
            if (anyHost) {
                https.setHostnameVerifier((host, session) -> true);
            }
        }
        return (HttpURLConnection) connection;
    }
}
