package io.rankstream.ops.send.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.text.VisibleText;
import java.nio.charset.CharsetEncoder;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Where in its passage the answers to a question are: a list of objects with {@code text} and
 * {@code answer_start}, or, as Hugging Face's exports have it, an object with a list of each.
 */
final class SquadAnswers {

    private static final String EXPECTED =
            "expected a list of objects with text and answer_start, or an object with a list of each";

    private final String passage;
    private final CharsetEncoder encoder;
    private final int length;
    private final SortedSet<Place> places = new TreeSet<>();
    private Optional<String> flaw = Optional.empty();

    /** A part of a passage, in code points. */
    private record Place(int start, int end) implements Comparable<Place> {

        private static final Comparator<Place> ORDER =
                Comparator.comparingInt(Place::start).thenComparingInt(Place::end);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private SquadAnswers(String passage, CharsetEncoder encoder) {
        this.passage = passage;
        this.encoder = encoder;
        this.length = passage.codePointCount(0, passage.length());
    }

    /**
     * Those of a question, which is an object.
     *
     * @param encoder of UTF-8, which half of a surrogate pair has no form in
     */
    static SquadAnswers of(String passage, JsonNode question, CharsetEncoder encoder) {
        SquadAnswers answers = new SquadAnswers(passage, encoder);
        JsonNode given = question.path("answers");
        answers.read(given);
        answers.check(question.path("is_impossible"), given);
        return answers;
    }

    /** What is wrong with them; empty if nothing is. */
    Optional<String> flaw() {
        return flaw;
    }

    /** As a document has them, each once; an empty list if there is none. */
    JsonNode label() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        places.forEach(
                place -> all.addObject().put("start", place.start()).put("end", place.end()));
        return all.size() == 1 ? all.get(0) : all;
    }

    private void read(JsonNode answers) {
        if (answers.isArray()) {
            for (JsonNode answer : answers) {
                if (answer.isObject()) {
                    add(answer.path("text"), answer.path("answer_start"));
                } else {
                    wrong("one of its answers is %s, %s".formatted(noun(answer), EXPECTED));
                }
            }
        } else if (answers.isObject()) {
            readLists(answers.path("text"), answers.path("answer_start"));
        } else if (!answers.isMissingNode() && !answers.isNull()) {
            wrong("its answers is %s, %s".formatted(noun(answers), EXPECTED));
        }
    }

    private void readLists(JsonNode texts, JsonNode starts) {
        if (!texts.isArray() || !starts.isArray()) {
            wrong(
                    "its answers is an object whose text is %s and whose answer_start is %s, %s"
                            .formatted(noun(texts), noun(starts), EXPECTED));
        } else if (texts.size() != starts.size()) {
            wrong(
                    "its answers has %d of text and %d of answer_start, expected as many"
                            .formatted(texts.size(), starts.size()));
        } else {
            for (int i = 0; i < texts.size(); i++) {
                add(texts.get(i), starts.get(i));
            }
        }
    }

    private void add(JsonNode text, JsonNode start) {
        if (!text.isTextual() || text.textValue().isEmpty()) {
            wrong(
                    "the text of an answer is %s, expected words of its passage"
                            .formatted(text.isTextual() ? "empty" : noun(text)));
            return;
        }
        String shown = Excerpt.of(text.textValue());
        if (!VisibleText.isIn(text.textValue()) || !encoder.canEncode(text.textValue())) {
            wrong(
                    "its answer %s has no character that can be seen, or half of a surrogate pair: expected words of its passage"
                            .formatted(shown));
            return;
        }
        if (!start.isIntegralNumber()
                || !start.canConvertToInt()
                || start.intValue() < 0
                || start.intValue() > length) {
            wrong(
                    "the answer_start of its answer %s is %s, expected a whole number from 0 to %d, the characters of its passage"
                            .formatted(shown, value(start), length));
            return;
        }
        int from = start.intValue();
        if (!passage.startsWith(text.textValue(), passage.offsetByCodePoints(0, from))) {
            wrong(
                    "its answer %s is not at character %d of its passage, counted in Unicode code points from 0%s"
                            .formatted(
                                    shown,
                                    from,
                                    passage.startsWith(text.textValue(), from)
                                            ? "; it is there in units of UTF-16, as JavaScript and Java count: convert answer_start"
                                            : ""));
            return;
        }
        places.add(
                new Place(
                        from,
                        from + text.textValue().codePointCount(0, text.textValue().length())));
    }

    /** Hugging Face's exports have no {@code is_impossible}: empty lists say it there. */
    private void check(JsonNode impossible, JsonNode answers) {
        if (!impossible.isMissingNode() && !impossible.isBoolean()) {
            wrong(
                    "its is_impossible is %s, expected true or false, without quotes"
                            .formatted(value(impossible)));
        }
        boolean saysNone =
                impossible.booleanValue() || (impossible.isMissingNode() && answers.isObject());
        if (impossible.booleanValue() && !places.isEmpty()) {
            wrong(
                    "it has answers, and its is_impossible is true: expected no answers, or false; what merely looks like one is in plausible_answers");
        }
        if (!saysNone && places.isEmpty()) {
            wrong(
                    "it has no answers, and is_impossible does not say that there are none: send such questions with --unlabeled");
        }
    }

    private static String noun(JsonNode value) {
        return SquadQuestion.noun(value.asToken());
    }

    private static String value(JsonNode value) {
        return value.isValueNode() && !value.isMissingNode()
                ? Excerpt.printable(value.toString(), 60)
                : noun(value);
    }

    /** The first counts. */
    private void wrong(String what) {
        if (flaw.isEmpty()) {
            flaw = Optional.of(what);
        }
    }
}
