package io.rankstream.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class InstallationTest {

    @Test
    void aJobNeedsNoLocalBroker() {
        Installation installation =
                new Installation(
                        "1.0",
                        Optional.of("/opt/rankstream"),
                        Optional.empty(),
                        Optional.of("the local broker was left out: unpack it"));

        assertThat(installation.findings())
                .extracting(Finding::line)
                .containsExactly(
                        "ok       Rankstream                1.0 in /opt/rankstream",
                        "note     local broker              the local broker was left out: unpack it");
    }

    @Test
    void aProcessThatWasStartedOtherwiseSaysSo() {
        Installation installation =
                new Installation(
                        "1.0", Optional.empty(), Optional.of("start through it"), Optional.empty());

        assertThat(installation.findings())
                .extracting(Finding::line)
                .containsExactly("note     Rankstream                1.0, start through it");
    }
}
