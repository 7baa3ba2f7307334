package io.rankstream.ops.console;

import static io.rankstream.ops.standing.LoopRecords.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rankstream.ops.standing.LoopRecords;
import io.rankstream.ops.standing.Standings;
import io.rankstream.ops.standing.StepReports;
import io.rankstream.schemas.AdapterQuality;
import io.rankstream.schemas.LabelRequest;
import io.rankstream.schemas.OutcomeStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page shows of inputs without a label, in a real browser. */
class ConsoleLoopIT {

    private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
    private static final int DAYS = 60;
    private static final Path PICTURES = Path.of("target", "console");

    @TempDir private Path folder;

    private final Board board =
            new Board(new ConsoleSubject("tickets.yaml", "tickets.yaml", OptionalLong.empty()));
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
        server = ConsoleServer.start(0, board, Optional.empty(), InstantSource.fixed(NOW));
        browser = new Browser(Browser.program().get(), Files.createDirectory(folder.resolve("p")));
    }

    @AfterEach
    void close() throws Exception {
        if (browser != null) {
            browser.close();
            board.close();
            server.close();
        }
    }

    @Test
    void anAdapterThatAsksShowsItsEstimateWithItsBandRequestsAnnotatorsAndRecall()
            throws Exception {
        board.change(NOW, learned());
        board.change(NOW, asked("spam"));
        look("spam");

        assertThat(text("loop-facts"))
                .contains(
                        "estimate0.949",
                        "labels of asked412 / 430",
                        "naive, biased0.889",
                        "budget spent1,412 / 1,430",
                        "maturity98 %",
                        "delay p501 h 30 min",
                        "delay p9526 h 0 min",
                        "agreement0.952",
                        "open requests60");
        assertThat(text("loop-note"))
                .contains("later ones wait for answers", "not of 12 inputs")
                .contains("wrong, or right, the estimate were 0.899, or 0.999");
        assertThat(text("annotators")).contains("ada2604", "0.97", "bob1553––");
        assertThat(text("classes")).contains("ham3010.957", "spam111–");
        assertThat(text("requests-title")).isEqualTo("Open requests, the newest 50 of 60");
        assertThat(text("requests")).contains("mail-99", "uncertain").doesNotContain("a text");
        assertThat(text("open-requests")).isEqualTo("60");
        assertThat(text("accuracy-title")).isEqualTo("Accuracy");
        theCurveIsReadByKeys();
        itMovesWhileOneLooks();
        picture("loop-light", 1360, 1900, "light");
        picture("loop-dark", 1360, 1900, "dark");
        picture("loop-phone", 390, 3200, "light");
        assertThat(browser.value("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(390);
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requested())
                .allMatch(url -> url.startsWith(server.address().toString()));
    }

    private void theCurveIsReadByKeys() throws Exception {
        assertThat(text("estimate-read"))
                .contains("estimate 0.949 (0.921 to 0.977)", "naive, biased 0.889")
                .doesNotContain("of the stream");
        browser.value("document.getElementById('estimate').focus()");
        browser.press("Home");
        assertThat(text("estimate-read"))
                .contains("of the stream: ", "estimate %.3f".formatted(accuracy(1)));
        browser.press("ArrowRight");
        assertThat(text("estimate-read")).contains("estimate %.3f".formatted(accuracy(2)));
        browser.press("Escape");
    }

    private void itMovesWhileOneLooks() throws Exception {
        AdapterQuality few = LoopRecords.quality("spam", day(DAYS + 1), .831);
        few.setTrusted(false);
        board.change(NOW, List.of(all -> all.add(few, NOW)));

        browser.await("document.getElementById('loop-facts').textContent.includes('0.831 ?')");
        assertThat(text("estimate-read")).contains("estimate 0.831");
        assertThat(text("loop-note")).contains("too few labels");
    }

    @Test
    void whereNothingLearnsThereIsTheLoopAlone() throws Exception {
        board.change(NOW, asked("triage"));
        look("triage");

        assertThat(isHidden("learned")).isTrue();
        assertThat(isHidden("learned-now")).isTrue();
        assertThat(isHidden("facts")).isTrue();
        assertThat(text("rows")).contains("≈ 0.949");
        picture("loop-only", 1360, 1000, "light");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void whereNobodyIsAskedThereIsNoPanel() throws Exception {
        board.change(NOW, learned());
        look("spam");

        assertThat(isHidden("loop")).isTrue();
        assertThat(isHidden("asked")).isTrue();
    }

    private void look(String adapter) throws Exception {
        browser.show(1360, 1500, 1, "light");
        browser.open(server.address().resolve("/#adapter=" + adapter));
        browser.await("document.getElementById('detail')?.hidden === false");
    }

    private static List<Consumer<Standings>> learned() {
        List<Consumer<Standings>> steps = new ArrayList<>();
        for (int i = 1; i <= 40; i++) {
            int step = i;
            steps.add(
                    all ->
                            all.add(
                                    StepReports.of("spam", step, 4L * step, .5f, 12, 9),
                                    NOW.minusSeconds(60 - step)));
        }
        return steps;
    }

    private static List<Consumer<Standings>> asked(String adapter) {
        List<Consumer<Standings>> updates = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            LabelRequest request =
                    LoopRecords.request(
                            adapter, "mail-" + i, "r-" + i, START.plus(Duration.ofMinutes(i)));
            updates.add(all -> all.add(request, NOW));
            if (i < 40) {
                updates.add(
                        all ->
                                all.add(
                                        LoopRecords.outcome(
                                                request,
                                                OutcomeStatus.FINAL,
                                                START.plus(Duration.ofHours(2))),
                                        NOW));
            }
        }
        for (int i = 1; i <= DAYS; i++) {
            AdapterQuality quality = LoopRecords.quality(adapter, day(i), accuracy(i));
            double half = .028 + .1 / i;
            if (i < DAYS) {
                quality.setLow(accuracy(i) - half);
                quality.setHigh(Math.min(1, accuracy(i) + half));
            }
            updates.add(all -> all.add(quality, NOW));
        }
        return updates;
    }

    private static Instant day(int number) {
        return START.plus(Duration.ofDays(number));
    }

    private static double accuracy(int day) {
        return .949 - .2 / day + .2 / DAYS + .01 * Math.sin(day - DAYS);
    }

    private boolean isHidden(String id) throws Exception {
        return browser.value("document.getElementById('" + id + "').hidden").asBoolean();
    }

    private String text(String id) throws Exception {
        return browser.value("document.getElementById('" + id + "').textContent").asText();
    }

    private void picture(String name, int width, int height, String scheme) throws Exception {
        browser.show(width, height, 1, scheme);
        browser.value(
                "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        byte[] png = browser.picture();
        assertThat(png.length).isGreaterThan(20_000);
        Files.write(Files.createDirectories(PICTURES).resolve(name + ".png"), png);
    }
}
