package io.rankstream.adapters.snapshot;

import io.rankstream.adapters.probe.Probe;
import io.rankstream.adapters.probe.ProbePeriod;
import io.rankstream.adapters.probe.ProbeState;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.Tokens;
import io.rankstream.adapters.weights.Sizes;
import io.rankstream.adapters.weights.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Probes in a snapshot: all but their tokens and words stands in the document.
 *
 * @param withheld examples that were never learned from
 * @param periods parts of the stream
 */
record ProbePart(long withheld, List<Period> periods) {

    private static final String TOKENS = "probes.tokens";
    private static final String WORDS = "probes.words";

    ProbePart {
        periods = List.copyOf(periods);
    }

    /**
     * A part of the stream.
     *
     * @param first its first example
     * @param last its last
     * @param probes its probes
     */
    record Period(long first, long last, List<Kept> probes) {
        Period {
            probes = List.copyOf(probes);
        }
    }

    /**
     * A probe.
     *
     * @param draw what chose it
     * @param label its label; none of a number
     * @param number its number; none of a label
     * @param tokens how many it has
     * @param second where its second text begins
     * @param truncated whether it was cut
     * @param words how many it has
     * @param answers how well it was answered then and now; none before its period ended
     */
    record Kept(
            long draw,
            List<String> label,
            List<Double> number,
            int tokens,
            int second,
            boolean truncated,
            int words,
            List<Double> answers) {

        Kept {
            label = List.copyOf(label);
            number = List.copyOf(number);
            answers = List.copyOf(answers);
        }

        private static Kept of(Probe probe) {
            Target target = probe.target();
            Tokens tokens = probe.tokens();
            return new Kept(
                    probe.draw(),
                    target instanceof Target.Label label ? List.of(label.name()) : List.of(),
                    target instanceof Target.Numeric number ? List.of(number.value()) : List.of(),
                    tokens.ids().length,
                    tokens.second(),
                    tokens.truncated(),
                    tokens.words().length,
                    probe.answers().map(of -> List.of(of.then(), of.now())).orElse(List.of()));
        }

        private Probe read(int[] ids, int[] ofWords) {
            if (label.size() + number.size() != 1
                    || answers.size() % 2 != 0
                    || answers.size() > 2) {
                throw new IllegalArgumentException(
                        "a probe has the labels %s, the numbers %s and the answers %s, expected one target, and no answer or two"
                                .formatted(label, number, answers));
            }
            return new Probe(
                    draw,
                    new Tokens(ids, second, truncated, ofWords),
                    label.isEmpty()
                            ? new Target.Numeric(number.get(0))
                            : new Target.Label(label.get(0)),
                    answers.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new Probe.Answers(answers.get(0), answers.get(1))));
        }
    }

    static ProbePart of(ProbeState state) {
        return new ProbePart(
                state.withheld(),
                state.periods().stream()
                        .map(
                                period ->
                                        new Period(
                                                period.first(),
                                                period.last(),
                                                period.probes().stream().map(Kept::of).toList()))
                        .toList());
    }

    /** Writes the tensors. */
    static void put(SafetensorsWriter writer, ProbeState state) {
        put(writer, TOKENS, state, Tokens::ids);
        put(writer, WORDS, state, Tokens::words);
    }

    private static void put(
            SafetensorsWriter writer, String name, ProbeState state, Function<Tokens, int[]> part) {
        int[] values =
                state.periods().stream()
                        .flatMap(period -> period.probes().stream())
                        .flatMapToInt(probe -> IntStream.of(part.apply(probe.tokens())))
                        .toArray();
        writer.put(name, new int[] {values.length}, values);
    }

    /** Reads the tensors. */
    ProbeState read(AdapterSnapshot.Tensors tensors) throws IOException {
        List<Kept> all = periods.stream().flatMap(period -> period.probes().stream()).toList();
        int[] ids = tensors.takeInts(TOKENS, sum("tokens of a probe", all, Kept::tokens));
        int[] words = tensors.takeInts(WORDS, sum("words of a probe", all, Kept::words));
        List<ProbePeriod> read = new ArrayList<>();
        int id = 0;
        int word = 0;
        for (Period period : periods) {
            List<Probe> probes = new ArrayList<>();
            for (Kept kept : period.probes()) {
                probes.add(
                        kept.read(
                                Arrays.copyOfRange(ids, id, id + kept.tokens()),
                                Arrays.copyOfRange(words, word, word + kept.words())));
                id += kept.tokens();
                word += kept.words();
            }
            read.add(new ProbePeriod(period.first(), period.last(), probes));
        }
        return new ProbeState(withheld, read);
    }

    private static int sum(String what, List<Kept> probes, ToIntFunction<Kept> count) {
        return Sizes.sum(what, probes.stream().mapToInt(count).toArray());
    }
}
