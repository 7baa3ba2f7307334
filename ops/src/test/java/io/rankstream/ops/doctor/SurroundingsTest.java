package io.rankstream.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.preflight.Trial;
import java.util.List;
import org.junit.jupiter.api.Test;

class SurroundingsTest {

    @Test
    void whatAStartFindsIsALineEach() {
        Trial trial =
                new Trial(
                        List.of("libtorch", "publish folder"),
                        List.of("a subject is not there yet"),
                        List.of(
                                new Trial.Problem("device", "no GPU"),
                                new Trial.Problem(
                                        "broker and topics",
                                        "the broker at localhost:1 does not answer:\n  start it"),
                                new Trial.Problem("schema registry", "401: correct the password")));

        assertThat(new Surroundings(trial).findings())
                .extracting(Finding::line)
                .containsExactly(
                        "ok       publish folder            as the job needs it",
                        "note     configuration             a subject is not there yet",
                        "missing  broker and topics         the broker at localhost:1 does not answer: start it",
                        "missing  schema registry           401: correct the password");
    }
}
