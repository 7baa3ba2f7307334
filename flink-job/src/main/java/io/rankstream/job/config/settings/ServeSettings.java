package io.rankstream.job.config.settings;

import java.time.Duration;
import java.util.Optional;

/**
 * What {@code rankstream serve} answers requests by.
 *
 * @param host address that it listens at
 * @param port its port; 0 takes a free one
 * @param token what a request must show; empty where anybody on this machine may ask
 * @param tls key and certificate; empty where requests come in the clear
 * @param cacheBytes bytes of adapters that are kept ready to answer; at least the newest one stays
 * @param passTokens tokens without padding that complete a pass
 * @param linger how long the first text of a pass waits for others
 * @param maxWaitingTexts texts that wait or are answered at a time
 * @param maxTexts texts of a request
 * @param maxRequestBytes bytes of a request's body
 * @param requestTimeout how long a request may take to arrive, and to be answered
 */
public record ServeSettings(
        String host,
        int port,
        Optional<String> token,
        Optional<Tls> tls,
        long cacheBytes,
        int passTokens,
        Duration linger,
        int maxWaitingTexts,
        int maxTexts,
        int maxRequestBytes,
        Duration requestTimeout) {

    /**
     * What a server shows that it is itself by.
     *
     * @param certificate file of its certificate and those above it, in PEM
     * @param key file of its private key, PKCS 8 in PEM, without a password
     */
    public record Tls(String certificate, String key) {}

    /** The same at another port. */
    public ServeSettings withPort(int other) {
        return new ServeSettings(
                host,
                other,
                token,
                tls,
                cacheBytes,
                passTokens,
                linger,
                maxWaitingTexts,
                maxTexts,
                maxRequestBytes,
                requestTimeout);
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return ("ServeSettings[host=%s, port=%d, token=%s, tls=%s, cacheBytes=%d, passTokens=%d,"
                        + " linger=%s, maxWaitingTexts=%d, maxTexts=%d, maxRequestBytes=%d,"
                        + " requestTimeout=%s]")
                .formatted(
                        host,
                        port,
                        token.isPresent() ? "given" : "none",
                        tls,
                        cacheBytes,
                        passTokens,
                        linger,
                        maxWaitingTexts,
                        maxTexts,
                        maxRequestBytes,
                        requestTimeout);
    }
}
