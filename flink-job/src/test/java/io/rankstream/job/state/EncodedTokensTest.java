package io.rankstream.job.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Tokens;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncodedTokensTest {

    private static final String TEXT = "😀 Anna lives in Lübeck";
    private static final Tokens WHOLE = new Tokens(new int[] {1, 7, 2}, 3, true, new int[] {4, 5});

    private static Passage places(int first, List<Tokens> further) {
        return new Passage(
                TEXT,
                new int[] {Passage.OUTSIDE, first, Passage.OUTSIDE},
                new int[] {Passage.OUTSIDE, first + 4, Passage.OUTSIDE},
                further);
    }

    private static Tokens placed(List<Tokens> further) {
        return new Tokens(
                new int[] {1, 9, 2}, 3, false, new int[0], Optional.of(places(2, further)));
    }

    static Stream<Tokens> tokens() {
        return Stream.of(
                WHOLE,
                placed(List.of()),
                placed(
                        List.of(
                                Tokens.window(new int[] {1, 8, 2}, 2, places(7, List.of())),
                                Tokens.window(new int[] {1, 6, 2}, 3, places(13, List.of())))));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void areReadAsTheyWereWritten(Tokens tokens) throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(64);
        EncodedTokens.write(tokens, target);
        DataInputDeserializer source = new DataInputDeserializer(target.getCopyOfBuffer());

        assertThat(EncodedTokens.read(true, true, true, source)).isEqualTo(tokens);
        assertThat(source.available()).isZero();
    }

    @Test
    void areReadOfAFormatThatKnewNoPlaces() throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(64);
        EncodedTokens.write(WHOLE, target);
        byte[] written = target.getCopyOfBuffer();
        DataInputDeserializer source = new DataInputDeserializer(written, 0, written.length - 1);

        assertThat(EncodedTokens.read(true, true, false, source)).isEqualTo(WHOLE);
        assertThat(source.available()).isZero();
    }
}
