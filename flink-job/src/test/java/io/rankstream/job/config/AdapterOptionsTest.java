package io.rankstream.job.config;

import static io.rankstream.job.config.ConfigTexts.MINIMAL;
import static io.rankstream.job.config.ConfigTexts.REQUIRED;
import static io.rankstream.job.config.ConfigTexts.errorsOf;
import static io.rankstream.job.config.ConfigTexts.parse;
import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.adalora.Counted;
import io.rankstream.adapters.adalora.FiniteBudgetSchedule;
import io.rankstream.adapters.adalora.StreamingBudgetSchedule;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.job.config.settings.AdapterStart;
import io.rankstream.job.config.settings.ConfiguredAdapters;
import org.junit.jupiter.api.Test;

/** What a file says of adapters by their ids. */
class AdapterOptionsTest {

    @Test
    void inheritTheTemplateAndOverrideAnyKeyOfIt() throws ConfigException {
        ConfiguredAdapters adapters =
                parse(
                                MINIMAL
                                        + """
                                        training.alpha: 16
                                        adapters:
                                          list:
                                            labels: [exmh, fork, ilug]
                                            init-rank: 16
                                            budget: {target-rank: 10}
                                            optimizer.beta2: 0.99
                                        """)
                        .adapters();

        TrainingTemplate list = adapters.template("list").orElseThrow();
        assertThat(list.labels()).containsExactly("exmh", "fork", "ilug");
        assertThat(list.initRank()).isEqualTo(16);
        assertThat(list.schedule())
                .isEqualTo(new StreamingBudgetSchedule(Counted.EXAMPLES, 100, 400, 10, 10));
        assertThat(list.optimizer().beta2()).isEqualTo(.99);
        assertThat(list.alpha()).isEqualTo(16);
        assertThat(adapters.template("other").orElseThrow().initRank()).isEqualTo(12);
    }

    @Test
    void mayStartFromSnapshots() throws ConfigException {
        ConfiguredAdapters adapters =
                parse(
                                MINIMAL
                                        + """
                                        training.start-from: /snapshots/common.safetensors
                                        adapters:
                                          list: {start-from: "s3://bucket/list.safetensors"}
                                          spam: {alpha: 16}
                                        """)
                        .adapters();

        AdapterStart common = new AdapterStart.Snapshot("/snapshots/common.safetensors");
        assertThat(start(adapters, "list"))
                .isEqualTo(new AdapterStart.Snapshot("s3://bucket/list.safetensors"));
        assertThat(start(adapters, "spam")).isEqualTo(common);
        assertThat(start(adapters, "other")).isEqualTo(common);
        assertThat(start(parse(MINIMAL).adapters(), "other"))
                .isEqualTo(new AdapterStart.Template());
    }

    private static AdapterStart start(ConfiguredAdapters adapters, String adapterId) {
        return adapters.of(adapterId).orElseThrow().start();
    }

    @Test
    void mayHaveDotsInTheirIds() throws ConfigException {
        assertThat(
                        parse(MINIMAL + "adapters: {acme.eu: {init-rank: 9}, acme: {seed: 7}}")
                                .adapters()
                                .named())
                .containsOnlyKeys("acme.eu", "acme");
    }

    @Test
    void areAdmittedByTheirIdAlone() throws ConfigException {
        assertThat(parse(MINIMAL + "adapters: {spam: , list: {}}").adapters().named())
                .containsOnlyKeys("spam", "list");
    }

    @Test
    void areTheOnlyOnesWithoutCommonLabels() throws ConfigException {
        ConfiguredAdapters adapters =
                parse(REQUIRED + "adapters: {spam: {labels: [ham, spam]}}").adapters();

        assertThat(adapters.of("spam")).isPresent();
        assertThat(adapters.of("other")).isEmpty();
        assertThat(adapters.others()).isEmpty();
    }

    @Test
    void mayHaveAnotherScheduleThanTheTemplate() throws ConfigException {
        ConfiguredAdapters adapters =
                parse(
                                MINIMAL
                                        + """
                                        training.budget.ramp-steps: 300
                                        adapters:
                                          paper:
                                            budget:
                                              schedule: finite
                                              total-steps: 1000
                                              final-steps: 400
                                        """)
                        .adapters();

        assertThat(adapters.template("paper").orElseThrow().schedule())
                .isEqualTo(new FiniteBudgetSchedule(1000, 50, 400, 10, 8));
    }

    @Test
    void needLabelsFromSomewhere() {
        assertThat(errorsOf(REQUIRED + "adapters: {spam: {init-rank: 9}}"))
                .containsExactly(
                        "job.yaml: adapters.spam.labels is missing, expected a list of at least"
                                + " two labels; add it, or training.labels");
        assertThat(errorsOf(REQUIRED))
                .containsExactly(
                        "job.yaml: no adapter can learn, expected labels; give training.labels,"
                                + " or adapters with labels of their own under adapters");
    }

    @Test
    void areRefusedUnderAnIdThatIsNoFileName() {
        assertThat(errorsOf(MINIMAL + "adapters: {../x: {init-rank: 9}}"))
                .singleElement()
                .asString()
                .startsWith("job.yaml:5: adapters has the id '../x', expected 1 to 64 letters");
    }

    @Test
    void areRefusedWithTheIdInADottedKey() {
        assertThat(errorsOf(MINIMAL + "adapters.spam.init-rank: 9"))
                .singleElement()
                .asString()
                .contains("adapters.spam.init-rank has an adapter id within a dotted key");
    }

    @Test
    void areRefusedWithoutAMapping() {
        assertThat(errorsOf(MINIMAL + "adapters: [spam]"))
                .singleElement()
                .asString()
                .contains("adapters is [spam], expected adapter ids");
        assertThat(errorsOf(MINIMAL + "adapters: {spam: on}"))
                .singleElement()
                .asString()
                .contains("adapters.spam is a section");
    }

    @Test
    void doNotRepeatAnErrorOfTheTemplate() {
        assertThat(errorsOf(MINIMAL + "training.init-rank: 4\nadapters: {a: , b: }"))
                .containsExactly(
                        "job.yaml:5: training.budget.target-rank is 8, expected at most"
                                + " training.init-rank, which is 4; lower it or raise the"
                                + " other");
    }
}
