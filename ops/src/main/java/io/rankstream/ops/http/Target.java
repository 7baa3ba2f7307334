package io.rankstream.ops.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.QueryStringDecoder;

/**
 * What a request asks for (RFC 9112, 3.2): a path, before which a proxy has scheme and host.
 *
 * @param host with its port; empty where none is before the path
 * @param path decoded; begins with a slash
 * @param parameters of the query, decoded
 */
record Target(Optional<String> host, String path, Map<String, List<String>> parameters) {

    private static final Pattern ABSOLUTE =
            Pattern.compile("https?://([^/?#]+)(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Empty where {@code uri} is neither. */
    static Optional<Target> of(String uri) {
        Matcher absolute = ABSOLUTE.matcher(uri);
        if (absolute.matches()) {
            String local = absolute.group(2);
            return of(Optional.of(absolute.group(1)), local.startsWith("/") ? local : "/" + local);
        }
        return uri.startsWith("/") ? of(Optional.empty(), uri) : Optional.empty();
    }

    private static Optional<Target> of(Optional<String> host, String local) {
        try {
            QueryStringDecoder decoder = new QueryStringDecoder(local);
            return Optional.of(new Target(host, decoder.path(), decoder.parameters()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The first value of a parameter; empty where there is none. */
    Optional<String> parameter(String name) {
        return parameters.getOrDefault(name, List.of()).stream().findFirst();
    }
}
