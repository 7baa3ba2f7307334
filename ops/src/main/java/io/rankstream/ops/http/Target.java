package io.rankstream.ops.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.QueryStringDecoder;

/**
 * What a request asks for (RFC 9112, 3.2): a path, as a proxy has it with scheme and host before
 * it.
 *
 * @param path decoded; begins with a slash
 * @param parameters of the query, decoded
 */
record Target(String path, Map<String, List<String>> parameters) {

    private static final Pattern ABSOLUTE =
            Pattern.compile("https?://[^/?#]+(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Empty where {@code uri} is neither. */
    static Optional<Target> of(String uri) {
        Matcher absolute = ABSOLUTE.matcher(uri);
        String local = absolute.matches() ? absolute.group(1) : uri;
        String path = absolute.matches() && !local.startsWith("/") ? "/" + local : local;
        if (!path.startsWith("/")) {
            return Optional.empty();
        }
        try {
            QueryStringDecoder decoder = new QueryStringDecoder(path);
            return Optional.of(new Target(decoder.path(), decoder.parameters()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The first value of a parameter; empty where there is none. */
    Optional<String> parameter(String name) {
        return parameters.getOrDefault(name, List.of()).stream().findFirst();
    }
}
