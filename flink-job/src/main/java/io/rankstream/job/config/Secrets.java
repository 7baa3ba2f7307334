package io.rankstream.job.config;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.flink.configuration.GlobalConfiguration;

/** Keeps secrets out of everything that is printed. */
final class Secrets {

    /** Stands in the place of a secret. */
    static final String HIDDEN = "******";

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
                    "((?:password|passwd|passphrase|secret|token|credential|api[.-]?key)\\w*\\s*=)"
                            + "\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|[^\\s;,&]*)",
                    Pattern.CASE_INSENSITIVE);

    /** Shorter ones would blank out half of a message, and guard nothing. */
    private static final int SHORTEST_SECRET = 4;

    private static final Set<String> JAAS_WORDS =
            Set.of("required", "requisite", "sufficient", "optional", "username", "password");

    private Secrets() {}

    /**
     * {@code value} as it may be shown. Keys of options of ours are never secret themselves; their
     * values are still searched for secrets.
     */
    static String redact(String key, String value) {
        return isOurs(key) || !isSecret(key) ? redact(value) : HIDDEN;
    }

    /** {@code value} without the secrets that can be told by its form. */
    static String redact(String value) {
        String withoutUserInfo = USER_INFO.matcher(value).replaceAll(HIDDEN + "@");
        return ASSIGNMENT.matcher(withoutUserInfo).replaceAll("$1" + HIDDEN);
    }

    /** {@code properties} as they may be shown, sorted. */
    static Map<String, String> redact(Map<String, String> properties) {
        Map<String, String> shown = new TreeMap<>();
        properties.forEach((key, value) -> shown.put(key, redact(key, value)));
        return shown;
    }

    /**
     * {@code text}, such as a client's error message, without the secrets that {@code properties}
     * hold, whole or in part.
     */
    static String redact(String text, Map<String, String> properties) {
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
        return secrets.stream()
                .filter(secret -> secret.length() >= SHORTEST_SECRET)
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
    static boolean isSecret(String key) {
        return SECRET_KEY.matcher(key).find()
                || GlobalConfiguration.isSensitive(key.toLowerCase(Locale.ROOT));
    }

    private static boolean isOurs(String key) {
        return key.startsWith("adapters.") || RankstreamOptions.keys().anyMatch(key::equals);
    }
}
