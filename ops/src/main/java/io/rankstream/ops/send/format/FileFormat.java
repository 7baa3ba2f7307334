package io.rankstream.ops.send.format;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.ops.send.RecordFile;
import io.rankstream.ops.send.RecordFileException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A format of files in which a public data set is distributed. */
public interface FileFormat {

    /** All that are supported. */
    List<FileFormat> ALL =
            Stream.<FileFormat>concat(GlueTask.ALL.stream(), Stream.of(new Squad(), new Conll()))
                    .toList();

    /** What people call it, such as {@code glue:mnli}. */
    String id();

    /** What an adapter learns from its examples. */
    Task<?> task();

    /** What an example may teach: an adapter that cannot learn it learns from none of them. */
    Target sample();

    /** Labels that its examples have; none where its task has none, or each file its own. */
    List<String> labels();

    /**
     * The records of a file, each a document with the fields of an example or an input under their
     * own names: an {@code exampleId}, the same whenever the file is read, the {@code adapterId},
     * {@code text}, {@code textPair} where there are two texts, and {@code label} if that is
     * wanted.
     *
     * @param file what the file is called, for messages and ids
     * @param bytes of the file, which the records close
     * @throws RecordFileException if the file is none of this format, or has no labels where they
     *     are wanted
     */
    RecordFile read(String file, BufferedInputStream bytes, SentAs as) throws IOException;

    /**
     * The format of a name, in which case, {@code -} and {@code _} do not count.
     *
     * @throws IllegalArgumentException if there is none
     */
    static FileFormat of(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
        return ALL.stream()
                .filter(format -> format.id().equals(plain))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "the format is '%s', expected one of %s"
                                                .formatted(
                                                        name,
                                                        ALL.stream()
                                                                .map(FileFormat::id)
                                                                .toList())));
    }
}
