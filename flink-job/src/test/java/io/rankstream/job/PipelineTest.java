package io.rankstream.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.claim.JobClaim;
import io.rankstream.job.config.ConfigFile;
import io.rankstream.job.config.Defaults;
import io.rankstream.job.config.JobConfig;
import io.rankstream.job.registry.SchemaIds;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.runtime.kryo.KryoSerializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

/** What a savepoint relies on: every operator has a name of its own, every value a serializer. */
class PipelineTest {

    private static final String FLEET = "fleet.triplets: 100\n";
    private static final String PREDICT = "loop.mode: predict\n";

    @Test
    void givesEveryOperatorAUid() throws Exception {
        assertThat(operators())
                .allSatisfy(
                        node ->
                                assertThat(node.getTransformationUID())
                                        .as(node.getOperatorName())
                                        .isNotBlank());
    }

    @Test
    void givesEachUidToOneOperator() throws Exception {
        assertThat(operators())
                .extracting(StreamNode::getTransformationUID)
                .doesNotHaveDuplicates();
    }

    @Test
    void keepsTheUidsThatSavepointsWereWrittenWith() throws Exception {
        assertThat(operators())
                .extracting(StreamNode::getTransformationUID)
                .contains(
                        "labeled-examples",
                        "decode",
                        "control-commands",
                        "decode-commands",
                        "encode",
                        "micro-batch",
                        "train",
                        "training-reports",
                        "command-answers",
                        "drift-events",
                        "predictions",
                        "adapter-versions",
                        "dead-letters");
    }

    @Test
    void neverFallsBackToKryo() throws Exception {
        Stream<TypeSerializer<?>> serializers =
                operators().stream()
                        .flatMap(
                                node ->
                                        Stream.concat(
                                                Stream.of(node.getTypeSerializersIn()),
                                                Stream.of(
                                                        node.getTypeSerializerOut(),
                                                        node.getStateKeySerializer())));
        assertThat(serializers).doesNotHaveAnyElementsOfTypes(KryoSerializer.class);
    }

    @Test
    void hasAFleetOnlyWhereItIsConfigured() throws Exception {
        assertThat(graph("").getStreamNodes())
                .extracting(StreamNode::getTransformationUID)
                .doesNotContain("fleet", "fleet-commands");
        assertThat(graph(FLEET).getStreamNodes())
                .extracting(StreamNode::getTransformationUID)
                .contains("fleet", "fleet-commands");
    }

    @Test
    void readsInputsOnlyWhereTheyArePredicted() throws Exception {
        String[] ofInputs = {
            "unlabeled-inputs",
            "decode-inputs",
            "encode-inputs",
            "inputs-to-adapters",
            "tell-predictions",
            "input-predictions"
        };
        assertThat(graph("").getStreamNodes())
                .extracting(StreamNode::getTransformationUID)
                .doesNotContain(ofInputs);
        assertThat(graph(PREDICT).getStreamNodes())
                .extracting(StreamNode::getTransformationUID)
                .contains(ofInputs);
    }

    @Test
    void chainsTrainingToTheMicroBatches() throws Exception {
        StreamGraph graph = graph("");
        StreamNode train =
                graph.getStreamNodes().stream()
                        .filter(node -> "train".equals(node.getTransformationUID()))
                        .findFirst()
                        .orElseThrow();
        assertThat(train.getInEdges()).hasSize(1);
        assertThat(train.getInEdges().get(0).getPartitioner().toString()).isEqualTo("FORWARD");
    }

    private static Collection<StreamNode> operators() throws Exception {
        return graph(FLEET + PREDICT).getStreamNodes();
    }

    private static StreamGraph graph(String more) throws Exception {
        JobConfig config =
                ConfigFile.parse(
                        """
                        kafka.bootstrap-servers: localhost:9092
                        registry.url: http://localhost:8081
                        publish.directory: adapters
                        training.labels: [good, bad]
                        """
                                + more,
                        "test");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(config.flink());
        Pipeline.build(
                env,
                config,
                Defaults.CURRENT,
                new SchemaIds(
                        config.writtenTopics().stream()
                                .collect(Collectors.toMap(topic -> topic, topic -> 1))),
                JobClaim.none(config.kafka()));
        return env.getStreamGraph();
    }
}
