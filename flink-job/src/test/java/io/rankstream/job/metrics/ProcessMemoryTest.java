package io.rankstream.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {

    @Test
    void readsWhatLinuxTells() {
        assertThat(
                        ProcessMemory.residentBytes(
                                List.of("VmPeak:\t 9000000 kB", "VmRSS:\t  655360 kB")))
                .isEqualTo(640.0 * (1 << 20));
    }

    @Test
    void isNoNumberWhereTheSystemDoesNotTell() {
        assertThat(ProcessMemory.residentBytes(List.of())).isNaN();
    }
}
