package io.rankstream.job.input;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * Probabilities of labels as bytes of a value that has a format: their number, and each label with
 * its probability.
 */
final class LabelProbabilitiesForm {

    private LabelProbabilitiesForm() {}

    static void write(LabelProbabilities said, DataOutputView target) throws IOException {
        target.writeInt(said.labels().size());
        for (int i = 0; i < said.labels().size(); i++) {
            StringValue.writeString(said.labels().get(i), target);
            target.writeFloat(said.values()[i]);
        }
    }

    static LabelProbabilities read(DataInputView source) throws IOException {
        float[] values = new float[source.readInt()];
        List<String> labels = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            labels.add(StringValue.readString(source));
            values[i] = source.readFloat();
        }
        return new LabelProbabilities(labels, values);
    }
}
