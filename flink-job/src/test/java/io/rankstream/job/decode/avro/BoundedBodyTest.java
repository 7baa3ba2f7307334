package io.rankstream.job.decode.avro;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.ControlCommand;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.Prediction;
import io.rankstream.schemas.TrainingReport;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedBodyTest {

    private static final byte[] NOTHING = {};

    @Test
    void everySchemaOfOursCanBeRead() {
        assertThat(
                        List.of(
                                AdapterVersion.getClassSchema(),
                                ControlCommand.getClassSchema(),
                                DeadLetter.getClassSchema(),
                                LabeledExample.getClassSchema(),
                                Prediction.getClassSchema(),
                                TrainingReport.getClassSchema()))
                .allMatch(BoundedBody::isReadable);
    }

    @Test
    void aValueIsHeldWholeAndAlone() {
        Schema two =
                SchemaBuilder.record("Two").fields().requiredInt("a").requiredInt("b").endRecord();

        assertThat(BoundedBody.holds(two, new byte[] {9, 1, 2}, 1)).isTrue();
        assertThat(BoundedBody.holds(two, new byte[] {9, 1}, 1)).isFalse();
        assertThat(BoundedBody.holds(two, new byte[] {9, 1, 2, 3}, 1)).isFalse();
    }

    /** It takes as many lines as records, and Avro as many fields as two to their power. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"null\"",
                "\"int\"",
                "[\"null\", \"int\"]",
                "{\"type\": \"array\", \"items\": \"null\"}",
                "{\"type\": \"record\", \"name\": \"Empty\", \"fields\": []}"
            })
    void whatUnfoldsWithoutEndIsNotRead(String innermost) {
        Schema schema = unfolding(innermost, 60);

        assertThat(BoundedBody.isReadable(schema)).isFalse();
        assertThat(BoundedBody.isReadable(SchemaBuilder.array().items(schema))).isFalse();
        assertThat(BoundedBody.isReadable(SchemaBuilder.map().values(schema))).isFalse();
        assertThat(BoundedBody.isReadable(SchemaBuilder.nullable().type(schema))).isFalse();
    }

    @Test
    void whatUnfoldsFromNoBytesIsNotHeld() {
        assertThat(BoundedBody.holds(unfolding("\"null\"", 60), NOTHING, 0)).isFalse();
    }

    /** Each item is counted, and each part of it that takes no byte. */
    @Property(tries = 50)
    void noMoreIsHeldThanSomePartsAByte(@ForAll @IntRange(min = 1, max = 12) int doublings) {
        Schema items = SchemaBuilder.array().items(unfolding("\"null\"", doublings));
        byte[] twoThousandItems = {(byte) 0xA0, 0x1F, 0};

        assertThat(BoundedBody.isReadable(items)).isTrue();
        assertThat(BoundedBody.holds(items, twoThousandItems, 0)).isFalse();
    }

    @Test
    void aSchemaThatNamesItselfCanBeRead() {
        Schema list =
                new Schema.Parser()
                        .parse(
                                "{\"type\": \"record\", \"name\": \"L\", \"fields\": [{\"name\": \"next\", \"type\": [\"null\", \"L\"]}]}");

        assertThat(BoundedBody.isReadable(list)).isTrue();
        assertThat(BoundedBody.holds(list, new byte[] {2, 2, 0}, 0)).isTrue();
        assertThat(BoundedBody.holds(list, deep(10_000), 0)).isFalse();
    }

    private static byte[] deep(int levels) {
        byte[] body = new byte[levels + 1];
        Arrays.fill(body, 0, levels, (byte) 2);
        return body;
    }

    /** Records, each with two fields of the one before. */
    private static Schema unfolding(String innermost, int records) {
        String schema = innermost;
        for (int i = 0; i < records; i++) {
            schema =
                    "{\"type\": \"record\", \"name\": \"R%1$d\", \"fields\": [{\"name\": \"a\", \"type\": %2$s}, {\"name\": \"b\", \"type\": %3$s}]}"
                            .formatted(i, schema, i == 0 ? "\"null\"" : "\"R" + (i - 1) + "\"");
        }
        return new Schema.Parser().parse(schema);
    }
}
