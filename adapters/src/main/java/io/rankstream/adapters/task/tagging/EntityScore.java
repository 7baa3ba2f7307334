package io.rankstream.adapters.task.tagging;

import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.task.classification.LabelCounts;
import io.rankstream.adapters.weights.Sizes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Entities that there are, that were said, and that were said with the right bounds and the right
 * kind, as seqeval counts them. Arrays are never modified after construction.
 *
 * @param examples examples scored
 * @param there entities that there are, by the row of the tag that begins their kind
 * @param said entities that were said, likewise
 * @param right entities that were said and are there, likewise
 * @param newest counts of the newest examples, as a ring; those of example i (from 0) are at i mod
 *     {@value Score#WINDOW}, and there are as many as examples at most. Each has {@value #BITS}
 *     bits a count, those that are right the lowest, then those said, then those that there are
 */
public record EntityScore(long examples, long[] there, long[] said, long[] right, long[] newest)
        implements Score<Entities> {

    /** Metric: F1 of the entities of all kinds. */
    public static final String F1 = "entityF1";

    /** Metric: share of right ones among the entities that were said. */
    public static final String PRECISION = "entityPrecision";

    /** Metric: share of those that were found among the entities that there are. */
    public static final String RECALL = "entityRecall";

    /** Metric: mean of the F1 of the kinds that there are or that were said. */
    public static final String MACRO_F1 = "entityMacroF1";

    /** Metric: {@link #F1} over the newest {@value #WINDOW}. */
    public static final String RECENT_F1 = "recentEntityF1";

    private static final int BITS = 20;
    private static final long MOST = (1L << BITS) - 1;

    /** Counts of entities. */
    private record Counts(long there, long said, long right) {

        static final Counts NONE = new Counts(0, 0, 0);

        static Counts unpacked(long packed) {
            return new Counts(packed >>> (2 * BITS), (packed >>> BITS) & MOST, packed & MOST);
        }

        long packed() {
            return (Math.min(there, MOST) << (2 * BITS))
                    | (Math.min(said, MOST) << BITS)
                    | Math.min(right, MOST);
        }

        Counts plus(Counts other) {
            return new Counts(there + other.there, said + other.said, right + other.right);
        }

        OptionalDouble f1() {
            return share(2 * right, there + said);
        }

        OptionalDouble precision() {
            return share(right, said);
        }

        OptionalDouble recall() {
            return share(right, there);
        }

        private static OptionalDouble share(long part, long whole) {
            return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
        }
    }

    public EntityScore {
        Sizes.require("counts of entities said", said.length, there.length);
        Sizes.require("counts of entities right", right.length, there.length);
        Sizes.require("window of entities", newest.length, (int) Math.min(examples, WINDOW));
    }

    static EntityScore empty(int labels) {
        return new EntityScore(
                0, new long[labels], new long[labels], new long[labels], new long[0]);
    }

    static EntityScore of(ScoreFields fields) {
        return new EntityScore(
                fields.number("examples"),
                fields.numbers("there"),
                fields.numbers("said"),
                fields.numbers("right"),
                fields.numbers("newest"));
    }

    @Override
    public TokenClassification task() {
        return new TokenClassification();
    }

    @Override
    public EntityScore plus(List<Entities> targets, List<Entities> found) {
        long[] allThere = there.clone();
        long[] allSaid = said.clone();
        long[] allRight = right.clone();
        long[] packed = new long[targets.size()];
        for (int i = 0; i < packed.length; i++) {
            Set<Entity> truth = new HashSet<>(targets.get(i).members());
            int hits = 0;
            for (Entity entity : targets.get(i).members()) {
                allThere[entity.row()]++;
            }
            for (Entity entity : found.get(i).members()) {
                allSaid[entity.row()]++;
                if (truth.contains(entity)) {
                    allRight[entity.row()]++;
                    hits++;
                }
            }
            packed[i] = new Counts(truth.size(), found.get(i).members().size(), hits).packed();
        }
        return followedBy(packed.length, allThere, allSaid, allRight, packed);
    }

    @Override
    public EntityScore followedBy(Score<Entities> later) {
        EntityScore more = (EntityScore) later;
        Sizes.require("counts of labels", more.there.length, there.length);
        long[] packed = new long[more.newest.length];
        for (int i = 0; i < packed.length; i++) {
            packed[i] = more.newest[slot(more.examples - packed.length + i)];
        }
        return followedBy(
                more.examples,
                sum(there, more.there),
                sum(said, more.said),
                sum(right, more.right),
                packed);
    }

    private static long[] sum(long[] one, long[] other) {
        long[] both = one.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] += other[i];
        }
        return both;
    }

    /** This score and later examples, the newest of which have these counts. */
    private EntityScore followedBy(
            long count, long[] allThere, long[] allSaid, long[] allRight, long[] packed) {
        long all = examples + count;
        long[] ring = Arrays.copyOf(newest, (int) Math.min(all, WINDOW));
        for (int i = 0; i < packed.length; i++) {
            ring[slot(all - packed.length + i)] = packed[i];
        }
        return new EntityScore(all, allThere, allSaid, allRight, ring);
    }

    private static int slot(long example) {
        return (int) (example % WINDOW);
    }

    @Override
    public long[] labelCounts() {
        return there.clone();
    }

    @Override
    public EntityScore withLabels(int labels) {
        return new EntityScore(
                examples,
                Arrays.copyOf(there, labels),
                Arrays.copyOf(said, labels),
                Arrays.copyOf(right, labels),
                newest);
    }

    @Override
    public boolean fits(int labels) {
        return there.length == labels;
    }

    private Counts all() {
        return new Counts(
                Arrays.stream(there).sum(), Arrays.stream(said).sum(), Arrays.stream(right).sum());
    }

    private Counts recent(int count) {
        Counts sum = Counts.NONE;
        for (long example = examples - Math.min(count, newest.length);
                example < examples;
                example++) {
            sum = sum.plus(Counts.unpacked(newest[slot(example)]));
        }
        return sum;
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        Counts all = all();
        Counts recent = recent(WINDOW);
        all.f1().ifPresent(value -> metrics.put(F1, value));
        recent.f1().ifPresent(value -> metrics.put(RECENT_F1, value));
        all.precision().ifPresent(value -> metrics.put(PRECISION, value));
        recent.precision().ifPresent(value -> metrics.put("recentEntityPrecision", value));
        all.recall().ifPresent(value -> metrics.put(RECALL, value));
        recent.recall().ifPresent(value -> metrics.put("recentEntityRecall", value));
        new LabelCounts(there, said, right)
                .macroF1()
                .ifPresent(value -> metrics.put(MACRO_F1, value));
        return metrics;
    }

    @Override
    public OptionalDouble recent(String name, int count) {
        return switch (name) {
            case F1 -> recent(count).f1();
            case PRECISION -> recent(count).precision();
            case RECALL -> recent(count).recall();
            default -> OptionalDouble.empty();
        };
    }

    /** Entities that there are, that were said and that are right, by kind. */
    @Override
    public Map<String, Object> counts(List<String> labels) {
        TagRows tags = new TagRows(labels);
        Map<String, Object> counts = new LinkedHashMap<>();
        for (int i = 0; i < there.length; i++) {
            if (tags.isBegin(i)) {
                Map<String, Long> ofKind = new LinkedHashMap<>();
                ofKind.put("there", there[i]);
                ofKind.put("said", said[i]);
                ofKind.put("right", right[i]);
                counts.put(tags.kind(i).orElseThrow(), ofKind);
            }
        }
        return Map.of("entities", counts);
    }

    @Override
    public ScoreFields fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("examples", examples);
        fields.put("there", there);
        fields.put("said", said);
        fields.put("right", right);
        fields.put("newest", newest);
        return new ScoreFields(fields);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EntityScore that
                && examples == that.examples
                && Arrays.equals(there, that.there)
                && Arrays.equals(said, that.said)
                && Arrays.equals(right, that.right)
                && Arrays.equals(newest, that.newest);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                examples,
                Arrays.hashCode(there),
                Arrays.hashCode(said),
                Arrays.hashCode(right),
                Arrays.hashCode(newest));
    }
}
