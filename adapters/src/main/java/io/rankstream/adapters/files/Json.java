package io.rankstream.adapters.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes JSON that people read and digests depend on: indented by two, the same everywhere. */
public final class Json {

    private static final ObjectWriter ORDERED = writer(false);
    private static final ObjectWriter SORTED = writer(true);

    private Json() {}

    /** With the keys in the map's order. */
    public static byte[] ordered(Map<String, Object> json) {
        return write(ORDERED, json);
    }

    /** With all keys sorted, as PEFT writes its files. */
    public static byte[] sorted(Map<String, Object> json) {
        return write(SORTED, json);
    }

    private static ObjectWriter writer(boolean sorted) {
        // Line ends and the space before a colon would otherwise be the platform's and Jackson's.
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(
                                Separators.createDefaultInstance()
                                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                        .withObjectIndenter(new DefaultIndenter("  ", "\n"));
        return JsonMapper.builder()
                .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, sorted)
                .build()
                .writer(printer);
    }

    private static byte[] write(ObjectWriter writer, Map<String, Object> json) {
        try {
            return (writer.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of plain values are always JSON", e);
        }
    }
}
