package io.rankstream.benchmarks.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.benchmarks.workload.TopicSwitch;
import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Examples of one adapter in their order.
 *
 * @param name what it is called
 * @param examples the examples
 * @param change the first example after what they teach has changed; empty if it does not
 */
record LabeledStream(String name, List<LabeledExample> examples, OptionalInt change) {

    /** In {@link #swap}, the first mail whose label means something else. */
    private static final int SWAPPED = 1600;

    private static final Map<String, String> PAIRS =
            Map.of(
                    "fork.xent.com", "ilug.linux.ie",
                    "ilug.linux.ie", "fork.xent.com",
                    "rpm-zzzlist.freshrpms.net", "razor-users.example.sourceforge.net",
                    "razor-users.example.sourceforge.net", "rpm-zzzlist.freshrpms.net");

    /** The mails of one of the demo's adapters as they came. */
    static LabeledStream natural(MailStream mails, String adapter) {
        return new LabeledStream(adapter, mails.examplesOf(adapter), OptionalInt.empty());
    }

    /** Lists for conversation, then lists about programs: six new labels. */
    static LabeledStream topic(MailStream mails) {
        TopicSwitch stream = TopicSwitch.of(mails);
        return new LabeledStream("topic", stream.examples(), OptionalInt.of(stream.before()));
    }

    /** All lists as they came; half-way two pairs of labels exchange their meaning. */
    static LabeledStream swap(MailStream mails) {
        List<LabeledExample> examples = new ArrayList<>(mails.examplesOf(MailStream.LIST_ADAPTER));
        for (int i = SWAPPED; i < examples.size(); i++) {
            String label = examples.get(i).getLabel().toString();
            examples.set(
                    i,
                    LabeledExample.newBuilder(examples.get(i))
                            .setLabel(PAIRS.getOrDefault(label, label))
                            .build());
        }
        return new LabeledStream("swap", examples, OptionalInt.of(SWAPPED));
    }

    /** A JSON object a line, with {@code text} and {@code label}; its name is the file's. */
    static LabeledStream read(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        String name = file.getFileName().toString().replaceFirst("\\..*", "");
        List<LabeledExample> examples = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode fields = json.readTree(line);
            examples.add(
                    LabeledExample.newBuilder()
                            .setExampleId(Integer.toString(examples.size()))
                            .setAdapterId(name)
                            .setText(fields.path("text").asText())
                            .setLabel(fields.path("label").asText())
                            .setEventTime(Instant.EPOCH)
                            .build());
        }
        return new LabeledStream(name, examples, OptionalInt.empty());
    }

    /** Labels by adapter, sorted. */
    Map<String, List<String>> labels() {
        return Map.of(
                examples.get(0).getAdapterId(),
                examples.stream()
                        .map(example -> example.getLabel().toString())
                        .distinct()
                        .sorted()
                        .toList());
    }
}
