package io.rankstream.benchmarks.step;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an adapter gives texts, as a file that benchmarks/peft/run compares with PEFT. */
final class SpokenLogits {

    private static final String QUESTION = "Who wrote this, and what is it about?";

    private static final List<String> MAILS =
            MailStream.open().examples(Integer.MAX_VALUE).stream()
                    .map(LabeledExample::getText)
                    .distinct()
                    .toList();

    private static final String UNUSUAL = "Größe 早上 \uD83D\uDE00 of the list\u200D, la\u0301 free";

    /** Questions that are shortened: by words, and by characters of several tokens. */
    private static final List<String> LONG_QUESTIONS =
            List.of(
                    "Who is it that never stops, as nobody reads? ".repeat(9),
                    "a ".repeat(4) + "\uD83D\uDE42".repeat(90));

    /**
     * What one pass reads.
     *
     * @param ids token ids with the special ones
     * @param second where the second text's own kind of tokens begins
     */
    private record Window(int[] ids, int second) {}

    private SpokenLogits() {}

    /**
     * Mails, from the first one on, and a text of several scripts; each alone and in a pair. Of
     * questions there are some that are too long, too.
     */
    static List<List<String>> texts(Reading reading, int mails) {
        List<String> read = new ArrayList<>(MAILS.subList(0, Math.min(mails, MAILS.size())));
        read.add(UNUSUAL);
        List<List<String>> texts = new ArrayList<>();
        for (String text : read) {
            if (reading != Reading.WINDOWS) {
                texts.add(List.of(text));
            }
            texts.add(List.of(QUESTION, text));
        }
        if (reading == Reading.WINDOWS) {
            LONG_QUESTIONS.forEach(question -> texts.add(List.of(question, read.get(0))));
        }
        return texts;
    }

    /**
     * Writes texts, the windows that they are read in, and for each text its logits: a row, or a
     * row a token, window after window.
     *
     * @param template settings that fit {@code state}
     * @param mails how many, from the first one on
     */
    static void write(
            Path file,
            Learner learner,
            TextEncoder encoder,
            AdapterState state,
            TrainingTemplate template,
            int mails)
            throws IOException {
        HeadState head = state.head();
        try (ResidentAdapter adapter = ofFiles(learner, state, template)) {
            write(file, adapter, head, encoder, texts(head.task().reading(), mails));
        }
    }

    /** An adapter as its files have it: both heads as one, and nothing that knows of words. */
    private static ResidentAdapter ofFiles(
            Learner learner, AdapterState state, TrainingTemplate template) {
        return learner.admit(
                new AdapterState(
                        state.meta(),
                        state.triplets(),
                        state.moments(),
                        state.importance(),
                        state.budget(),
                        state.jointHead()),
                template.toBuilder().mixture(false).build());
    }

    private static void write(
            Path file,
            ResidentAdapter adapter,
            HeadState head,
            TextEncoder encoder,
            List<List<String>> texts)
            throws IOException {
        List<Map<String, Object>> content = new ArrayList<>();
        int outputs = head.active().bias().length;
        for (List<String> text : texts) {
            Tokens tokens = tokens(encoder, head.task().reading(), text);
            float[] logits = adapter.logitsOf(List.of(tokens))[0];
            List<float[]> rows = new ArrayList<>();
            for (int at = 0; at < logits.length; at += outputs) {
                rows.add(Arrays.copyOfRange(logits, at, at + outputs));
            }
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("text", text);
            one.put(
                    "windows",
                    tokens.windows().stream()
                            .map(window -> new Window(window.ids(), window.second()))
                            .toList());
            one.put("logits", rows);
            content.add(one);
        }
        new ObjectMapper().writeValue(file.toFile(), content);
    }

    static Tokens tokens(TextEncoder encoder, Reading reading, List<String> text) {
        Optional<String> pair = text.size() > 1 ? Optional.of(text.get(1)) : Optional.empty();
        return encoder.read(text.get(0), pair, reading)
                .orElseThrow(() -> new IllegalArgumentException("nothing to read in " + text));
    }
}
