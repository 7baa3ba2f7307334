package io.rankstream.ops.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.schemas.DeadLetter;

/** Dead letters for machines. */
public final class InspectionJson {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private InspectionJson() {}

    /** One JSON document, with a line feed at its end. */
    public static String of(Inspection inspection) throws JsonProcessingException {
        ObjectNode root = JSON.createObjectNode();
        inspection
                .letters()
                .forEach(letter -> write(letter, root.withArray("letters").addObject()));
        root.withArray("letters");
        root.put("matching", inspection.matching());
        ObjectNode reasons = root.putObject("reasons");
        inspection
                .byReason()
                .forEach(
                        (reason, count) ->
                                reasons.putObject(reason.name())
                                        .put("letters", count.letters())
                                        .put("sentBack", count.sentBack()));
        root.put("foreign", inspection.foreign());
        return JSON.writeValueAsString(root) + "\n";
    }

    private static void write(ShownLetter shown, ObjectNode node) {
        StoredLetter stored = shown.stored();
        DeadLetter letter = stored.letter();
        node.put("written", stored.written().toString());
        node.put("reason", letter.getReason().name());
        node.put("message", letter.getMessage());
        node.put("adapter", letter.getAdapterId());
        node.put("schemaId", letter.getSchemaId());
        node.put("keyBytes", stored.keyBytes());
        node.put("valueBytes", stored.valueBytes());
        node.put("whole", !stored.isCut());
        node.put(
                "timestamp",
                letter.getTimestamp() == null ? null : letter.getTimestamp().toString());
        // of a text that cannot be read, too, so that a script need not ask what kind it is
        node.putNull("exampleId").putNull("text");
        shown.fields().forEach(node::put);
        node.put("sentBack", shown.sentBack());
        place(stored.origin(), node.putObject("origin"));
        node.putObject("letter")
                .put("partition", stored.partition())
                .put("offset", stored.offset());
    }

    private static void place(Origin origin, ObjectNode node) {
        node.put("topic", origin.topic());
        node.put("partition", origin.partition());
        node.put("offset", origin.offset());
    }
}
