package io.rankstream.ops.send;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fields that a document has, as a mapping names them. */
public final class DocumentFields {

    private static final int MOST = 30;
    private static final ObjectMapper JSON = new ObjectMapper();

    private DocumentFields() {}

    /** Places of its texts, numbers and truth values, the first ones; none if it is not JSON. */
    public static List<String> of(byte[] document) {
        List<String> fields = new ArrayList<>();
        try {
            collect(JSON.readTree(document), List.of(), fields);
        } catch (IOException e) {
            return List.of();
        }
        return fields;
    }

    /** Columns of a row of CSV, which is an object without depth. */
    public static List<String> columns(byte[] row) {
        try {
            return JSON.readTree(row).properties().stream()
                    .map(column -> column.getKey().replace(",", "\\,"))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static void collect(JsonNode node, List<String> place, List<String> fields) {
        if (node.isObject()) {
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                List<String> inside = new ArrayList<>(place);
                inside.add(field.getKey());
                collect(field.getValue(), inside, fields);
            }
        } else if (node.isValueNode() && !place.isEmpty() && fields.size() < MOST) {
            fields.add(path(place));
        }
    }

    /** A path of names, or a JSON pointer where dots would be ambiguous. */
    private static String path(List<String> place) {
        boolean plain =
                place.stream()
                        .allMatch(
                                name ->
                                        !name.isEmpty()
                                                && !name.contains(".")
                                                && !name.contains("/"));
        StringBuilder pointer = new StringBuilder();
        place.forEach(
                name -> pointer.append('/').append(name.replace("~", "~0").replace("/", "~1")));
        return (plain ? String.join(".", place) : pointer.toString()).replace(",", "\\,");
    }
}
