package io.rankstream.adapters.task;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What an example teaches, as it comes with the example, whatever the task of its adapter. */
public sealed interface Target {

    /** What it is, for messages. */
    String noun();

    /** How it is shown to people. */
    String shown();

    /** Names of the labels in it, in their order. */
    default List<String> labels() {
        return List.of();
    }

    /** The same with other names of the labels in it. */
    default Target renamed(UnaryOperator<String> names) {
        return this;
    }

    /**
     * One of the adapter's labels.
     *
     * @param name the label
     */
    record Label(String name) implements Target {

        public Label {
            requireNonNull(name, "the label has no name");
        }

        @Override
        public String noun() {
            return "label";
        }

        @Override
        public String shown() {
            return name;
        }

        @Override
        public List<String> labels() {
            return List.of(name);
        }

        @Override
        public Target renamed(UnaryOperator<String> names) {
            return new Label(names.apply(name));
        }
    }

    /**
     * A number.
     *
     * @param value the number; NaN and infinite ones come too, and fit no task
     */
    record Numeric(double value) implements Target {

        private static final Pattern WRITTEN =
                Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

        /**
         * The number that a text spells with a point for decimals, such as {@code -0.5} or {@code
         * 1e3}; blanks around it are none of it. Empty where it spells none.
         */
        public static Optional<Numeric> read(String text) {
            String written = text.strip();
            return WRITTEN.matcher(written).matches()
                    ? Optional.of(new Numeric(Double.parseDouble(written)))
                    : Optional.empty();
        }

        @Override
        public String noun() {
            return "number";
        }

        @Override
        public String shown() {
            return spellings().get(0);
        }

        /** How it may have been written, the shortest first. */
        public List<String> spellings() {
            String decimal = Double.toString(value);
            return value == (long) value
                    ? List.of(Long.toString((long) value), decimal)
                    : List.of(decimal);
        }
    }

    /**
     * A part of the text.
     *
     * @param start its first character, from 0; a character is a Unicode code point
     * @param end the character after its last one
     * @param label what it is, as the name of a label; empty where that goes without saying
     */
    record Span(int start, int end, Optional<String> label) implements Target {

        public Span {
            requireNonNull(label, "the span's label is null, expected an empty Optional");
        }

        /** One that is of one kind with all others. */
        public Span(int start, int end) {
            this(start, end, Optional.empty());
        }

        /** One with a label. */
        public Span(int start, int end, String label) {
            this(start, end, Optional.of(label));
        }

        @Override
        public String noun() {
            return "span";
        }

        @Override
        public String shown() {
            return start + " to " + end + label.map(name -> " " + name).orElse("");
        }

        @Override
        public List<String> labels() {
            return label.stream().toList();
        }

        @Override
        public Target renamed(UnaryOperator<String> names) {
            return new Span(start, end, label.map(names));
        }
    }

    /**
     * All of several: the labels that a text has together, or the spans in it. None of them is true
     * of a text that has none. In what order they are written means nothing, so that two with the
     * same members are equal.
     *
     * @param members labels alone, by their names, or spans alone, by their places; what occurs
     *     twice is there twice
     */
    record Several(List<Target> members) implements Target {

        /** Members that a list of a record may have. */
        public static final int MOST_GIVEN = 1_000;

        private static final Comparator<Target> ORDER =
                Comparator.comparingInt(Several::start)
                        .thenComparingInt(Several::end)
                        .thenComparing(member -> String.join("", member.labels()));

        public Several {
            mixture(members)
                    .ifPresent(
                            found -> {
                                throw new IllegalArgumentException("a list has " + found);
                            });
            members = members.stream().sorted(ORDER).toList();
        }

        /** What there is among members beside labels alone, or spans alone; empty for nothing. */
        public static Optional<String> mixture(List<? extends Target> members) {
            Optional<String> other =
                    members.stream()
                            .filter(each -> !(each instanceof Label || each instanceof Span))
                            .map(each -> "a %s (%s)".formatted(each.noun(), each.shown()))
                            .findFirst();
            boolean isMixed = members.stream().map(Target::noun).distinct().count() > 1;
            return other.or(() -> isMixed ? Optional.of("labels and spans") : Optional.empty());
        }

        /** The first member that is there twice. */
        public Optional<Target> twice() {
            return IntStream.range(1, members.size())
                    .filter(i -> members.get(i).equals(members.get(i - 1)))
                    .mapToObj(members::get)
                    .findFirst();
        }

        private static int start(Target member) {
            return member instanceof Span span ? span.start() : 0;
        }

        private static int end(Target member) {
            return member instanceof Span span ? span.end() : 0;
        }

        @Override
        public String noun() {
            return "list";
        }

        @Override
        public String shown() {
            return members.stream().map(Target::shown).collect(joining(", ", "[", "]"));
        }

        @Override
        public List<String> labels() {
            return members.stream().flatMap(member -> member.labels().stream()).toList();
        }

        @Override
        public Target renamed(UnaryOperator<String> names) {
            return new Several(members.stream().map(member -> member.renamed(names)).toList());
        }
    }
}
