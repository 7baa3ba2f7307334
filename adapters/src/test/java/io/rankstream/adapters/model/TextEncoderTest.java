package io.rankstream.adapters.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextEncoderTest {

    @Test
    void givesTheKnownIdsOfAText() throws ModelLoadException {
        try (TextEncoder encoder = TextEncoder.open(new ModelSource.Embedded(), 128)) {
            assertThat(encoder.encode("hello world"))
                    .isEqualTo(new Tokens(new int[] {101, 7592, 2088, 102}, false));
        }
    }
}
