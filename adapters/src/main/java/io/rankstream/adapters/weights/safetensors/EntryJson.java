package io.rankstream.adapters.weights.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/**
 * A tensor's entry in the header as it stands in the file.
 *
 * @param name the tensor's name
 * @param json its value
 * @param origin the file, for messages
 */
record EntryJson(String name, JsonNode json, String origin) {

    TensorEntry toEntry() throws SafetensorsException {
        ElementType type = type();
        long[] shape = numbers("shape");
        long[] offsets = numbers("data_offsets");
        if (offsets.length != 2 || offsets[1] < offsets[0]) {
            throw wrong(
                    "has data_offsets "
                            + Arrays.toString(offsets)
                            + ", expected two that do not fall");
        }
        requireSize(type, shape, offsets[1] - offsets[0]);
        return new TensorEntry(type, shape, offsets[0], offsets[1]);
    }

    private ElementType type() throws SafetensorsException {
        JsonNode found = json.path("dtype");
        ElementType type = ElementType.named(found.asText());
        if (type == null) {
            throw wrong(
                    "has dtype "
                            + shown(found)
                            + ", expected one of "
                            + Arrays.toString(ElementType.values()));
        }
        return type;
    }

    private long[] numbers(String field) throws SafetensorsException {
        JsonNode found = json.path(field);
        if (!found.isArray()) {
            throw wrong("has " + field + " " + shown(found) + ", expected a list of numbers");
        }
        long[] numbers = new long[found.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode number = found.get(i);
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
                throw wrong(
                        "has " + shown(number) + " in " + field + ", expected numbers from 0 on");
            }
            numbers[i] = number.longValue();
        }
        return numbers;
    }

    private void requireSize(ElementType type, long[] shape, long found)
            throws SafetensorsException {
        long expected = type.bytes;
        try {
            for (long dimension : shape) {
                expected = Math.multiplyExact(expected, dimension);
            }
        } catch (ArithmeticException e) {
            throw wrong("has shape " + Arrays.toString(shape) + ", more than a file can hold");
        }
        if (found != expected) {
            throw wrong(
                    "has "
                            + found
                            + " bytes, expected "
                            + expected
                            + " for "
                            + type
                            + " of shape "
                            + Arrays.toString(shape));
        }
    }

    private static String shown(JsonNode node) {
        if (node.isMissingNode()) {
            return "missing";
        }
        String text = node.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private SafetensorsException wrong(String what) {
        return new SafetensorsException("the tensor '" + name + "' of " + origin + " " + what);
    }
}
