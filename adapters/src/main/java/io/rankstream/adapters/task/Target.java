package io.rankstream.adapters.task;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an example teaches, as it comes with the example, whatever the task of its adapter. */
public sealed interface Target {

    /** What it is, for messages. */
    String noun();

    /** How it is shown to people. */
    String shown();

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
    }

    /**
     * All of several: the labels that a text has together, or the spans in it. None of them is true
     * of a text that has none.
     *
     * @param members labels alone, or spans alone
     */
    record Several(List<Target> members) implements Target {

        public Several {
            members = List.copyOf(members);
        }

        @Override
        public String noun() {
            return "list";
        }

        @Override
        public String shown() {
            return members.stream().map(Target::shown).collect(joining(", ", "[", "]"));
        }
    }
}
