package io.rankstream.ops.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordsByReasonTest {

    private final RecordsByReason leftOut = new RecordsByReason("left out");

    @Test
    void theSameProblemIsToldOnceAndCounted() {
        for (int line = 1; line <= 98; line++) {
            assertThat(leftOut.add("line " + line, "label is missing")).isEqualTo(line == 1);
        }
        assertThat(leftOut.add("line 99", "text is empty")).isTrue();

        assertThat(leftOut.count()).isEqualTo(99);
        assertThat(leftOut.repeated())
                .containsExactly(
                        "98 records left out (line 1, line 2, line 3, line 4, line 5, …): label is missing");
    }

    @Test
    void problemsBeyondThoseThatAreKeptAreEachToldAndCounted() {
        for (int line = 1; line <= 3_000; line++) {
            assertThat(leftOut.add("line " + line, "adapter " + line)).isTrue();
        }

        assertThat(leftOut.count()).isEqualTo(3_000);
        assertThat(leftOut.repeated()).isEmpty();
    }

    @Test
    void fieldsOfADocumentAreNamedAsAMappingNamesThem() {
        String document =
                """
                {"ticket": 1, "body": {"text": "t", "a.b": true, "c,d": null}, "tags": ["x"], "e": {}}
                """;

        assertThat(DocumentFields.of(document.getBytes(UTF_8)))
                .containsExactly("ticket", "body.text", "/body/a.b", "body.c\\,d");
        assertThat(DocumentFields.columns("{\"a.b\": 1, \"c,d\": 2}".getBytes(UTF_8)))
                .containsExactly("a.b", "c\\,d");
        assertThat(DocumentFields.of("[".getBytes(UTF_8))).isEmpty();
    }
}
