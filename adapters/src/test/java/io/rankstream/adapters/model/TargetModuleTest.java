package io.rankstream.adapters.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rankstream.adapters.model.bert.BertConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetModuleTest {

    /** Twelve layers: layer 1 is not layer 11. */
    private static final BertConfig CONFIG = new BertConfig(10, 8, 12, 2, 16, 8, 2, 1e-12f);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    query                                                ; 12
                    output.dense                                         ; 24
                    attention.output.dense                               ; 12
                    dense                                                ; 36
                    encoder.layer.1.attention.self.query                 ; 1
                    bert.encoder.layer.1.attention.self.query            ; 1
                    layer.1.output.dense                                 ; 1
                    1.output.dense                                       ; 1
                    1.intermediate.dense                                 ; 1
                    .*                                                   ; 72
                    .*[.]layer[.](1|3)[.].*query                         ; 2
                    bert[.]encoder[.]layer[.][0-3][.].*                  ; 24
                    encoder[.]layer[.]11[.]attention[.]self[.](key|value); 2
                    .*query|.*value                                      ; 24
                    """)
    void meansWhatPeftMeans(String target, int layers) {
        assertThat(CONFIG.linearLayers(List.of(target))).hasSize(layers);
        assertThat(TargetModule.of(target).namesAny()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "query",
                "output.dense",
                "attention.output.dense",
                ".*query|.*value",
                ".*",
                "encoder[.]layer[.]11[.]attention[.]self[.](key|value)",
                "pooler.dense"
            })
    void layersHaveTargetsThatMeanThemAlone(String target) {
        List<ModuleShape> layers = CONFIG.linearLayers(List.of(target));

        assertThat(CONFIG.linearLayers(TargetModule.meaning(CONFIG, layers))).isEqualTo(layers);
    }

    @Test
    void theEndsOfNamesAreTargetsWhereTheyMeanNoOthers() {
        List<ModuleShape> all = CONFIG.linearLayers(List.of("query", "attention.output.dense"));

        assertThat(TargetModule.meaning(CONFIG, all))
                .containsExactlyInAnyOrder("attention.self.query", "attention.output.dense");
        assertThat(TargetModule.meaning(CONFIG, all.subList(0, 1)))
                .containsExactly("encoder.layer.0.attention.self.query");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "querys",
                "uery",
                "pooler.dense",
                "classifier",
                "layer.1",
                "1",
                "[.]query"
            })
    void mayMeanNothing(String target) {
        assertThat(CONFIG.linearLayers(List.of(target))).isEmpty();
        assertThat(TargetModule.of(target).namesAny()).isFalse();
    }

    @Test
    void meansLayersThatOnlyDeeperModelsHave() {
        String target = "encoder.layer.12.output.dense";

        assertThat(CONFIG.linearLayers(List.of(target))).isEmpty();
        assertThat(TargetModule.of(target).namesAny()).isTrue();
    }

    @Test
    void isRefusedIfItIsNoExpression() {
        assertThatThrownBy(() -> TargetModule.of("(query"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'(query' is no regular expression: ");
    }
}
