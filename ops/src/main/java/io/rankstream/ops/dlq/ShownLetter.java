package io.rankstream.ops.dlq;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A dead letter as it is listed.
 *
 * @param stored the letter
 * @param fields what the record has to be recognised by, as far as it can be read: names of fields
 *     and the beginnings of their values, printable
 * @param sentBack whether a replay has sent the record back
 */
record ShownLetter(StoredLetter stored, Map<String, String> fields, boolean sentBack) {

    ShownLetter {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
}
