package io.rankstream.ops.serve.http;

import io.rankstream.ops.http.HostHeader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may ask. With a token, whoever shows it. Without one, whoever asks this machine under one of
 * its own names: a page from elsewhere can have its name resolved to here, and its browser then
 * says that name.
 *
 * @param token what is to be shown
 */
record Access(Optional<String> token) {

    /** What a balancer asks, and tells nothing of adapters. */
    private static final Set<String> OPEN = Set.of("/healthz", "/readyz");

    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    /**
     * Why a request is not answered; empty if it may be.
     *
     * @param authorization its header; null for none
     * @param hosts its {@code Host} headers
     */
    Optional<Problem> refusal(String path, String authorization, List<String> hosts) {
        if (token.isEmpty()) {
            return HostHeader.of(hosts).filter(HostHeader::isThisMachine).isPresent()
                    ? Optional.empty()
                    : Optional.of(
                            Problem.of(
                                    421,
                                    "without serve.token this is served as localhost or 127.0.0.1 alone"));
        }
        if (OPEN.contains(path)
                || (authorization != null && shown(authorization).filter(this::is).isPresent())) {
            return Optional.empty();
        }
        return Optional.of(
                Problem.of(
                        401,
                        "expected the header 'Authorization: Bearer TOKEN' with the token of serve.token"));
    }

    private static Optional<String> shown(String authorization) {
        if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(authorization.substring(BEARER.length()).strip());
        }
        if (authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return password(authorization.substring(BASIC.length()).strip());
        }
        return Optional.empty();
    }

    private static Optional<String> password(String credentials) {
        try {
            String decoded =
                    new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            return colon < 0 ? Optional.empty() : Optional.of(decoded.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Takes as long whatever is shown. */
    private boolean is(String shown) {
        return MessageDigest.isEqual(
                shown.getBytes(StandardCharsets.UTF_8),
                token.orElseThrow().getBytes(StandardCharsets.UTF_8));
    }
}
