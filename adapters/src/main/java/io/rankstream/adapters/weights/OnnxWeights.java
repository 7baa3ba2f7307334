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

/**
 * Weights of a BERT encoder that torch exported to ONNX. Biases, LayerNorms and embeddings keep
 * their names there; weights of linear layers lose theirs and are stored (in, out). A linear layer
 * is a MatMul whose output goes into an Add with the bias, so the weight is named after that bias.
 */
public final class OnnxWeights {

    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    private final Map<String, TensorProto> initializers = new HashMap<>();
    private final Map<String, String> biasByMatMulOutput = new HashMap<>();
    private final Map<String, HostTensor> weights = new HashMap<>();

    private OnnxWeights() {}

    /**
     * Reads every float tensor that has, or can be given, a name.
     *
     * @param origin what the stream is, for messages
     */
    public static Map<String, HostTensor> read(InputStream stream, String origin)
            throws IOException {
        GraphProto graph;
        try {
            graph = ModelProto.parseFrom(stream).getGraph();
        } catch (InvalidProtocolBufferException e) {
            throw new ModelLoadException(origin + " is not an ONNX file: " + e.getMessage(), e);
        }
        OnnxWeights reader = new OnnxWeights();
        reader.collect(graph);
        return reader.weights;
    }

    private void collect(GraphProto graph) throws ModelLoadException {
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
        for (TensorProto tensor : initializers.values()) {
            weights.put(tensor.getName(), new HostTensor(shape(tensor), values(tensor)));
        }
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

    private void takeLinearWeight(NodeProto matMul) throws ModelLoadException {
        String bias = biasByMatMulOutput.get(matMul.getOutput(0));
        TensorProto stored = initializers.get(matMul.getInput(1));
        if (bias == null || stored == null || stored.getDimsCount() != 2) {
            return;
        }
        initializers.remove(stored.getName());
        String name = bias.substring(0, bias.length() - BIAS.length()) + WEIGHT;
        weights.put(name, transposed(shape(stored), values(stored)));
    }

    private static HostTensor transposed(int[] shape, float[] values) {
        int rows = shape[0];
        int columns = shape[1];
        float[] result = new float[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                result[column * rows + row] = values[row * columns + column];
            }
        }
        return new HostTensor(new int[] {columns, rows}, result);
    }

    private static int[] shape(TensorProto tensor) {
        return tensor.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
    }

    private static float[] values(TensorProto tensor) throws ModelLoadException {
        if (!tensor.hasRawData()) {
            throw new ModelLoadException(
                    "the ONNX tensor "
                            + tensor.getName()
                            + " has no raw data, expected weights inside the file");
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
