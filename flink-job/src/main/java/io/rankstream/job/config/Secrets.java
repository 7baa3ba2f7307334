package io.rankstream.job.config;

import java.util.Locale;
import java.util.Map;
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
                            + "|ssl\\.key|private[.-]?key|api[.-]?key|access[.-]?key|auth",
                    Pattern.CASE_INSENSITIVE);

    /** {@code user:password@} of a URL. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^\\s]*@");

    /** {@code password="…"} within a longer value. */
    private static final Pattern ASSIGNMENT =
            Pattern.compile(
                    "((?:password|passwd|passphrase|secret|token|credential|api[.-]?key)\\w*\\s*=)"
                            + "\\s*(?:\"[^\"]*\"|'[^']*'|[^\\s;,&]*)",
                    Pattern.CASE_INSENSITIVE);

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

    /** Whether the value of {@code key} is a secret. */
    static boolean isSecret(String key) {
        return SECRET_KEY.matcher(key).find()
                || GlobalConfiguration.isSensitive(key.toLowerCase(Locale.ROOT));
    }

    private static boolean isOurs(String key) {
        return key.startsWith("adapters.") || RankstreamOptions.keys().anyMatch(key::equals);
    }
}
