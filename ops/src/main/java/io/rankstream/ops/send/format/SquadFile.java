package io.rankstream.ops.send.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.RecordFileException;
import io.rankstream.ops.send.SourceRecord;
import io.rankstream.ops.send.SourceRecord.Unreadable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file of SQuAD, paragraph by paragraph: an object whose {@code data} lists articles, whose
 * {@code paragraphs} have a {@code context} and {@code qas}. An example's id is the question's.
 *
 * <p>Where an article may be, there may be a question with its {@code context} instead, as Hugging
 * Face exports them; and where the object may be, the list by itself, or its members one after the
 * other. What is none of these is refused with its place, and what follows is read on.
 */
final class SquadFile implements RecordFile {

    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private static final Set<String> OF_A_QUESTION =
            Set.of("id", "title", "context", "question", "answers", "is_impossible");

    private static final String MEMBERS =
            "an article with paragraphs, or a question with id, context and answers";

    private static final String EXPECTED =
            "an object whose 'data' lists articles with 'paragraphs', or objects with id, context, question and answers";

    private static final int MOST_SHOWN = 60;

    private final String file;
    private final JsonParser parser;
    private final SquadQuestion questions;
    private final Deque<SourceRecord> waiting = new ArrayDeque<>();

    /** What the parser is within, the innermost first; none between the values of a file. */
    private final Deque<Level> levels = new ArrayDeque<>();

    /** Members of the list of articles that have begun. */
    private long members;

    /** Paragraphs of the last article that have begun. */
    private long paragraphs;

    /** Whether something was found that a file of another kind does not have. */
    private boolean isSquad;

    /** A list, or an object, that is read member by member. */
    private sealed interface Level {

        record Members() implements Level {}

        record Paragraphs() implements Level {}

        /** The whole file, an article, or a question with its context. */
        record Fields(Holder holder) implements Level {}
    }

    /**
     * An object that may be more than memory holds.
     *
     * @param line that it begins in
     * @param number in its list, from 1; 0 if it is in none
     * @param names those of its fields so far
     * @param kept fields that it has if it is a question
     * @param flaws what is wrong with it so far
     */
    private record Holder(
            long line, long number, Set<String> names, ObjectNode kept, List<String> flaws) {

        boolean isRoot() {
            return number == 0;
        }

        boolean isQuestion() {
            return names.contains("context") || names.contains("question");
        }

        boolean hasList() {
            return names.contains("paragraphs") || (isRoot() && names.contains("data"));
        }

        String place() {
            return isRoot() ? SourceRecord.atLine(line) : article(number, kept.path("title"));
        }
    }

    private SquadFile(String file, JsonParser parser, SentAs as) {
        this.file = file;
        this.parser = parser;
        this.questions = new SquadQuestion(as);
    }

    static RecordFile open(String file, BufferedInputStream bytes, SentAs as) throws IOException {
        SquadFile squad = new SquadFile(file, new JsonFactory().createParser(bytes), as);
        squad.fill();
        if (!squad.isSquad) {
            throw squad.none("it is empty, expected " + EXPECTED);
        }
        return squad;
    }

    @Override
    public Optional<SourceRecord> next() throws IOException {
        fill();
        return Optional.ofNullable(waiting.poll());
    }

    @Override
    public String expected() {
        return "articles with paragraphs that have questions";
    }

    /** Reads until a record waits, or to the end. */
    private void fill() throws IOException {
        try {
            boolean isThereMore = true;
            while (waiting.isEmpty() && isThereMore) {
                JsonToken token = parser.nextToken();
                isThereMore = token != null;
                if (isThereMore) {
                    take(token);
                }
            }
        } catch (JsonProcessingException e) {
            throw new RecordFileException(
                    "%s the JSON cannot be read to its end%s"
                            .formatted(
                                    file + (isSquad ? ":" : " is no file of squad:"),
                                    JsonFault.of(e)),
                    e);
        }
    }

    private void take(JsonToken token) throws IOException {
        Level level = levels.peek();
        if (level instanceof Level.Fields fields) {
            takeField(fields.holder(), token);
        } else if (token == JsonToken.END_ARRAY) {
            levels.pop();
        } else if (level instanceof Level.Paragraphs) {
            takeParagraph(token);
        } else if (level instanceof Level.Members) {
            members++;
            takeMember(token);
        } else {
            takeRoot(token);
        }
    }

    private void takeRoot(JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            begin(0);
        } else if (token == JsonToken.START_ARRAY) {
            beginMembers();
        } else {
            refuseRoot("it is %s, expected %s".formatted(SquadQuestion.noun(token), EXPECTED));
        }
    }

    private void takeMember(JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            begin(members);
        } else {
            refuse(
                    "article %,d".formatted(members),
                    "it is %s, expected %s".formatted(SquadQuestion.noun(token), MEMBERS));
            parser.skipChildren();
        }
    }

    private void begin(long number) {
        paragraphs = 0;
        levels.push(
                new Level.Fields(
                        new Holder(
                                line(),
                                number,
                                new LinkedHashSet<>(),
                                JsonNodeFactory.instance.objectNode(),
                                new ArrayList<>())));
    }

    private void beginMembers() {
        isSquad = true;
        members = 0;
        levels.push(new Level.Members());
    }

    private void takeField(Holder holder, JsonToken token) throws IOException {
        if (token == JsonToken.END_OBJECT) {
            levels.pop();
            end(holder);
            return;
        }
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (!holder.names().add(name)) {
            holder.flaws().add(twice(name));
            parser.skipChildren();
        } else if (holder.isRoot() && name.equals("data")) {
            takeData(value);
        } else if (name.equals("paragraphs")) {
            isSquad = true;
            if (value == JsonToken.START_ARRAY) {
                levels.push(new Level.Paragraphs());
            } else {
                holder.flaws().add(noList(name, value, "objects with context and qas"));
                parser.skipChildren();
            }
        } else if (OF_A_QUESTION.contains(name)) {
            keep(holder, name);
        } else {
            parser.skipChildren();
        }
    }

    private void takeData(JsonToken value) throws IOException {
        if (value == JsonToken.START_ARRAY) {
            beginMembers();
        } else {
            refuseRoot(noList("data", value, "articles with paragraphs"));
            parser.skipChildren();
        }
    }

    private void keep(Holder holder, String name) throws IOException {
        TokenBuffer value = copy();
        try {
            holder.kept().set(name, tree(value));
        } catch (JsonProcessingException e) {
            holder.flaws().add("its %s cannot be read%s".formatted(name, JsonFault.of(e)));
        }
    }

    private void end(Holder holder) throws RecordFileException {
        if (holder.hasList()) {
            holder.flaws().forEach(flaw -> refuse(holder.place(), flaw));
        } else if (holder.isQuestion()) {
            isSquad = true;
            waiting.add(question(holder));
        } else if (holder.isRoot()) {
            refuseRoot(
                    "it has %s, expected %s"
                            .formatted(
                                    holder.names().isEmpty()
                                            ? "no fields"
                                            : "the fields "
                                                    + Excerpt.printable(
                                                            String.join(", ", holder.names()),
                                                            MOST_SHOWN),
                                    EXPECTED));
        } else {
            refuse(holder.place(), "it has no paragraphs, expected " + MEMBERS);
        }
    }

    private SourceRecord question(Holder holder) {
        JsonNode context = holder.kept().path("context");
        if (holder.flaws().isEmpty() && !context.isTextual()) {
            holder.flaws().add(noText("context", context.asToken()));
        }
        return holder.flaws().isEmpty()
                ? questions.record(
                        holder.line(), holder.place(), context.textValue(), holder.kept())
                : new Unreadable(
                        holder.line(),
                        SquadQuestion.place(holder.kept()).orElse(holder.place()),
                        String.join("; ", holder.flaws()));
    }

    /** Reads one as a whole: its context may be behind its questions. */
    private void takeParagraph(JsonToken token) throws IOException {
        paragraphs++;
        String place = "%s, paragraph %,d".formatted(article().place(), paragraphs);
        if (token != JsonToken.START_OBJECT) {
            refuse(
                    place,
                    "it is %s, expected an object with context and qas"
                            .formatted(SquadQuestion.noun(token)));
            parser.skipChildren();
            return;
        }
        long line = line();
        Set<String> names = new HashSet<>();
        List<String> flaws = new ArrayList<>();
        Optional<String> context = Optional.empty();
        List<TokenBuffer> asked = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (!names.add(name)) {
                flaws.add(twice(name));
            } else if (name.equals("context") && value == JsonToken.VALUE_STRING) {
                context = Optional.of(parser.getText());
            } else if (name.equals("context")) {
                flaws.add(noText(name, value));
            } else if (name.equals("qas") && value == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    asked.add(copy());
                }
            } else if (name.equals("qas")) {
                flaws.add(noList(name, value, "questions"));
            }
            parser.skipChildren();
        }
        for (String needed : List.of("context", "qas")) {
            if (!names.contains(needed)) {
                flaws.add("it has no " + needed);
            }
        }
        if (!flaws.isEmpty()) {
            waiting.add(new Unreadable(line, place, String.join("; ", flaws)));
            return;
        }
        for (int i = 0; i < asked.size(); i++) {
            waiting.add(
                    question(
                            line,
                            "%s, question %,d".formatted(place, i + 1),
                            context.orElseThrow(),
                            asked.get(i)));
        }
    }

    private SourceRecord question(long line, String place, String passage, TokenBuffer asked)
            throws IOException {
        try {
            return questions.record(line, place, passage, tree(asked));
        } catch (JsonProcessingException e) {
            return new Unreadable(line, place, "it cannot be read" + JsonFault.of(e));
        }
    }

    /** That whose paragraphs are read. */
    private Holder article() {
        return levels.stream()
                .filter(Level.Fields.class::isInstance)
                .map(level -> ((Level.Fields) level).holder())
                .findFirst()
                .orElseThrow();
    }

    private static String article(long number, JsonNode title) {
        return title.isTextual()
                ? "article %,d '%s'"
                        .formatted(number, Excerpt.printable(title.textValue(), MOST_SHOWN))
                : "article %,d".formatted(number);
    }

    private static String twice(String name) {
        return "its field %s stands there twice, expected once"
                .formatted(Excerpt.printable(name, MOST_SHOWN));
    }

    private static String noList(String name, JsonToken found, String members) {
        return "its %s is %s, expected a list of %s"
                .formatted(name, SquadQuestion.noun(found), members);
    }

    private static String noText(String name, JsonToken found) {
        return "its %s is %s, expected a text".formatted(name, SquadQuestion.noun(found));
    }

    private TokenBuffer copy() throws IOException {
        TokenBuffer copy = new TokenBuffer(parser);
        copy.copyCurrentStructure(parser);
        return copy;
    }

    private static JsonNode tree(TokenBuffer value) throws IOException {
        try (JsonParser tokens = value.asParser(JSON)) {
            return JSON.readTree(tokens);
        }
    }

    private long line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private void refuse(String place, String reason) {
        waiting.add(new Unreadable(line(), place, reason));
    }

    /** What is no part of a file of SQuAD: if it is the first of the file, nothing else is. */
    private void refuseRoot(String reason) throws RecordFileException {
        if (!isSquad) {
            throw none(reason);
        }
        refuse(SourceRecord.atLine(line()), reason);
    }

    private RecordFileException none(String reason) {
        return new RecordFileException("%s is no file of squad: %s".formatted(file, reason));
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
