package io.rankstream.adapters.model.deberta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DistancesTest {

    /** Tables of several sizes with their rows as benchmarks/peft had them from transformers. */
    static Stream<JsonNode> tables() throws IOException {
        try (InputStream file =
                DistancesTest.class.getResourceAsStream("/parity/deberta-distances.json")) {
            return new ObjectMapper().readTree(file).valueStream().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void haveTheRowsOfTransformers(JsonNode table) {
        Distances distances =
                new Distances(table.get("buckets").asInt(), table.get("farthest").asInt());
        JsonNode rows = table.get("rows");
        int least = -rows.size() / 2;

        for (int i = 0; i < rows.size(); i++) {
            assertThat(distances.rowOf(least + i))
                    .as("distance %d", least + i)
                    .isEqualTo(rows.get(i).asInt());
        }
    }

    @Test
    void haveAsManyRowsAsThePublishedTables() {
        assertThat(new Distances(256, 512).rows()).isEqualTo(512);
        assertThat(new Distances(0, 512).rows()).isEqualTo(1024);
    }

    @Test
    void wantAsManyBucketsToEitherSide() {
        assertThatThrownBy(() -> new Distances(7, 512))
                .hasMessage(
                        "the number of buckets of distances (position_buckets) is 7, expected an even one, or -1 for none");
    }

    @Test
    void endBeyondTheBucketsOfOneDistance() {
        assertThatThrownBy(() -> new Distances(64, 33))
                .hasMessage(
                        "the farthest distance (max_relative_positions) is 33, expected more than half of the 64 buckets and 1");
    }
}
