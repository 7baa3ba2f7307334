package io.rankstream.adapters.weights.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.files.JsonFault;
import io.rankstream.adapters.files.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON object at the beginning of a safetensors file, checked as strictly as the format's
 * reference implementation does: no name twice, sizes that agree with shapes, and tensors that
 * cover the data from its first byte to its last without a gap or an overlap.
 *
 * @param tensors entries by name, in the order of the file; unmodifiable
 * @param metadata free text by key; unmodifiable
 */
record Header(Map<String, TensorEntry> tensors, Map<String, String> metadata) {

    static final String METADATA = "__metadata__";

    /**
     * Parses a header.
     *
     * @param bytes the JSON, with the spaces that pad it
     * @param dataLength bytes in the file after the header
     * @param origin the file, for messages
     */
    static Header parse(byte[] bytes, long dataLength, String origin) throws SafetensorsException {
        JsonNode root = json(bytes, origin);
        Map<String, TensorEntry> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = Map.of();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                metadata = metadata(field.getValue(), origin);
            } else {
                EntryJson entry = new EntryJson(field.getKey(), field.getValue(), origin);
                tensors.put(field.getKey(), entry.toEntry());
            }
        }
        requireCover(tensors, dataLength, origin);
        return new Header(
                Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(metadata));
    }

    private static JsonNode json(byte[] bytes, String origin) throws SafetensorsException {
        JsonNode root;
        try {
            root = StrictJson.read(utf8(bytes));
        } catch (CharacterCodingException e) {
            throw new SafetensorsException(
                    "the header of " + origin + " is not UTF-8, expected a JSON object", e);
        } catch (JsonProcessingException e) {
            throw new SafetensorsException(
                    "the header of " + origin + " is not valid JSON" + JsonFault.of(e), e);
        }
        if (!root.isObject() || bytes[0] != '{') {
            throw new SafetensorsException(
                    "the header of " + origin + " does not begin with a JSON object");
        }
        return root;
    }

    /** Decodes strictly: Jackson would take UTF-16 and UTF-32 as well. */
    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private static Map<String, String> metadata(JsonNode json, String origin)
            throws SafetensorsException {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            if (!field.getValue().isTextual()) {
                throw new SafetensorsException(
                        "the metadata of "
                                + origin
                                + " has a value that is no text at '"
                                + field.getKey()
                                + "'");
            }
            metadata.put(field.getKey(), field.getValue().textValue());
        }
        if (!json.isObject()) {
            throw new SafetensorsException("the metadata of " + origin + " is no JSON object");
        }
        return metadata;
    }

    private static void requireCover(
            Map<String, TensorEntry> tensors, long dataLength, String origin)
            throws SafetensorsException {
        List<Map.Entry<String, TensorEntry>> sorted = new ArrayList<>(tensors.entrySet());
        sorted.sort(
                Comparator.comparingLong(
                                (Map.Entry<String, TensorEntry> entry) -> entry.getValue().begin())
                        .thenComparingLong(entry -> entry.getValue().end()));
        long covered = 0;
        for (Map.Entry<String, TensorEntry> entry : sorted) {
            if (entry.getValue().begin() != covered) {
                throw new SafetensorsException(
                        "the tensor '"
                                + entry.getKey()
                                + "' of "
                                + origin
                                + " begins at byte "
                                + entry.getValue().begin()
                                + " of the data, expected "
                                + covered
                                + ", the end of the tensor before it");
            }
            covered = entry.getValue().end();
        }
        if (covered != dataLength) {
            throw new SafetensorsException(
                    "the tensors of "
                            + origin
                            + " end at byte "
                            + covered
                            + " of the data, expected "
                            + dataLength
                            + ", the end of the file: it is cut off or has bytes too many");
        }
    }
}
