package io.rankstream.ops.send.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.job.mapping.ExampleField;
import io.rankstream.ops.send.RecordFile;
import java.nio.file.Path;

/**
 * The documents of a file. An example's id is the name of the file and the number of the record in
 * it, from 0.
 */
final class Documents {

    private final String name;
    private final SentAs as;
    private long number;

    Documents(String file, SentAs as) {
        this.name =
                file.equals(RecordFile.STANDARD_INPUT)
                        ? "stdin"
                        : Path.of(file).getFileName().toString();
        this.as = as;
    }

    /** That of the next record, with its ids. */
    ObjectNode next() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put(ExampleField.EXAMPLE_ID.key(), name + "-" + number++);
        document.put(ExampleField.ADAPTER_ID.key(), as.adapterId());
        return document;
    }

    /** Whether they are examples. */
    boolean labeled() {
        return as.labeled();
    }
}
