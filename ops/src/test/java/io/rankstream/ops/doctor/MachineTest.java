package io.rankstream.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineTest {

    @ParameterizedTest
    @CsvSource({
        "8, MISSING",
        "11, MISSING",
        "16, MISSING",
        "17, OK",
        "21, OK",
        "25, OK",
    })
    void javaIsNewEnoughFrom17On(int feature, Finding.Mark mark) {
        Machine machine =
                new Machine(
                        feature, "java", 8 * Size.GIB, 3 * Size.GIB, 2, "Linux amd64", Set.of());

        assertThat(machine.findings())
                .filteredOn(finding -> finding.subject().equals("Java"))
                .extracting(Finding::mark)
                .containsExactly(mark);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 64, MISSING, MISSING",
        "512, 128, MISSING, MISSING",
        "1535, 256, MISSING, NOTE",
        "1536, 1023, NOTE, NOTE",
        "4095, 1024, NOTE, OK",
        "4096, 3072, OK, OK",
    })
    void memoryAndHeapAreThereOrSaidToBeTooSmall(
            long memory, long heap, Finding.Mark ofMemory, Finding.Mark ofHeap) {
        Machine machine =
                new Machine(
                        17, "17", memory * Size.MIB, heap * Size.MIB, 2, "Linux amd64", Set.of());

        assertThat(machine.findings())
                .filteredOn(finding -> finding.subject().matches("memory|heap"))
                .extracting(Finding::mark)
                .containsExactly(ofMemory, ofHeap);
    }

    @ParameterizedTest
    @CsvSource({
        "Linux amd64, 2, avx2 avx512f, OK, '2 cores, AVX-512'",
        "Linux amd64, 1, sse avx2, OK, '1 core, AVX2'",
        "Linux amd64, 4, sse, NOTE, neither AVX2 nor AVX-512",
        "Linux amd64, 4, , OK, 4 cores",
        "Linux aarch64, 4, asimd, NOTE, is for Linux amd64",
        "Mac OS X aarch64, 8, , NOTE, is for Linux amd64",
    })
    void theProcessorIsOneThatLibtorchIsFor(
            String platform, int cores, String flags, Finding.Mark mark, String fact) {
        Set<String> instructions =
                flags == null ? Set.of() : Set.copyOf(Arrays.asList(flags.split(" ")));
        Machine machine = new Machine(17, "17", Size.GIB, Size.GIB, cores, platform, instructions);

        Finding finding = machine.findings().get(3);

        assertThat(finding.mark()).isEqualTo(mark);
        assertThat(finding.fact()).contains(fact);
    }

    @Test
    void thisMachineRunsTheseTestsAndSoHasJavaAndCores() {
        assertThat(Machine.ofThisProcess().findings())
                .extracting(Finding::subject)
                .containsExactly("Java", "memory", "heap", "processor");
        assertThat(Machine.ofThisProcess().findings().get(0).mark()).isEqualTo(Finding.Mark.OK);
    }
}
