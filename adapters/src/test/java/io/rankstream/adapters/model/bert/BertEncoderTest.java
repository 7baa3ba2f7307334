package io.rankstream.adapters.model.bert;

import static io.rankstream.adapters.engine.Tensors.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.rankstream.adapters.engine.Products;
import io.rankstream.adapters.engine.TestDevice;
import io.rankstream.adapters.model.BaseNetwork;
import io.rankstream.adapters.model.HostTensor;
import io.rankstream.adapters.model.LinearUpdate;
import io.rankstream.adapters.model.ModelJar;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.TokenBatch;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.tokens.Tokens;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The encoder computes what ONNX Runtime computes from the same file. */
class BertEncoderTest {

    private static final double TOLERANCE = 1e-5;

    private static final List<String> TEXTS =
            List.of(
                    "Rank is a budget.",
                    "Dear friend, you have won a lottery; reply with your bank details at once!",
                    "Re: [ILUG] kernel panic after upgrading the scsi driver on my old sparc box");

    @Test
    void agreesWithOnnxRuntimeOnTextsOfDifferentLengths() throws Exception {
        assertSameTokenVectors(TEXTS);
    }

    @Test
    void agreesWithOnnxRuntimeOnASingleText() throws Exception {
        assertSameTokenVectors(TEXTS.subList(1, 2));
    }

    @Test
    void agreesWithOnnxRuntimeOnPairsBesideASingleText() throws Exception {
        try (TextEncoder encoder = TextEncoder.open(new ModelSource.Embedded(), 24)) {
            assertSameVectors(
                    List.of(
                            encoder.encode(TEXTS.get(0), TEXTS.get(1)),
                            encoder.encode(TEXTS.get(2)),
                            encoder.encode(TEXTS.get(1), TEXTS.get(2))));
        }
    }

    private static void assertSameTokenVectors(List<String> texts) throws Exception {
        try (TextEncoder encoder = TextEncoder.open(new ModelSource.Embedded(), 64)) {
            assertSameVectors(texts.stream().map(encoder::encode).toList());
        }
    }

    private static void assertSameVectors(List<Tokens> texts) throws Exception {
        List<int[]> ids = texts.stream().map(Tokens::ids).toList();
        List<Integer> seconds = texts.stream().map(Tokens::second).toList();
        float[][][] expected = onnxRuntime(ids, seconds);
        float[] found = encoder(ids, seconds);
        int hidden = expected[0][0].length;
        int row = 0;
        for (int i = 0; i < ids.size(); i++) {
            for (int j = 0; j < ids.get(i).length; j++, row++) {
                for (int d = 0; d < hidden; d++) {
                    assertThat((double) found[row * hidden + d])
                            .isCloseTo(expected[i][j][d], within(TOLERANCE));
                }
            }
        }
    }

    private static float[] encoder(List<int[]> ids, List<Integer> seconds) throws Exception {
        try (PtNDManager manager = TestDevice.newManager()) {
            Map<String, PtNDArray> tensors = new HashMap<>();
            HostTensor.of(new ModelSource.Embedded())
                    .forEach(
                            (name, tensor) ->
                                    tensors.put(
                                            name,
                                            floats(
                                                    manager,
                                                    tensor.values(),
                                                    Arrays.stream(tensor.shape())
                                                            .asLongStream()
                                                            .toArray())));
            BaseNetwork encoder =
                    ModelJar.of(new ModelSource.Embedded())
                            .architecture()
                            .network(tensors, Products.CONVOLVING);
            return encoder.forward(TokenBatch.of(manager, ids, seconds), LinearUpdate.NONE)
                    .toFloatArray();
        }
    }

    private static float[][][] onnxRuntime(List<int[]> ids, List<Integer> seconds)
            throws Exception {
        int length = ids.stream().mapToInt(t -> t.length).max().orElseThrow();
        long[] tokens = new long[ids.size() * length];
        long[] mask = new long[tokens.length];
        long[] types = new long[tokens.length];
        for (int i = 0; i < ids.size(); i++) {
            for (int j = 0; j < ids.get(i).length; j++) {
                tokens[i * length + j] = ids.get(i)[j];
                mask[i * length + j] = 1;
                types[i * length + j] = j < seconds.get(i) ? 0 : 1;
            }
        }
        byte[] bytes;
        try (InputStream file =
                BertEncoderTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            bytes = file.readAllBytes();
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] shape = {ids.size(), length};
        try (OrtSession session = environment.createSession(bytes);
                OnnxTensor tokenTensor =
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(tokens), shape);
                OnnxTensor maskTensor =
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                OnnxTensor typeTensor =
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(types), shape);
                OrtSession.Result result =
                        session.run(
                                Map.of(
                                        "input_ids", tokenTensor,
                                        "attention_mask", maskTensor,
                                        "token_type_ids", typeTensor))) {
            return (float[][][]) result.get(0).getValue();
        }
    }
}
