package io.rankstream.job.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonMappingTest {

    @Test
    void readsFieldsAndDefaultsFromOneText() {
        JsonMapping mapping =
                JsonMapping.parse(
                        "exampleId=ticket, adapterId=customer,text=body.text,label=category,"
                                + "eventTime=at,eventTimeUnit=millis,defaults.adapterId=acme");

        assertThat(mapping)
                .isEqualTo(
                        new JsonMapping(
                                Map.of(
                                        ExampleField.EXAMPLE_ID, "ticket",
                                        ExampleField.ADAPTER_ID, "customer",
                                        ExampleField.TEXT, "body.text",
                                        ExampleField.LABEL, "category",
                                        ExampleField.EVENT_TIME, "at"),
                                Map.of(ExampleField.ADAPTER_ID, "acme"),
                                EventTimeUnit.MILLIS));
    }

    @Test
    void looksForAFieldWithoutAPathUnderItsOwnName() {
        assertThat(JsonMapping.parse("text=body"))
                .isEqualTo(
                        new JsonMapping(
                                Map.of(ExampleField.TEXT, "body"), Map.of(), EventTimeUnit.ISO));
        assertThat(JsonMapping.ofOwnNames().paths())
                .containsEntry(ExampleField.EXAMPLE_ID, "exampleId")
                .containsEntry(ExampleField.EVENT_TIME, "eventTime");
    }

    @Test
    void keepsACommaWithABackslash() {
        assertThat(JsonMapping.parse("text=a\\,b").paths()).containsEntry(ExampleField.TEXT, "a,b");
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(
                        () ->
                                JsonMapping.parse(
                                        "exmpleId=a,text,label=a..b,label=c,eventTimeUnit=weeks,"
                                                + "defaults.exampleId=7,defaults.text=x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'text' has no '='")
                .hasMessageContaining("label is given twice")
                .hasMessageContaining("'exmpleId' is no field, expected one of exampleId,")
                .hasMessageContaining("label is 'a..b', expected a path such as body.text")
                .hasMessageContaining("eventTimeUnit is 'weeks', expected one of iso, seconds,")
                .hasMessageContaining("defaults.exampleId is '7', expected topic-partition-offset")
                .hasMessageContaining("'defaults.text' is no field");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "a.", ".a", "a..b", "a[", "a[]", "a[x]", "[0]", "a[-1]", "a[0]b"})
    void refusesWhatIsNoPath(String path) {
        assertThat(JsonPath.isValid(path)).isFalse();
    }
}
