package io.rankstream.adapters.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.model.ModelSource;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places of tokens beside those of transformers, which benchmarks/peft wrote. */
class PlacesTest {

    private static final int LIMIT = 64;

    private static final int OUT = Passage.OUTSIDE;

    private static Path model(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(PlacesTest.class.getResource("/models/" + name))
                            .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TextEncoder encoder(String name) throws IOException {
        return TextEncoder.open(new ModelSource.Directory(model(name).toString()), LIMIT);
    }

    private static int[] ints(JsonNode list) {
        return list.valueStream().mapToInt(JsonNode::asInt).toArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny-roberta",
                "tiny-xlm-roberta",
                "tiny-distilbert",
                "tiny-mpnet",
                "tiny-deberta-v3",
                "tiny-deberta-v2",
                "tiny-modernbert"
            })
    void areThoseOfTransformers(String name) throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode texts = json.readTree(model(name).resolve("ids.json").toFile());
        JsonNode places = json.readTree(model(name).resolve("places.json").toFile());
        List<String> compared = new ArrayList<>();
        try (TextEncoder encoder = encoder(name)) {
            for (int i = 0; i < texts.size(); i++) {
                String text = texts.get(i).get("text").asText();
                Optional<Tokens> read = encoder.read(text, Optional.empty(), Reading.PLACED);
                if (read.isEmpty()) {
                    continue;
                }
                Passage passage = read.get().passage().orElseThrow();
                assertThat(read.get().ids())
                        .as("ids of '%s'", text)
                        .isEqualTo(ints(texts.get(i).get("ids")));
                assertThat(passage.starts())
                        .as("starts in '%s'", text)
                        .isEqualTo(ints(places.get(i).get("starts")));
                assertThat(passage.ends())
                        .as("ends in '%s'", text)
                        .isEqualTo(ints(places.get(i).get("ends")));
                assertThat(passage.text()).isEqualTo(text);
                compared.add(text);
            }
        }
        assertThat(compared).hasSizeGreaterThan(40);
    }

    @Test
    void countAnEmojiAndHalfOfOneAsOneCharacter() throws IOException {
        try (TextEncoder encoder = encoder("tiny-distilbert")) {
            Passage passage = read(encoder, "\uD83D\uDE00 the \uD83D the", Optional.empty());

            assertThat(passage.starts()).containsExactly(OUT, 0, 2, 8, OUT);
            assertThat(passage.ends()).containsExactly(OUT, 1, 5, 11, OUT);
        }
    }

    @Test
    void areNoneOfASecondText() throws IOException {
        try (TextEncoder encoder = encoder("tiny-roberta")) {
            Passage passage = read(encoder, " the", Optional.of("the"));

            assertThat(passage.text()).isEqualTo(" the");
            assertThat(passage.starts()).startsWith(OUT, 1).endsWith(OUT, OUT, OUT);
            assertThat(Arrays.stream(passage.starts()).filter(start -> start != OUT))
                    .containsExactly(1);
        }
    }

    @Test
    void areThoseOfTheWholeTextWhereItIsCut() throws IOException {
        String text = "the \uD83D\uDE00 ".repeat(10_000);
        try (TextEncoder encoder = encoder("tiny-distilbert")) {
            Tokens tokens = encoder.read(text, Optional.empty(), Reading.PLACED).orElseThrow();
            Passage passage = tokens.passage().orElseThrow();

            assertThat(tokens.truncated()).isTrue();
            assertThat(tokens.ids()).hasSize(LIMIT).isEqualTo(encoder.encode(text).ids());
            assertThat(passage.text()).isEqualTo(text);
            assertThat(passage.starts()).startsWith(OUT, 0, 4, 6, 10, 12).endsWith(OUT);
        }
    }

    private static Passage read(TextEncoder encoder, String text, Optional<String> pair) {
        return encoder.read(text, pair, Reading.PLACED).orElseThrow().passage().orElseThrow();
    }
}
