package io.rankstream.ops.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host that a request was sent to, as its {@code Host} header says. A page from elsewhere can
 * have its own name resolved to this machine, and its browser then says that name.
 *
 * @param name in lower case, without port and without a dot at its end; an address of version 6 is
 *     in brackets
 */
public record HostHeader(String name) {

    private static final Pattern HOST =
            Pattern.compile("([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[0-9]{0,5})?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|\\[.*]");

    /**
     * The host that a request names; empty unless it names one.
     *
     * @param headers its {@code Host} headers; null for none
     */
    public static Optional<HostHeader> of(List<String> headers) {
        return headers == null || headers.size() != 1 ? Optional.empty() : of(headers.get(0));
    }

    /** The host in {@code value}, which is what such a header may have; empty if that has none. */
    public static Optional<HostHeader> of(String value) {
        Matcher matcher = HOST.matcher(value.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String name = matcher.group(1).replaceFirst("\\.$", "");
        return name.isEmpty() || name.endsWith(".")
                ? Optional.empty()
                : Optional.of(new HostHeader(name));
    }

    /** Whether it is this machine under any name on any port: a tunnel has another one there. */
    public boolean isThisMachine() {
        return name.equals("localhost")
                || address().filter(InetAddress::isLoopbackAddress).isPresent();
    }

    /** Whether it is an address, which no foreign name can be. */
    public boolean isAddress() {
        return address().isPresent();
    }

    /** No name is looked up for this. */
    private Optional<InetAddress> address() {
        if (!ADDRESS.matcher(name).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(name));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
