package io.rankstream.adapters.task.tagging;

import static io.rankstream.adapters.engine.Operations.gather;
import static io.rankstream.adapters.engine.Operations.logSoftmax;
import static io.rankstream.adapters.engine.Operations.matmul;
import static io.rankstream.adapters.engine.Operations.neg;
import static io.rankstream.adapters.engine.Operations.squeeze;
import static io.rankstream.adapters.engine.Tensors.floats;
import static io.rankstream.adapters.engine.Tensors.longs;
import static io.rankstream.adapters.engine.Tensors.rowsAt;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.rankstream.adapters.task.Answers;
import io.rankstream.adapters.task.Answers.Said;
import io.rankstream.adapters.task.CrossEntropy;
import io.rankstream.adapters.task.Fit;
import io.rankstream.adapters.task.LabelRows;
import io.rankstream.adapters.task.Scale;
import io.rankstream.adapters.task.Score;
import io.rankstream.adapters.task.ScoreColumn;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Target.Span;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.TaskCard;
import io.rankstream.adapters.task.WatchedMetric;
import io.rankstream.adapters.task.tagging.TextWords.Word;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.adapters.tokens.Passage;
import io.rankstream.adapters.tokens.Reading;
import io.rankstream.adapters.tokens.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Entities in a text, such as names: spans with a kind. The labels are tags of words (IOB2), a row
 * of the head each. A {@linkplain TextWords word} has its tag at its first token; the other tokens
 * are neither learned nor looked at. The loss of an example is the mean over its words of the cross
 * entropy of their tags, in nats. A word that goes on with an entity of another kind, or with none,
 * begins one.
 */
public record TokenClassification() implements Task<Entities> {

    private static final String SHARE = "share";

    /** Characters of a target that a message shows. */
    private static final int MOST_SHOWN = 200;

    private static final List<WatchedMetric> WATCHED =
            List.of(
                    new WatchedMetric(
                            EntityScore.F1,
                            Score.WINDOW,
                            false,
                            SHARE,
                            "F1 of the entities that a token classification found over the newest"
                                    + " 1,000 examples, those right whose bounds and kind are right;"
                                    + " NaN of another task. In state. Not of `_other`."),
                    new WatchedMetric(
                            EntityScore.F1,
                            0,
                            false,
                            SHARE,
                            "The same over all examples of the adapter's life. Not of `_other`."));

    private static final List<ScoreColumn> COLUMNS =
            List.of(
                    new ScoreColumn("F1", EntityScore.F1, 0),
                    new ScoreColumn("F1 1,000", EntityScore.RECENT_F1, 10),
                    new ScoreColumn("precision", EntityScore.PRECISION, 3),
                    new ScoreColumn("recall", EntityScore.RECALL, 4),
                    new ScoreColumn("macro F1", EntityScore.MACRO_F1, ScoreColumn.ONLY_AT_LENGTH));

    @Override
    public String id() {
        return "token-classification";
    }

    @Override
    public Reading reading() {
        return Reading.PLACED;
    }

    @Override
    public boolean hasLabels() {
        return true;
    }

    @Override
    public Optional<String> flaw(List<String> labels) {
        return TagRows.flaw(labels);
    }

    @Override
    public int outputs(int labels) {
        return labels;
    }

    @Override
    public Fit<Entities> fit(Target target, String adapterId, LabelRows labels) {
        TagRows tags = TagRows.of(labels);
        List<Target> members =
                target instanceof Target.Several several ? several.members() : List.of(target);
        List<Entity> entities = new ArrayList<>();
        for (Target member : members) {
            if (!(member instanceof Span span) || span.label().isEmpty()) {
                return refused(
                        Fit.Reason.NO_SPAN,
                        "the %s %s is no list of entities, which adapter '%s' learns: expected spans with a label each, one of %s, or an empty list for none"
                                .formatted(
                                        target.noun(),
                                        shown(target),
                                        adapterId,
                                        Excerpt.ofAll(tags.kinds())));
            }
            if (span.start() < 0 || span.end() <= span.start()) {
                return refused(
                        Fit.Reason.NO_SPAN,
                        "an entity is characters %s for adapter '%s', expected a start of 0 or more, and an end after it"
                                .formatted(shown(span), adapterId));
            }
            String kind = span.label().get();
            int row = labels.indexOf(TagRows.BEGIN + kind);
            if (tags.begin(kind) < 0) {
                return refused(
                        row < 0 ? Fit.Reason.UNKNOWN_LABEL : Fit.Reason.RETIRED_LABEL,
                        "an entity is characters %s for adapter '%s', and its kind is %s, expected one of %s"
                                .formatted(
                                        shown(span),
                                        adapterId,
                                        row < 0 ? "unknown" : "retired",
                                        Excerpt.ofAll(tags.kinds())));
            }
            entities.add(new Entity(span.start(), span.end(), row));
        }
        return new Fit.Ready<>(new Entities(tags, entities));
    }

    private static String shown(Target target) {
        return Excerpt.printable(target.shown(), MOST_SHOWN);
    }

    private static Fit<Entities> refused(Fit.Reason reason, String message) {
        return new Fit.Refused<>(reason, message);
    }

    /** Entities take in whole words. */
    @Override
    public Fit<Entities> placed(Entities target, Tokens text, String adapterId) {
        Passage passage = text.passage().orElseThrow();
        int[] characters = passage.text().codePoints().toArray();
        List<Word> words = TextWords.of(passage);
        List<Entity> whole = new ArrayList<>();
        for (Entity entity :
                target.members().stream().sorted(Comparator.comparingInt(Entity::start)).toList()) {
            String shown = entity.told(target.tags()).shown();
            if (entity.end() > characters.length) {
                return refused(
                        Fit.Reason.NO_SPAN,
                        "an entity is characters %s for adapter '%s', but the text has %d: expected places counted in Unicode code points from 0"
                                .formatted(shown, adapterId, characters.length));
            }
            if (isBlank(characters, entity)) {
                return refused(
                        Fit.Reason.NO_SPAN,
                        "an entity is characters %s for adapter '%s', where there is nothing but blanks: expected a word"
                                .formatted(shown, adapterId));
            }
            Entity widened = widened(entity, words);
            if (!whole.isEmpty() && whole.get(whole.size() - 1).end() > widened.start()) {
                return refused(
                        Fit.Reason.NO_SPAN,
                        "an entity is characters %s for adapter '%s', and has a word of the one at %s: expected a word in one entity at most"
                                .formatted(
                                        shown,
                                        adapterId,
                                        whole.get(whole.size() - 1).told(target.tags()).shown()));
            }
            if (target.tags().inside(entity.row()) < 0 && count(words, widened) > 1) {
                return refused(
                        Fit.Reason.UNKNOWN_LABEL,
                        "an entity is characters %s for adapter '%s' and has several words, but no label %s%s is in use"
                                .formatted(
                                        shown,
                                        adapterId,
                                        TagRows.INSIDE,
                                        target.tags().kind(entity.row()).orElseThrow()));
            }
            whole.add(widened);
        }
        return new Fit.Ready<>(new Entities(target.tags(), whole));
    }

    private static boolean isBlank(int[] characters, Entity entity) {
        for (int i = entity.start(); i < entity.end(); i++) {
            if (!TextWords.isBlank(characters[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean overlap(Word word, Entity entity) {
        return word.start() < entity.end() && word.end() > entity.start();
    }

    private static long count(List<Word> words, Entity entity) {
        return words.stream().filter(word -> overlap(word, entity)).count();
    }

    /** An entity with all of the words that it has a part of; one beyond the cut as it is. */
    private static Entity widened(Entity entity, List<Word> words) {
        int start = entity.start();
        int end = entity.end();
        for (Word word : words) {
            if (overlap(word, entity)) {
                start = Math.min(start, word.start());
                end = Math.max(end, word.end());
            }
        }
        return new Entity(start, end, entity.row());
    }

    @Override
    public String sample(List<String> labels) {
        return "[{\"start\": 3, \"end\": 9, \"label\": \"%s\"}]"
                .formatted(new TagRows(labels).kinds().stream().findFirst().orElse("PER"));
    }

    @Override
    public Target told(Entities target, LabelRows labels) {
        return target.told();
    }

    /** Row of the tag of each word. */
    private static int[] tags(Entities target, List<Word> words) {
        int[] rows = new int[words.size()];
        int next = 0;
        for (int i = 0; i < rows.length; i++) {
            Word word = words.get(i);
            while (next < target.members().size()
                    && target.members().get(next).end() <= word.start()) {
                next++;
            }
            rows[i] = target.tags().outside();
            if (next < target.members().size() && overlap(word, target.members().get(next))) {
                Entity entity = target.members().get(next);
                boolean isFirst = i == 0 || !overlap(words.get(i - 1), entity);
                rows[i] = isFirst ? entity.row() : target.tags().inside(entity.row());
            }
        }
        return rows;
    }

    /** The entities of words with these tags. */
    private static Entities entities(TagRows tags, List<Word> words, int[] rows) {
        int[] begins = tags.begins();
        List<Entity> found = new ArrayList<>();
        int open = -1;
        for (int i = 0; i < rows.length; i++) {
            int kind = begins[rows[i]];
            if (kind >= 0 && kind == open && !tags.isBegin(rows[i])) {
                Entity last = found.remove(found.size() - 1);
                found.add(new Entity(last.start(), words.get(i).end(), kind));
            } else if (kind >= 0) {
                found.add(new Entity(words.get(i).start(), words.get(i).end(), kind));
            }
            open = kind;
        }
        return new Entities(tags, found);
    }

    @Override
    public Answers<Entities> answers(
            PtNDArray outputs, List<Tokens> texts, List<Entities> targets) {
        int labels = targets.get(0).tags().names().size();
        float[] logits = outputs.toFloatArray();
        List<List<Word>> words = new ArrayList<>();
        List<Said<Entities>> said = new ArrayList<>();
        int offset = 0;
        for (int i = 0; i < texts.size(); i++) {
            List<Word> ofText = TextWords.of(texts.get(i).passage().orElseThrow());
            words.add(ofText);
            int[] rows = largest(logits, offset, labels, ofText);
            said.add(new Said<>(entities(targets.get(i).tags(), ofText, rows), Float.NaN));
            offset += labels * texts.get(i).count();
        }
        return new Answers<>(losses(outputs, texts, words, targets), said);
    }

    /** For each word the row with the largest output of its token; the first of equals. */
    private static int[] largest(float[] outputs, int offset, int labels, List<Word> words) {
        int[] rows = new int[words.size()];
        for (int i = 0; i < rows.length; i++) {
            int at = offset + labels * words.get(i).token();
            for (int row = 1; row < labels; row++) {
                rows[i] = outputs[at + row] > outputs[at + rows[i]] ? row : rows[i];
            }
        }
        return rows;
    }

    /** Loss of each text, (texts); 0 of one without a word. */
    private static PtNDArray losses(
            PtNDArray outputs, List<Tokens> texts, List<List<Word>> words, List<Entities> targets) {
        int count = words.stream().mapToInt(List::size).sum();
        long[] tokens = new long[count];
        long[] rows = new long[count];
        float[] shares = new float[texts.size() * count];
        int at = 0;
        long offset = 0;
        for (int i = 0; i < texts.size(); i++) {
            int[] tags = tags(targets.get(i), words.get(i));
            for (int j = 0; j < tags.length; j++) {
                tokens[at] = offset + words.get(i).get(j).token();
                rows[at] = tags[j];
                shares[i * count + at] = 1f / tags.length;
                at++;
            }
            offset += texts.get(i).count();
        }
        PtNDManager scope = outputs.getManager();
        PtNDArray ofWords = rowsAt(logSoftmax(outputs, 1), longs(scope, tokens, count));
        PtNDArray chosen = neg(gather(ofWords, longs(scope, rows, count, 1), 1));
        return squeeze(matmul(floats(scope, shares, texts.size(), count), chosen), 1);
    }

    @Override
    public Optional<Scale> scale(Score<Entities> before, List<Entities> targets) {
        return Optional.empty();
    }

    @Override
    public Target said(float[] outputs, Tokens text, List<String> labels) {
        List<Word> words = TextWords.of(text.passage().orElseThrow());
        TagRows tags = new TagRows(labels);
        return entities(tags, words, largest(outputs, 0, labels.size(), words)).told();
    }

    /** There are none of a text. */
    @Override
    public Map<String, Float> probabilities(float[] outputs, List<String> labels) {
        return Map.of();
    }

    @Override
    public float loss(float[] outputs, Tokens text, List<String> labels, Target target) {
        List<Word> words = TextWords.of(text.passage().orElseThrow());
        TagRows tags = new TagRows(labels);
        List<Entity> entities =
                ((Target.Several) target)
                        .members().stream()
                                .map(Span.class::cast)
                                .map(
                                        span ->
                                                new Entity(
                                                        span.start(),
                                                        span.end(),
                                                        tags.begin(span.label().orElseThrow())))
                                .toList();
        int[] rows = tags(new Entities(tags, entities), words);
        double loss = 0;
        for (int i = 0; i < rows.length; i++) {
            int offset = labels.size() * words.get(i).token();
            loss += CrossEntropy.of(outputs, offset, 1, labels.size(), rows[i]);
        }
        return rows.length == 0 ? 0 : (float) (loss / rows.length);
    }

    @Override
    public double merit(Target said, Target target) {
        return said.equals(target) ? 1 : 0;
    }

    @Override
    public EntityScore newScore(int labels) {
        return EntityScore.empty(labels);
    }

    @Override
    public EntityScore own(Score<?> score) {
        return (EntityScore) score;
    }

    @Override
    public EntityScore score(ScoreFields fields) {
        return EntityScore.of(fields);
    }

    @Override
    public List<WatchedMetric> watched() {
        return WATCHED;
    }

    @Override
    public List<ScoreColumn> columns() {
        return COLUMNS;
    }

    @Override
    public String baseline() {
        return "no entity";
    }

    /** Its F1: that of saying no entity is 0. */
    @Override
    public OptionalDouble gain(Map<String, Double> metrics) {
        Double f1 = metrics.get(EntityScore.RECENT_F1);
        return f1 == null ? OptionalDouble.empty() : OptionalDouble.of(f1);
    }

    @Override
    public TaskCard<Entities> card() {
        return new TokenClassificationCard();
    }
}
