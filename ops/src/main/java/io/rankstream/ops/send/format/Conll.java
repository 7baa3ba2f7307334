package io.rankstream.ops.send.format;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.tagging.TokenClassification;
import io.rankstream.ops.send.RecordFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.List;

/**
 * The columns of CoNLL: a word a line with its tag in the last column, and a blank line after each
 * sentence. What entities there are depends on the file.
 */
record Conll() implements FileFormat {

    @Override
    public String id() {
        return "conll";
    }

    @Override
    public Task<?> task() {
        return new TokenClassification();
    }

    @Override
    public Target sample() {
        return new Target.Span(0, 1, "PER");
    }

    /** None that are known before the file is read. */
    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public RecordFile read(String file, BufferedInputStream bytes, SentAs as) throws IOException {
        return ConllFile.open(file, bytes, as);
    }
}
