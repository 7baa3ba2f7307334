package io.rankstream.job.state;

import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.Tasks;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A head's kind in state: pooling, then task with its settings, and form. Formats before had the
 * pooling alone.
 */
final class HeadKinds {
    private HeadKinds() {}

    static void write(HeadKind head, DataOutputView target) throws IOException {
        target.writeUTF(head.pooling().name());
        target.writeUTF(Tasks.spelled(head.task()));
        target.writeUTF(head.form().name());
    }

    /**
     * @param isWhole whether task and form were written
     */
    static HeadKind read(boolean isWhole, DataInputView source) throws IOException {
        Pooling pooling = Pooling.valueOf(source.readUTF());
        return isWhole
                ? new HeadKind(
                        Tasks.ofSpelled(source.readUTF()),
                        HeadForm.valueOf(source.readUTF()),
                        pooling)
                : HeadKind.first(pooling);
    }
}
