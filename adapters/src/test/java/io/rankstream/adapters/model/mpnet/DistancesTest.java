package io.rankstream.adapters.model.mpnet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistancesTest {

    /** As {@code MPNetEncoder.relative_position_bucket} of transformers gives them. */
    @ParameterizedTest
    @CsvSource({
        "-100000, 15",
        "-511, 15",
        "-128, 15",
        "-127, 15",
        "-91, 15",
        "-90, 14",
        "-64, 14",
        "-63, 13",
        "-46, 13",
        "-45, 12",
        "-32, 12",
        "-31, 11",
        "-23, 11",
        "-22, 10",
        "-16, 10",
        "-15, 9",
        "-12, 9",
        "-11, 8",
        "-8, 8",
        "-7, 7",
        "-2, 2",
        "-1, 1",
        "0, 0",
        "1, 17",
        "2, 18",
        "7, 23",
        "8, 24",
        "11, 24",
        "12, 25",
        "15, 25",
        "16, 26",
        "22, 26",
        "23, 27",
        "31, 27",
        "32, 28",
        "45, 28",
        "46, 29",
        "63, 29",
        "64, 30",
        "90, 30",
        "91, 31",
        "127, 31",
        "128, 31",
        "511, 31",
        "100000, 31"
    })
    void haveTheBucketsOfTransformers(int distance, int bucket) {
        assertThat(Distances.bucketOf(distance)).isEqualTo(bucket);
    }
}
