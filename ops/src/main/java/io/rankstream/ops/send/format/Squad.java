package io.rankstream.ops.send.format;

import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.task.Task;
import io.rankstream.adapters.task.answering.QuestionAnswering;
import io.rankstream.ops.send.RecordFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.List;

/** SQuAD 1.1 and 2.0: questions on passages, and where in them the answers are. */
record Squad() implements FileFormat {

    @Override
    public String id() {
        return "squad";
    }

    @Override
    public Task<?> task() {
        return new QuestionAnswering();
    }

    @Override
    public Target sample() {
        return new Target.Span(0, 1);
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public RecordFile read(String file, BufferedInputStream bytes, SentAs as) throws IOException {
        return SquadFile.open(file, bytes, as);
    }
}
