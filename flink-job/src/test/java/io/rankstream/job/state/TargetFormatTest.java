package io.rankstream.job.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.task.Target;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** State of any release has these bytes. */
class TargetFormatTest {

    static Stream<Arguments> bytes() {
        return Stream.of(
                Arguments.of("01 04 68 61 6d", new Target.Label("ham")),
                Arguments.of("02 3f f8 00 00 00 00 00 00", new Target.Numeric(1.5)),
                Arguments.of("03 00 00 00 03 00 00 00 09", new Target.Span(3, 9)),
                Arguments.of(
                        "04 00 00 00 03 00 00 00 09 04 68 61 6d", new Target.Span(3, 9, "ham")),
                Arguments.of("05 00 00 00 00", new Target.Several(List.of())),
                Arguments.of(
                        "05 00 00 00 02 03 00 00 00 00 00 00 00 02 04 00 00 00 03 00 00 00 09 04 68 61 6d",
                        new Target.Several(
                                List.of(new Target.Span(0, 2), new Target.Span(3, 9, "ham")))));
    }

    @ParameterizedTest
    @MethodSource("bytes")
    void isReadAndWritten(String hex, Target target) throws IOException {
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex);
        DataOutputSerializer out = new DataOutputSerializer(64);

        Targets.write(target, out);

        assertThat(out.getCopyOfBuffer()).isEqualTo(bytes);
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        assertThat(Targets.read(true, in)).isEqualTo(target);
        assertThat(in.available()).isZero();
    }

    @Test
    void ofBeforeThereWereKindsIsTheNameOfALabel() throws IOException {
        byte[] bytes = {4, 'h', 'a', 'm'};

        assertThat(Targets.read(false, new DataInputDeserializer(bytes)))
                .isEqualTo(new Target.Label("ham"));
    }

    @Test
    void ofALaterReleaseIsRefused() {
        assertThatThrownBy(() -> Targets.read(true, new DataInputDeserializer(new byte[] {6})))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("kind 6");
    }
}
