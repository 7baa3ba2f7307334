package io.rankstream.job.config;

import static io.rankstream.job.config.RankstreamOptions.SERVE_CACHE_SIZE;
import static io.rankstream.job.config.RankstreamOptions.SERVE_HOST;
import static io.rankstream.job.config.RankstreamOptions.SERVE_LINGER;
import static io.rankstream.job.config.RankstreamOptions.SERVE_MAX_REQUEST_SIZE;
import static io.rankstream.job.config.RankstreamOptions.SERVE_MAX_TEXTS;
import static io.rankstream.job.config.RankstreamOptions.SERVE_MAX_WAITING_TEXTS;
import static io.rankstream.job.config.RankstreamOptions.SERVE_PASS_TOKENS;
import static io.rankstream.job.config.RankstreamOptions.SERVE_PORT;
import static io.rankstream.job.config.RankstreamOptions.SERVE_REQUEST_TIMEOUT;
import static io.rankstream.job.config.RankstreamOptions.SERVE_TLS_CERTIFICATE;
import static io.rankstream.job.config.RankstreamOptions.SERVE_TLS_KEY;
import static io.rankstream.job.config.RankstreamOptions.SERVE_TOKEN;

import io.rankstream.job.config.option.Errors;
import io.rankstream.job.config.settings.ServeSettings;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;

/** Checks what a file says of serving, and reads it. */
final class ServeReader {

    private final Values job;
    private final Errors errors;

    ServeReader(Values job, Errors errors) {
        this.job = job;
        this.errors = errors;
    }

    /** Whoever can reach it must be known, and what passes between must not be read by others. */
    void check() {
        for (ConfigOption<String> option : List.of(SERVE_TLS_CERTIFICATE, SERVE_TLS_KEY)) {
            ConfigOption<String> other =
                    option.equals(SERVE_TLS_KEY) ? SERVE_TLS_CERTIFICATE : SERVE_TLS_KEY;
            if (job.have(option) && job.lack(other)) {
                errors.add(
                        job.lineOf(option),
                        "%s only means something together with %s; give that, or remove this"
                                .formatted(option.key(), other.key()));
            }
        }
        if (job.have(SERVE_HOST) && !isThisMachineAlone(job.get(SERVE_HOST))) {
            for (ConfigOption<String> needed : List.of(SERVE_TOKEN, SERVE_TLS_CERTIFICATE)) {
                if (job.lack(needed)) {
                    errors.add(
                            job.lineOf(SERVE_HOST),
                            "%s is '%s', which other machines can reach, expected %s beside it; give that, or set this to 127.0.0.1"
                                    .formatted(
                                            SERVE_HOST.key(), job.get(SERVE_HOST), needed.key()));
                }
            }
        }
    }

    /** No name is looked up for this. */
    private static boolean isThisMachineAlone(String host) {
        return host.equals("localhost") || host.matches("127(\\.[0-9]{1,3}){3}|::1");
    }

    /** What was read; only of a file that is right. */
    ServeSettings settings() {
        return new ServeSettings(
                job.get(SERVE_HOST),
                job.get(SERVE_PORT),
                Optional.ofNullable(job.get(SERVE_TOKEN)),
                job.have(SERVE_TLS_CERTIFICATE)
                        ? Optional.of(
                                new ServeSettings.Tls(
                                        job.get(SERVE_TLS_CERTIFICATE), job.get(SERVE_TLS_KEY)))
                        : Optional.empty(),
                job.get(SERVE_CACHE_SIZE).getBytes(),
                job.get(SERVE_PASS_TOKENS),
                job.get(SERVE_LINGER),
                job.get(SERVE_MAX_WAITING_TEXTS),
                job.get(SERVE_MAX_TEXTS),
                Math.toIntExact(job.get(SERVE_MAX_REQUEST_SIZE).getBytes()),
                job.get(SERVE_REQUEST_TIMEOUT));
    }
}
