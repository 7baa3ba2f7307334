package io.rankstream.benchmarks.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.benchmarks.workload.TopicSwitch;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Examples of one adapter in their order.
 *
 * @param name what it is called
 * @param examples the examples
 * @param changes the first examples after what they teach has changed, ascending
 * @param redefined labels that mean something else after the first change
 * @param probe examples of before the first change that are asked about and never learned from
 */
public record LabeledStream(
        String name,
        List<LabeledExample> examples,
        List<Integer> changes,
        Set<String> redefined,
        List<LabeledExample> probe) {

    /** In {@link #swap}, the first mail whose label means something else. */
    private static final int SWAPPED = 1600;

    /** Of {@link #gradual}: where the new topic begins to come in, and how long until it is all. */
    private static final int GRADUAL_FROM = 1200;

    private static final int GRADUAL_LENGTH = 1000;

    /** Of so many examples before the first change, one is held out for a probe. */
    private static final int PROBED = 10;

    private static final Map<String, String> PAIRS =
            Map.of(
                    "fork.xent.com", "ilug.linux.ie",
                    "ilug.linux.ie", "fork.xent.com",
                    "rpm-zzzlist.freshrpms.net", "razor-users.example.sourceforge.net",
                    "razor-users.example.sourceforge.net", "rpm-zzzlist.freshrpms.net");

    public LabeledStream {
        examples = List.copyOf(examples);
        changes = List.copyOf(changes);
        redefined = Set.copyOf(redefined);
        probe = List.copyOf(probe);
    }

    private LabeledStream(String name, List<LabeledExample> examples, List<Integer> changes) {
        this(name, examples, changes, Set.of(), List.of());
    }

    /** The mails of one of the demo's adapters as they came. */
    public static LabeledStream natural(MailStream mails, String adapter) {
        return new LabeledStream(adapter, mails.examplesOf(adapter), List.of());
    }

    /** All lists in an order by chance: nothing changes. */
    static LabeledStream shuffled(MailStream mails) {
        List<LabeledExample> examples = new ArrayList<>(mails.examplesOf(MailStream.LIST_ADAPTER));
        Collections.shuffle(examples, new Random(1));
        return new LabeledStream("shuffled", examples, List.of());
    }

    /** Lists for conversation, then lists about programs: six new labels. */
    static LabeledStream topic(MailStream mails) {
        TopicSwitch stream = TopicSwitch.of(mails);
        return new LabeledStream("topic", stream.examples(), List.of(stream.before()));
    }

    /** As {@link #topic}, but the second topic comes in by and by. */
    static LabeledStream gradual(MailStream mails) {
        TopicSwitch stream = TopicSwitch.of(mails);
        List<LabeledExample> all = stream.examples();
        Random random = new Random(2);
        List<LabeledExample> examples = new ArrayList<>();
        int first = 0;
        int second = stream.before();
        while (examples.size() < all.size()) {
            double share = (examples.size() - GRADUAL_FROM) / (double) GRADUAL_LENGTH;
            boolean isSecond = random.nextDouble() < share;
            boolean takesSecond = first == stream.before() || (isSecond && second < all.size());
            examples.add(all.get(takesSecond ? second++ : first++));
        }
        return new LabeledStream("gradual", examples, List.of(GRADUAL_FROM));
    }

    /** As {@link #topic}, but the topics take turns: each comes back once. */
    static LabeledStream recurring(MailStream mails) {
        TopicSwitch stream = TopicSwitch.of(mails);
        List<LabeledExample> all = stream.examples();
        int first = stream.before();
        int halfOfFirst = first / 2;
        int halfOfSecond = first + stream.after() / 2;
        List<LabeledExample> examples = new ArrayList<>(all.subList(0, halfOfFirst));
        examples.addAll(all.subList(first, halfOfSecond));
        examples.addAll(all.subList(halfOfFirst, first));
        examples.addAll(all.subList(halfOfSecond, all.size()));
        int back = halfOfSecond - first + halfOfFirst;
        return new LabeledStream(
                "recurring", examples, List.of(halfOfFirst, back, back + first - halfOfFirst));
    }

    /** All lists as they came; half-way two pairs of labels exchange their meaning. */
    static LabeledStream swap(MailStream mails) {
        List<LabeledExample> examples = mails.examplesOf(MailStream.LIST_ADAPTER);
        return new LabeledStream("swap", examples, List.of())
                .relabeled("swap", SWAPPED, label -> PAIRS.getOrDefault(label, label));
    }

    /** What {@link #write} wrote, or has its fields; the stream's name is the file's. */
    public static LabeledStream read(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        String name = file.getFileName().toString().replaceFirst("\\..*", "");
        List<LabeledExample> examples = new ArrayList<>();
        List<Integer> changes = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode fields = json.readTree(line);
            if (fields.path("change").asBoolean()) {
                changes.add(examples.size());
            }
            examples.add(
                    LabeledExample.newBuilder()
                            .setExampleId(Integer.toString(examples.size()))
                            .setAdapterId(name)
                            .setText(fields.path("text").asText())
                            .setLabel(fields.path("label").asText())
                            .setEventTime(Instant.EPOCH)
                            .build());
        }
        return new LabeledStream(name, examples, changes);
    }

    /** The same stream; half-way every other label takes the meaning of the next such one. */
    LabeledStream flipped() {
        List<String> labels = labels().values().iterator().next();
        int last = (labels.size() - 1) / 2 * 2;
        return relabeled(
                name + "-flip",
                examples.size() / 2,
                label -> {
                    int row = labels.indexOf(label);
                    return row % 2 == 1 ? label : labels.get(row == last ? 0 : row + 2);
                });
    }

    private LabeledStream relabeled(String newName, int from, UnaryOperator<String> label) {
        List<LabeledExample> relabeled = new ArrayList<>(examples);
        for (int i = from; i < relabeled.size(); i++) {
            LabeledExample example = relabeled.get(i);
            relabeled.set(
                    i,
                    LabeledExample.newBuilder(example)
                            .setLabel(label.apply(example.getLabel().toString()))
                            .build());
        }
        Set<String> redefined =
                labels().values().iterator().next().stream()
                        .filter(name -> !label.apply(name).equals(name))
                        .collect(Collectors.toSet());
        return new LabeledStream(newName, relabeled, List.of(from), redefined, List.of());
    }

    /**
     * The same stream without every tenth example before its first change, which are its probe; of
     * those whose labels mean something else afterwards, none. A stream that does not change has no
     * probe.
     */
    LabeledStream probed() {
        if (changes.isEmpty()) {
            return this;
        }
        int first = changes.get(0);
        List<LabeledExample> learned = new ArrayList<>();
        List<LabeledExample> heldOut = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            (i < first && i % PROBED == PROBED - 1 ? heldOut : learned).add(examples.get(i));
        }
        int earlier = heldOut.size();
        return new LabeledStream(
                name,
                learned,
                changes.stream().map(change -> change - earlier).toList(),
                redefined,
                heldOut.stream()
                        .filter(example -> !redefined.contains(example.getLabel().toString()))
                        .toList());
    }

    /** The same stream from its first change on: what an adapter that begins then is given. */
    LabeledStream afterFirstChange() {
        int first = changes.get(0);
        return new LabeledStream(
                name,
                examples.subList(first, examples.size()),
                changes.stream().map(change -> change - first).toList(),
                redefined,
                probe);
    }

    /** The first so many examples of it. */
    public LabeledStream first(int most) {
        return new LabeledStream(
                name,
                examples.subList(0, Math.min(most, examples.size())),
                changes.stream().filter(change -> change < most).toList());
    }

    /** Labels by adapter, sorted. */
    public Map<String, List<String>> labels() {
        return Map.of(
                examples.get(0).getAdapterId(),
                examples.stream()
                        .map(example -> example.getLabel().toString())
                        .distinct()
                        .sorted()
                        .toList());
    }

    /** Writes a JSON object a line: {@code text}, {@code label}, and whether it is a change. */
    void write(Path folder) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            ObjectNode line = json.createObjectNode();
            line.put("text", examples.get(i).getText().toString());
            line.put("label", examples.get(i).getLabel().toString());
            line.put("change", changes.contains(i));
            lines.add(json.writeValueAsString(line));
        }
        Files.write(folder.resolve(name + ".jsonl"), lines);
    }
}
