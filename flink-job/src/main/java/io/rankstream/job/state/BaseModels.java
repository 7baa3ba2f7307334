package io.rankstream.job.state;

import io.rankstream.adapters.state.BaseModel;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A base model within the values of several serializers, whose formats name its family from 2 on.
 */
final class BaseModels {

    private static final String FAMILY_OF_FORMAT_1 = "bert";

    private BaseModels() {}

    static void write(BaseModel value, DataOutputView target) throws IOException {
        target.writeUTF(value.name());
        target.writeUTF(value.sha256());
        target.writeUTF(value.family());
    }

    static BaseModel read(int writtenVersion, DataInputView source) throws IOException {
        return new BaseModel(
                source.readUTF(),
                source.readUTF(),
                writtenVersion == 1 ? FAMILY_OF_FORMAT_1 : source.readUTF());
    }
}
