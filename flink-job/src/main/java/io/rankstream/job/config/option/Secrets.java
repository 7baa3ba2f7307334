package io.rankstream.job.config.option;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.GlobalConfiguration;

/** Keeps secrets out of everything that is printed. */
public final class Secrets {

    /** Stands in the place of a secret. */
    public static final String HIDDEN = "******";

    private static final Pattern SECRET_KEY =
            Pattern.compile(
                    "password|passwd|passphrase|secret|token|jaas|credential|user[.-]?info"
                            + "|ssl\\.key(?!store\\.(?:location|type)|manager)|private[.-]?key"
                            + "|api[.-]?key|access[.-]?key|auth",
                    Pattern.CASE_INSENSITIVE);

    /** {@code user:password@} of a URL. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^\\s]*@");

    /** {@code password="…"} within a longer value. */
    private static final Pattern ASSIGNMENT =
            Pattern.compile(
                    "((?:password|passwd|passphrase|secret|token|credential|signature|api[.-]?key)\\w*\\s*=)"
                            + "\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|[^\\s;,&]*)",
                    Pattern.CASE_INSENSITIVE);

    /** Scheme, user info, host and port, and what comes after them. */
    private static final Pattern URL =
            Pattern.compile(
                    "([A-Za-z][A-Za-z0-9+.-]*:(?://)?)?([^/?#]*@)?([^/?#@]*)(.*)", Pattern.DOTALL);

    /** Paths of registries that say what is spoken there, and to nobody in particular. */
    private static final Pattern KNOWN_PATH =
            Pattern.compile("/?|(?:/apis?)?/ccompat(?:/v[0-9]+)?/?");

    private static final Set<String> KNOWN_NAMES = Set.of("apis", "ccompat");

    /** Shorter ones would blank out half of a message, and guard nothing. */
    private static final int SHORTEST_SECRET = 4;

    private static final Set<String> JAAS_WORDS =
            Set.of("required", "requisite", "sufficient", "optional", "username", "password");

    private Secrets() {}

    /** {@code value} of an option that is handed on, as it may be shown. */
    public static String redact(String key, String value) {
        return isSecret(key) ? HIDDEN : redact(value);
    }

    /** {@code value} without the secrets that can be told by its form. */
    public static String redact(String value) {
        String withoutUserInfo = USER_INFO.matcher(value).replaceAll(HIDDEN + "@");
        return ASSIGNMENT.matcher(withoutUserInfo).replaceAll("$1" + HIDDEN);
    }

    /**
     * {@code url}, which may be malformed, without user and password, and with nothing but a
     * well-known path: any other path or query may be a token.
     */
    public static String redactUrl(String url) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            return HIDDEN;
        }
        String scheme = Objects.requireNonNullElse(parts.group(1), "");
        String rest = parts.group(4);
        if (rest.contains("@")) { // the host may stand after it, or be a part of a password
            return scheme + HIDDEN;
        }
        return scheme
                + (parts.group(2) == null ? "" : HIDDEN + "@")
                + parts.group(3)
                + (KNOWN_PATH.matcher(rest).matches() ? rest : "/" + HIDDEN);
    }

    /** {@code text} without the parts of {@code url} that {@link #redactUrl} hides. */
    public static String redactParts(String text, String url) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            return text;
        }
        Stream<String> userInfo =
                Stream.ofNullable(parts.group(2))
                        .map(info -> info.substring(0, info.length() - 1))
                        .flatMap(info -> Stream.of(info, info.substring(info.indexOf(':') + 1)));
        Stream<String> names =
                KNOWN_PATH.matcher(parts.group(4)).matches()
                        ? Stream.empty()
                        : Stream.concat(
                                Stream.of(parts.group(4)),
                                Pattern.compile("[/?#&=]").splitAsStream(parts.group(4)));
        String clean = text;
        for (String secret : withDecoded(Stream.concat(userInfo, names))) {
            clean = clean.replace(secret, HIDDEN);
        }
        return clean;
    }

    private static List<String> withDecoded(Stream<String> parts) {
        return longestFirst(
                parts.filter(part -> !KNOWN_NAMES.contains(part))
                        .flatMap(part -> Stream.of(part, decoded(part)))
                        .distinct());
    }

    private static String decoded(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return part;
        }
    }

    /**
     * {@code text}, such as a client's error message, without the secrets that {@code properties}
     * hold, whole or in part.
     */
    public static String redact(String text, Map<String, String> properties) {
        String clean = redact(text);
        for (String secret : secretsOf(properties)) {
            clean = clean.replace(secret, HIDDEN);
        }
        return clean;
    }

    /** The longest first, since one may be a part of another. */
    private static List<String> secretsOf(Map<String, String> properties) {
        Set<String> secrets = new HashSet<>();
        properties.forEach(
                (key, value) -> {
                    if (isSecret(key)) {
                        secrets.add(value);
                        secrets.add(value.substring(value.indexOf(':') + 1));
                    }
                    if (key.contains("jaas")) {
                        secrets.addAll(words(value));
                    }
                    ASSIGNMENT
                            .matcher(value)
                            .results()
                            .forEach(match -> secrets.add(unquoted(match.group(2))));
                });
        return longestFirst(secrets.stream());
    }

    private static List<String> longestFirst(Stream<String> secrets) {
        return secrets.filter(secret -> secret.length() >= SHORTEST_SECRET)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /**
     * What stands for itself in an entry of JAAS that may be malformed, so that any is a secret.
     */
    private static List<String> words(String jaas) {
        return Pattern.compile("[\\s\"';=]+")
                .splitAsStream(jaas)
                .filter(word -> !word.endsWith("Module") && !JAAS_WORDS.contains(word))
                .toList();
    }

    private static String unquoted(String value) {
        return value.startsWith("\"") || value.startsWith("'")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /** Whether the value of {@code key} is a secret. */
    public static boolean isSecret(String key) {
        return SECRET_KEY.matcher(key).find()
                || GlobalConfiguration.isSensitive(key.toLowerCase(Locale.ROOT));
    }
}
