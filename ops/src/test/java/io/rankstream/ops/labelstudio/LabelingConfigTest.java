package io.rankstream.ops.labelstudio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelingConfigTest {

    private static final List<String> MAIL = List.of("ham", "spam");

    @Test
    void oneOfTheLabelsIsChosenForATextWithAPairAndMetadata() {
        assertThat(LabelingConfig.of(MAIL, false))
                .isEqualTo(
                        "<View><Text name=\"text\" value=\"$text\"/><Text name=\"textPair\""
                                + " value=\"$textPair\"/><Table name=\"metadata\""
                                + " value=\"$metadata\"/><Choices choice=\"single\" name=\"label\""
                                + " required=\"true\" toName=\"text\"><Choice value=\"ham\"/><Choice"
                                + " value=\"spam\"/></Choices></View>");
    }

    @Test
    void withoutLabelsANumberIsAskedFor() {
        assertThat(LabelingConfig.of(List.of(), false))
                .contains("<Number name=\"label\" required=\"true\" toName=\"text\"/>");
    }

    @Test
    void manyLabelsAreSearchedInAList() {
        List<String> many = IntStream.range(0, 21).mapToObj(i -> "label " + i).toList();

        assertThat(LabelingConfig.of(many, false)).contains("layout=\"select\"");
        assertThat(LabelingConfig.of(many.subList(0, 20), false)).doesNotContain("layout");
    }

    @Test
    void anyLabelComesThroughAsItIs() throws Exception {
        List<String> odd = List.of(" a \"b\" & <c>  ", "spam, ü", "'", "日本語 👍");

        assertThat(LabelingConfig.updated(LabelingConfig.of(odd, false), odd, false, Set.of()))
                .isEmpty();
    }

    @Test
    void aNewLabelIsAddedAndARetiredOneThatNoAnnotationHasIsTakenAway() throws Exception {
        String updated =
                LabelingConfig.updated(
                                LabelingConfig.of(List.of("ham", "spam", "old"), false),
                                List.of("ham", "spam", "news"),
                                false,
                                Set.of("ham"))
                        .orElseThrow();

        assertThat(updated).contains("\"news\"").doesNotContain("\"old\"");
    }

    @Test
    void aRetiredLabelThatAnAnnotationHasStays() throws Exception {
        assertThat(
                        LabelingConfig.updated(
                                LabelingConfig.of(MAIL, false),
                                List.of("ham"),
                                false,
                                Set.of("spam")))
                .isEmpty();
    }

    @Test
    void theOrderOfLabelsIsNoChange() throws Exception {
        assertThat(
                        LabelingConfig.updated(
                                LabelingConfig.of(MAIL, false),
                                List.of("spam", "ham"),
                                false,
                                Set.of()))
                .isEmpty();
    }

    @Test
    void whatPeopleHaveMadeOfItStays() throws Exception {
        String config =
                """
                <View className="wide"><!-- ours -->
                  <Header value="Which kind of mail?"/>
                  <Text name="text" value="$text" granularity="word"/>
                  <Choices name="label" toName="text"><View>
                    <Choice value="ham" hotkey="h" background="green"/><Choice value="old"/>
                  </View></Choices>
                  <TextArea name="why" toName="text"/>
                </View>\
                """;

        assertThat(LabelingConfig.updated(config, MAIL, false, Set.of()).orElseThrow())
                .contains("<!-- ours -->", "Which kind of mail?", "hotkey=\"h\"", "name=\"why\"")
                .contains("<Choice value=\"spam\"/>")
                .doesNotContain("\"old\"");
    }

    @Test
    void aProjectWithoutAConfigurationGetsOne() throws Exception {
        assertThat(LabelingConfig.updated("<View></View>", MAIL, false, Set.of()))
                .contains(LabelingConfig.of(MAIL, false));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <View><Text name="text" value="$text"/></View>         | no control named 'label'
                    <View><Number name="label" toName="text"/></View>      | is <Number>, expected <Choices>
                    <View><Text name="text" value="$text"></View>          | is no XML
                    <!DOCTYPE View [<!ENTITY x SYSTEM "file:///etc/passwd">]><View>&x;</View> | is no XML
                    """)
    void whatCannotBeUsedIsSaid(String config, String why) {
        assertThatThrownBy(() -> LabelingConfig.updated(config, MAIL, false, Set.of()))
                .isInstanceOf(BridgeException.class)
                .hasMessageContaining(why);
    }

    @Test
    void severalLabelsMayBeChosenOrNone() throws Exception {
        String config = LabelingConfig.of(MAIL, true);

        assertThat(config).contains("choice=\"multiple\"", "required=\"false\"");
        assertThat(LabelingConfig.updated(config, MAIL, true, Set.of())).isEmpty();
        assertThat(LabelingConfig.updated(LabelingConfig.of(MAIL, false), MAIL, true, Set.of()))
                .hasValueSatisfying(
                        updated ->
                                assertThat(updated)
                                        .contains("choice=\"multiple\"", "required=\"false\""));
    }
}
