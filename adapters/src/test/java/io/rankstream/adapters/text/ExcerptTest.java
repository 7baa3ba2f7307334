package io.rankstream.adapters.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {

    @Test
    void quotes() {
        assertThat(Excerpt.of("Grüße 🙂")).isEqualTo("'Grüße 🙂'");
    }

    @Test
    void showsWhatCannotBeSeen() {
        assertThat(Excerpt.of("a\nb\u202Ec\uD800")).isEqualTo("'a\\u{a}b\\u{202e}c\\u{d800}'");
    }

    @Test
    void cuts() {
        assertThat(Excerpt.of("x".repeat(200))).isEqualTo("'" + "x".repeat(200) + "'");
        assertThat(Excerpt.of("x".repeat(201))).isEqualTo("'" + "x".repeat(200) + "…'");
    }
}
