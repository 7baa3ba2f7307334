package io.rankstream.ops.labeling;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * What whoever asks must bring: a script of the page does, and no other page can, since a browser
 * sends it of itself to nobody.
 *
 * @param value never logged
 */
record AccessToken(String value) {

    private static final int BYTES = 24;
    private static final String SCHEME = "Bearer ";

    /** One that nobody guesses. */
    static AccessToken random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return new AccessToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Whether the value of an {@code Authorization} header has it, in time that tells nothing. */
    boolean isIn(Optional<String> authorization) {
        return authorization
                .filter(it -> it.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(it -> it.substring(SCHEME.length()).strip())
                .filter(it -> MessageDigest.isEqual(bytes(it), bytes(value)))
                .isPresent();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "AccessToken";
    }
}
