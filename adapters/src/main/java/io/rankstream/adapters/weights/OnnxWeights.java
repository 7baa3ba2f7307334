package io.rankstream.adapters.weights;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Weights of a BERT encoder that torch exported to ONNX. Biases, LayerNorms and embeddings keep
 * their names there; weights of linear layers lose theirs and are stored (in, out). A linear layer
 * is a MatMul whose output goes into an Add with the bias, so the weight is named after that bias.
 */
public final class OnnxWeights implements Weights {

    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    /**
     * A tensor of the file.
     *
     * @param transposed whether the file has its rows as columns
     */
    private record Stored(TensorProto proto, boolean transposed) {}

    private final String origin;
    private final Map<String, TensorProto> initializers = new HashMap<>();
    private final Map<String, String> biasByMatMulOutput = new HashMap<>();
    private final Map<String, Stored> tensors = new HashMap<>();

    private OnnxWeights(String origin) {
        this.origin = origin;
    }

    /**
     * Reads every float tensor that has, or can be given, a name.
     *
     * @param origin what the stream is, for messages
     */
    public static OnnxWeights read(InputStream stream, String origin) throws IOException {
        GraphProto graph;
        try {
            graph = ModelProto.parseFrom(stream).getGraph();
        } catch (InvalidProtocolBufferException e) {
            throw new ModelLoadException(origin + " is not an ONNX file: " + e.getMessage(), e);
        }
        OnnxWeights weights = new OnnxWeights(origin);
        weights.collect(graph);
        return weights;
    }

    private void collect(GraphProto graph) {
        for (TensorProto tensor : graph.getInitializerList()) {
            if (tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber()) {
                initializers.put(tensor.getName(), tensor);
            }
        }
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("Add")) {
                rememberBias(node);
            }
        }
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("MatMul")) {
                takeLinearWeight(node);
            }
        }
        initializers.forEach((name, tensor) -> tensors.put(name, new Stored(tensor, false)));
    }

    private void rememberBias(NodeProto add) {
        List<String> inputs = add.getInputList();
        for (int i = 0; i < inputs.size(); i++) {
            String name = inputs.get(i);
            if (name.endsWith(BIAS) && initializers.containsKey(name)) {
                biasByMatMulOutput.put(inputs.get(1 - i), name);
            }
        }
    }

    private void takeLinearWeight(NodeProto matMul) {
        String bias = biasByMatMulOutput.get(matMul.getOutput(0));
        TensorProto stored = initializers.get(matMul.getInput(1));
        if (bias == null || stored == null || stored.getDimsCount() != 2) {
            return;
        }
        initializers.remove(stored.getName());
        String name = bias.substring(0, bias.length() - BIAS.length()) + WEIGHT;
        tensors.put(name, new Stored(stored, true));
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public long[] shape(String name) {
        Stored tensor = tensor(name);
        List<Long> dimensions = tensor.proto().getDimsList();
        return tensor.transposed()
                ? new long[] {dimensions.get(1), dimensions.get(0)}
                : dimensions.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public void read(String name, FloatSink sink) throws IOException {
        Stored tensor = tensor(name);
        float[] values = values(tensor.proto());
        sink.next(
                tensor.transposed()
                        ? transposed(Math.toIntExact(tensor.proto().getDims(0)), values)
                        : values,
                values.length);
    }

    @Override
    public String origin(String name) {
        return origin;
    }

    @Override
    public void close() {}

    private Stored tensor(String name) {
        Stored tensor = tensors.get(name);
        if (tensor == null) {
            throw new NoSuchElementException(origin + " holds no tensor '" + name + "'");
        }
        return tensor;
    }

    private static float[] transposed(int rows, float[] values) {
        int columns = values.length / rows;
        float[] result = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                result[column * rows + row] = values[row * columns + column];
            }
        }
        return result;
    }

    private float[] values(TensorProto tensor) throws ModelLoadException {
        if (!tensor.hasRawData()) {
            throw new ModelLoadException(
                    "the tensor %s of %s has no raw data, expected weights inside the file"
                            .formatted(tensor.getName(), origin));
        }
        float[] values = new float[tensor.getRawData().size() / Float.BYTES];
        tensor.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }
}
