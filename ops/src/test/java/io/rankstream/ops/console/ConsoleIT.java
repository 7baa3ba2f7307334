package io.rankstream.ops.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rankstream.ops.standing.Drifts;
import io.rankstream.ops.standing.JobEvent;
import io.rankstream.ops.standing.Refusal;
import io.rankstream.ops.standing.Standings;
import io.rankstream.ops.standing.StepReports;
import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import io.rankstream.schemas.DriftEvent;
import io.rankstream.schemas.DriftEventKind;
import io.rankstream.schemas.Forgetting;
import io.rankstream.schemas.ForgettingLabel;
import io.rankstream.schemas.ForgettingPeriod;
import io.rankstream.schemas.TrainingReport;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, with the steps of a run that has been made up. */
class ConsoleIT {

    private static final int STEPS = 700;
    private static final int ADAPTERS = 990;
    private static final Instant START = Instant.parse("2026-05-04T10:00:00Z");
    private static final Instant NOW = START.plusSeconds(STEPS);
    private static final Path PICTURES = Path.of("target", "console");

    /** Whoever sends examples chooses it. */
    private static final String HOSTILE = "\"><img src=x onerror=alert(1)>&lt;b&gt;";

    private static final List<String> MODULES =
            IntStream.range(0, 6)
                    .boxed()
                    .flatMap(
                            layer ->
                                    List.of(
                                                    "attention.self.query",
                                                    "attention.self.key",
                                                    "attention.self.value",
                                                    "attention.output.dense",
                                                    "intermediate.dense",
                                                    "output.dense")
                                            .stream()
                                            .map(kind -> "encoder.layer." + layer + "." + kind))
                    .toList();

    @TempDir private Path folder;

    private Board board;
    private ConsoleServer server;
    private Browser browser;

    @BeforeEach
    void open() throws Exception {
        if (Browser.program().isEmpty()) {
            System.out.println(
                    "SKIPPED: the console is not tried, since this machine has no Chromium"
                            + " (apt-get install chromium)");
        }
        assumeTrue(Browser.program().isPresent(), "this machine has no Chromium");
        serve(0, STEPS);
        browser = new Browser(Browser.program().get(), Files.createDirectory(folder.resolve("p")));
    }

    private void serve(int port, int steps) throws ConsoleException {
        board = new Board(new ConsoleSubject("tickets.yaml", "tickets.yaml", OptionalLong.empty()));
        server =
                ConsoleServer.start(
                        port,
                        board,
                        Optional.empty(),
                        InstantSource.fixed(START.plusSeconds(steps)));
        board.change(NOW, run(steps));
    }

    @AfterEach
    void close() throws Exception {
        if (browser != null) {
            browser.close();
            stop();
        }
    }

    private void stop() {
        board.close();
        server.close();
    }

    @Test
    void thePageShowsTheRunFindsAnAdapterAndComesBackAfterTheServer() throws Exception {
        browser.show(1360, 1500, 1, "light");
        browser.open(page("acme"));
        browser.await("document.getElementById('detail')?.hidden === false");

        curvesHaveTheNumbersOfTheRun();
        refusalsTellTheirLetters();
        changesOfTheStreamAreMarked();
        whatIsForgottenIsTold();
        tableStaysSmallAndFinds();
        textsOfTheStreamAreTexts();
        itMovesWhileOneLooks();
        adaptersThatLearnNumbersShowTheirOwnScores();
        axisAndThemeAreChosen();
        picturesInLightAndDarkAndOnAPhone();
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requested())
                .allMatch(url -> url.startsWith(server.address().toString()));

        itComesBackAfterTheServer();
    }

    private void curvesHaveTheNumbersOfTheRun() throws Exception {
        assertThat(text("accuracy-read"))
                .contains("last 1,000 " + share(recent(STEPS)), "all " + share(accuracy(STEPS)));
        assertThat(text("ranks-read")).contains(live(STEPS) + " live");
        browser.value("document.getElementById('accuracy').focus()");
        browser.press("Home");
        // Seven hundred steps are stretches of four, and the first ends with the fourth.
        assertThat(text("accuracy-read")).contains("at step 4,", "all " + share(accuracy(4)));
        assertThat(text("loss-read"))
                .contains(share((loss(1) + loss(2) + loss(3) + loss(4)) / 4) + " nats");
        assertThat(text("ranks-read")).contains("at step 4,", "432 live");
        browser.press("ArrowRight");
        assertThat(text("accuracy-read")).contains("at step 8,", "all " + share(accuracy(8)));
        browser.press("Escape");
        assertThat(browser.value("document.querySelectorAll('#matrix tbody td').length").asInt())
                .isEqualTo(MODULES.size());
        assertThat(
                        browser.value(
                                        "[...document.querySelectorAll('#matrix tbody td')].map(cell => Number(cell.textContent)).reduce((a, b) => a + b)")
                                .asInt())
                .isEqualTo(live(STEPS));
        assertThat(text("versions")).contains("/adapters/acme/3");
        assertThat(text("restarts")).isEqualTo("1");
        assertThat(text("checkpoints")).isEqualTo("7");
    }

    private void refusalsTellTheirLetters() throws Exception {
        assertThat(text("refusals"))
                .contains(
                        "UNKNOWN_LABEL",
                        "record tickets/0/17, letter dead-letters/0/5",
                        "rankstream dlq peek --config tickets.yaml --adapter acme --reason UNKNOWN_LABEL --from 2026-05-04T10:01:00Z");
    }

    private void changesOfTheStreamAreMarked() throws Exception {
        assertThat(text("drifts"))
                .contains(
                        "surprised by 31.0 % since about example 1,790",
                        "noticed at example 1,824; confirmed",
                        "example 800; dismissed",
                        "announced after example 2,400");
        assertThat(text("facts")).contains("since drift" + (4 * STEPS - 1_824));
        browser.value("document.getElementById('accuracy').focus()");
        browser.press("Home");
        assertThat(text("accuracy-read")).doesNotContain("surprised");
        // A point is four steps of four examples.
        for (int point = 1; point < 1_824 / 16; point++) {
            browser.press("ArrowRight");
        }
        assertThat(text("accuracy-read")).contains("surprised by 31.0 %", "confirmed");
        browser.press("Escape");
    }

    private void whatIsForgottenIsTold() throws Exception {
        assertThat(browser.value("document.getElementById('forgetting-panel').hidden").asBoolean())
                .isFalse();
        assertThat(text("forgetting"))
                .contains("1 to 1,000", "32", ".969", ".531", "billing", "61 examples");
    }

    private void tableStaysSmallAndFinds() throws Exception {
        assertThat(text("adapter-count")).isEqualTo("992");
        assertThat(rows()).isBetween(5, 60);
        browser.press("/");
        for (String key : List.of("t", "e", "r", "-", "7", "7")) {
            browser.press(key);
        }
        browser.await("document.getElementById('row-note').textContent.startsWith('11 of')");
        assertThat(rows()).isEqualTo(11);
        browser.press("ArrowDown");
        browser.await("document.getElementById('adapter').textContent === 'adapter-774'");
        assertThat(browser.value("document.activeElement.tagName").asText()).isEqualTo("TR");
        browser.press("ArrowDown");
        browser.await("document.getElementById('adapter').textContent === 'adapter-775'");
    }

    private void textsOfTheStreamAreTexts() throws Exception {
        browser.open(page(HOSTILE));
        browser.await("document.getElementById('detail')?.hidden === false");
        assertThat(text("adapter")).isEqualTo(HOSTILE);
        assertThat(browser.value("document.querySelectorAll('img[src=\"x\"]').length").asInt())
                .isZero();
    }

    private void itMovesWhileOneLooks() throws Exception {
        browser.open(page("acme"));
        browser.await("document.getElementById('adapter')?.textContent === 'acme'");

        board.change(NOW, List.of(all -> all.add(report("acme", STEPS + 1), at(STEPS + 1))));

        browser.await(
                "document.getElementById('accuracy-read').textContent.includes('%s')"
                        .formatted(share(accuracy(STEPS + 1))));
        browser.await(
                "document.getElementById('facts').textContent.includes('%,d')"
                        .formatted(4 * (STEPS + 1)));
    }

    private void adaptersThatLearnNumbersShowTheirOwnScores() throws Exception {
        assertThat(text("rows")).contains("over majority").doesNotContain("Pearson");
        List<Double> truth = new ArrayList<>();
        List<Double> said = new ArrayList<>();
        List<Consumer<Standings>> steps = new ArrayList<>();
        for (int step = 1; step <= 60; step++) {
            truth.add(step % 7 / 2.);
            said.add(step % 7 / 2. + Math.sin(step) / Math.sqrt(step));
            TrainingReport report =
                    StepReports.ofNumbers("price", step, truth, said, 12, 12 - step / 10);
            int second = step;
            steps.add(all -> all.add(report, at(second)));
        }
        AdapterVersion published =
                AdapterVersion.newBuilder(version(1))
                        .setAdapterId("price")
                        .setLabels(List.of())
                        .setModules(List.of())
                        .setPrequentialAccuracy(null)
                        .setPrequentialAccuracyLast1000(null)
                        .build();
        steps.add(all -> all.add(published, at(60)));
        board.change(NOW, steps);
        browser.open(page("price"));
        browser.await("document.getElementById('detail')?.hidden === false");

        assertThat(text("facts"))
                .contains("Pearson", "Spearman 1,000", "RMSE", "over the mean+")
                .doesNotContain("accuracy", "majority", "words", "–");
        assertThat(text("versions")).contains("announced").doesNotContain("last 1,000", "–");
        assertThat(text("accuracy-title")).isEqualTo("Correlation and error");
        assertThat(text("accuracy-read")).contains("last 1,000 pearson 0.9").doesNotContain("–");
        assertThat(text("adapter-note")).endsWith(" not above baseline");
        browser.await("document.getElementById('rows').textContent.includes('over baseline')");
        browser.value(
                "const box = document.getElementById('search'); box.value = 'price'; box.dispatchEvent(new Event('input'))");
        browser.await("document.getElementById('rows').textContent.includes('r 0.9')");
        picture("numbers", 1360, 1500, "light");
        browser.open(page("acme"));
        browser.await("document.getElementById('adapter')?.textContent === 'acme'");
    }

    private void axisAndThemeAreChosen() throws Exception {
        browser.value("document.querySelector('[data-axis=examples]').click()");
        assertThat(browser.value("document.querySelectorAll('#detail canvas').length").asInt())
                .isEqualTo(3);
        picture("examples", 1360, 1500, "light");
        browser.value("document.querySelector('[data-axis=time]').click()");
        browser.value("document.getElementById('theme').click()");
        browser.value("document.getElementById('theme').click()");
        assertThat(browser.value("getComputedStyle(document.body).backgroundColor").asText())
                .isEqualTo("rgb(17, 19, 21)");
        browser.value("document.getElementById('theme').click()");
        assertThat(text("theme")).contains("system");
    }

    private void picturesInLightAndDarkAndOnAPhone() throws Exception {
        picture("light", 1360, 1500, "light");
        picture("dark", 1360, 1500, "dark");
        picture("phone", 390, 2400, "light");
        assertThat(browser.value("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(390);
    }

    private void itComesBackAfterTheServer() throws Exception {
        int port = server.address().getPort();
        stop();
        browser.await("document.getElementById('status').classList.contains('lost')");

        serve(port, STEPS + 50);

        browser.await("document.getElementById('status').classList.contains('live')");
        browser.await(
                "document.getElementById('accuracy-read').textContent.includes('all %s')"
                        .formatted(share(accuracy(STEPS + 50))));
        assertThat(browser.complaints())
                .allMatch(complaint -> complaint.contains("net::ERR_"), "of the outage alone");
    }

    private void picture(String name, int width, int height, String scheme) throws Exception {
        browser.show(width, height, 1, scheme);
        browser.value(
                "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        byte[] png = browser.picture();
        assertThat(png.length).isGreaterThan(20_000);
        Files.write(Files.createDirectories(PICTURES).resolve(name + ".png"), png);
    }

    private URI page(String adapter) {
        return server.address().resolve("/#adapter=" + encoded(adapter));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String text(String id) throws Exception {
        return browser.value("document.getElementById('" + id + "').textContent").asText();
    }

    private int rows() throws Exception {
        return browser.value("document.querySelectorAll('#rows tr[data-row]').length").asInt();
    }

    /** Many adapters that have begun, one that has come far, and one with an odd name. */
    private static List<Consumer<Standings>> run(int steps) {
        List<Consumer<Standings>> updates = new ArrayList<>();
        for (int i = 0; i < ADAPTERS; i++) {
            TrainingReport report = report("adapter-" + i, 1 + i % 9);
            updates.add(all -> all.add(report, START));
        }
        updates.add(all -> all.add(report(HOSTILE, 1), START));
        for (int step = 1; step <= steps; step++) {
            int now = step;
            updates.add(
                    all -> all.add(now == 600 ? forgetting(now) : report("acme", now), at(now)));
            if (step % 100 == 0) {
                updates.add(
                        all -> all.add(new JobEvent(at(now), JobEvent.Kind.CHECKPOINT, "saved")));
            }
        }
        for (int version = 1; version <= 3; version++) {
            int number = version;
            updates.add(all -> all.add(version(number), at(number * 150)));
        }
        DriftEvent alarm = Drifts.alarm("acme", 1_824, 1_790);
        DriftEvent early = Drifts.alarm("acme", 800, 760);
        updates.add(all -> all.add(early, at(200)));
        updates.add(all -> all.add(Drifts.about(early, DriftEventKind.DISMISSED), at(210)));
        updates.add(all -> all.add(alarm, at(456)));
        updates.add(all -> all.add(Drifts.about(alarm, DriftEventKind.CONFIRMED), at(470)));
        updates.add(all -> all.add(Drifts.expected("acme", 2_400), at(600)));
        updates.add(all -> all.add(new JobEvent(at(432), JobEvent.Kind.RESTART, "the job failed")));
        updates.add(
                all ->
                        all.add(
                                letter(),
                                at(60),
                                Optional.of(new Refusal.Place("dead-letters", 0, 5))));
        return updates;
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }

    private static TrainingReport report(String adapter, int step) {
        List<Integer> ranks =
                IntStream.range(0, 36).mapToObj(module -> rank(module, step)).toList();
        return TrainingReport.newBuilder()
                .setAdapterId(adapter)
                .setStep(step)
                .setExamples(4)
                .setTokens(90)
                .setPaddedTokens(90)
                .setTaskLoss((float) loss(step))
                .setOrthogonalityLoss(0)
                .setGradientNorm(1)
                .setLearningRate(.002f)
                .setBudget(live(step))
                .setLiveRanks(ranks)
                .setMasked(step % 10 == 0)
                .setExamplesTotal(4L * step)
                .setTruncatedTotal(0)
                .setPrequentialAccuracy(accuracy(step))
                .setPrequentialAccuracyLast1000(recent(step))
                .setMajorityAccuracy(.62)
                .build();
    }

    private static TrainingReport forgetting(int step) {
        TrainingReport report = report("acme", step);
        report.setForgetting(
                new Forgetting(
                        61L,
                        41,
                        .95,
                        .6,
                        List.of(
                                new ForgettingPeriod(1L, 1_000L, 32, .96875, .53125),
                                new ForgettingPeriod(1_001L, 2_004L, 9, .9, .9)),
                        List.of(new ForgettingLabel("billing", 41, .95, .6))));
        return report;
    }

    private static int rank(int module, int step) {
        int lost = (module * 5 + module / 6) % 9;
        int wave = (int) Math.round(1.6 * Math.sin(step / 55.0 + module));
        double kept = 12 - lost * Math.min(1, (step - 100) / 250.0) + wave;
        return step < 100 ? 12 : (int) Math.max(0, Math.min(12, kept));
    }

    private static int live(int step) {
        return IntStream.range(0, 36).map(module -> rank(module, step)).sum();
    }

    private static double accuracy(int step) {
        return .95 - .6 / Math.sqrt(step + 1.0);
    }

    private static double recent(int step) {
        return .97 - .62 / Math.pow(step + 1.0, .6);
    }

    private static double loss(int step) {
        return .15 + 1.2 / Math.sqrt(step) + .05 * Math.sin(step);
    }

    private static AdapterVersion version(int number) {
        return AdapterVersion.newBuilder()
                .setAdapterId("acme")
                .setVersion(number)
                .setStep(number * 150L)
                .setPath("/adapters/acme/" + number)
                .setManifestSha256("00")
                .setBaseModel("all-MiniLM-L6-v2")
                .setLabels(List.of("billing", "outage"))
                .setBudget(live(number * 150))
                .setLiveRanks(List.of())
                .setExamples(number * 600L)
                .setPrequentialAccuracy(accuracy(number * 150))
                .setPrequentialAccuracyLast1000(recent(number * 150))
                .setModules(MODULES)
                .build();
    }

    private static DeadLetter letter() {
        return DeadLetter.newBuilder()
                .setReason(DeadLetterReason.UNKNOWN_LABEL)
                .setMessage("label is 'refund', expected one of billing, outage")
                .setTopic("tickets")
                .setPartition(0)
                .setOffset(17)
                .setAdapterId("acme")
                .build();
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
