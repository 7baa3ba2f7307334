package io.rankstream.ops.labeling;

import static io.rankstream.ops.labeling.queue.Requests.open;
import static io.rankstream.ops.labeling.queue.Requests.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rankstream.ops.console.Browser;
import io.rankstream.ops.http.LocalServer;
import io.rankstream.ops.labeling.queue.LabelQueue;
import io.rankstream.ops.vote.VotesException;
import io.rankstream.schemas.LabelVote;
import io.rankstream.schemas.OutcomeStatus;
import io.rankstream.schemas.VoteKind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, by the keyboard alone. */
class LabelingPageIT {

    private static final Path PICTURES = Path.of("target", "labeling");

    /** Whoever sends inputs chooses it. */
    private static final String HOSTILE = "\"><img src=x onerror=alert(1)>&lt;b&gt;";

    @TempDir private Path folder;

    private final LabelQueue queue = new LabelQueue(LabelQueue.Limits.DEFAULT);
    private final List<LabelVote> written = new CopyOnWriteArrayList<>();
    private volatile boolean brokerIsAway;
    private LocalServer server;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        if (Browser.program().isEmpty()) {
            System.out.println(
                    "SKIPPED: the labeling page is not tried, since this machine has no Chromium"
                            + " (apt-get install chromium)");
        }
        assumeTrue(Browser.program().isPresent(), "this machine has no Chromium");
        ask();
        serve(0);
        browser = new Browser(Browser.program().get(), Files.createDirectory(folder.resolve("p")));
    }

    private void ask() {
        queue.add(
                open(1).setPriority(9)
                        .setText("Dear customer,\n\nyour invoice 4711 is overdue.")
                        .setMetadata(Map.of("from", "billing@shop.example"))
                        .setSuggestion("spam")
                        .setSuggestionProbability(.61f)
                        .build());
        queue.add(
                open(2).setPriority(8)
                        .setText(HOSTILE)
                        .setMetadata(Map.of(HOSTILE, HOSTILE))
                        .setLabels(List.of(HOSTILE, "spam"))
                        .build());
        queue.add(
                open(3).setPriority(7)
                        .setAdapterId("intents")
                        .setText("How do I change my card?")
                        .setTextPair("Where is the payment method?")
                        .setLabels(
                                IntStream.range(0, 77)
                                        .mapToObj(number -> "intent-" + number)
                                        .toList())
                        .build());
        queue.add(open(4).setPriority(6).setAdapterId("price").setLabels(List.of()).build());
        queue.add(open(5).setPriority(5).build());
        queue.endReading();
    }

    private void serve(int port) throws IOException {
        server =
                LocalServer.start(
                        "labeling",
                        port,
                        LocalServer.LIMIT,
                        new LabelingPages(
                                new AccessToken("the-token"),
                                queue,
                                this::write,
                                InstantSource.system(),
                                Optional::empty,
                                () -> 0));
    }

    private void write(List<LabelVote> votes) throws VotesException {
        if (brokerIsAway) {
            throw new VotesException("the broker is away", null);
        }
        written.addAll(votes);
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.close();
            server.close();
        }
    }

    @Test
    void aPersonLabelsByTheKeyboardAlone() throws Exception {
        browser.show(1280, 800, 1, "light");
        browser.open(address("#token=the-token"));

        whoComesIsAskedForAName();
        aSuggestionIsShownWhenItIsAskedForAndThatIsRecorded();
        anAnswerIsUndoneAndGivenAnew();
        textsOfTheStreamAreTexts();
        labelsBeyondNineAreFoundByTyping();
        aNumberIsTyped();
        picturesInLightAndDarkAndOnAPhone();
        assertThat(browser.complaints()).isEmpty();
        whatCannotBeWrittenStaysAndIsTriedAgain();
        whatIsSettledMeanwhileIsSaid();
        itComesBackAfterTheServer();
        whatWasTakenBackInSilenceIsNoObstacleToUndoing();
        assertThat(browser.requested())
                .allMatch(
                        url ->
                                url.startsWith(server.address().toString())
                                        || url.equals("about:blank"))
                .noneMatch(url -> url.contains("the-token") && !url.contains("#"));
    }

    private void whoComesIsAskedForAName() throws Exception {
        browser.await("!document.getElementById('name-form').hidden");
        assertThat(browser.value("location.hash").asText()).as("out of sight").isEmpty();
        type("Ada");
        browser.press("Enter");
        awaitText("Dear customer,");
        assertThat(text("metadata")).isEqualTo("frombilling@shop.example");
        browser.await("document.getElementById('status-text').textContent === '5 wait for you'");
    }

    private void aSuggestionIsShownWhenItIsAskedForAndThatIsRecorded() throws Exception {
        assertThat(browser.value("document.getElementById('suggestion').hidden").asBoolean())
                .isTrue();
        browser.press("h");
        assertThat(text("suggestion")).isEqualTo("The adapter says spam (61 %)");
        browser.press("2");
        awaitText("onerror");
        assertThat(last().getLabel()).isEqualTo("spam");
        assertThat(last().getSuggestionShown()).isTrue();
        assertThat(last().getAnnotator()).isEqualTo("Ada");
        assertThat(last().getLeadTimeMs()).isPositive();
    }

    private void anAnswerIsUndoneAndGivenAnew() throws Exception {
        browser.press("u");
        awaitText("Dear customer,");
        assertThat(last().getKind()).isEqualTo(VoteKind.RETRACT);
        assertThat(text("before")).isEqualTo("You had said: spam. That is taken back.");
        browser.press("1");
        awaitText("onerror");
        assertThat(last().getLabel()).isEqualTo("ham");
        assertThat(written).extracting(LabelVote::getRevision).isSorted().doesNotHaveDuplicates();
        assertThat(written).extracting(LabelVote::getLabelId).containsOnly("console/Ada");
    }

    private void textsOfTheStreamAreTexts() throws Exception {
        assertThat(text("text")).isEqualTo(HOSTILE);
        assertThat(text("metadata")).isEqualTo(HOSTILE + HOSTILE);
        assertThat(browser.value("document.querySelectorAll('#work img').length").asInt()).isZero();
        browser.press("1");
        awaitText("How do I");
        assertThat(last().getLabel()).isEqualTo(HOSTILE);
        assertThat(last().getSuggestionShown()).isFalse();
    }

    private void labelsBeyondNineAreFoundByTyping() throws Exception {
        assertThat(text("pair")).isEqualTo("Where is the payment method?");
        browser.press("/");
        type("nt-7");
        assertThat(text("search-note")).isEqualTo("Enter: intent-7, the first of 8");
        browser.press("ArrowDown");
        browser.press("ArrowDown");
        assertThat(browser.value("document.activeElement.textContent").asText())
                .isEqualTo("intent-70");
        browser.press("Enter");
        awaitText("text 4");
        assertThat(last().getLabel()).isEqualTo("intent-70");
    }

    private void aNumberIsTyped() throws Exception {
        browser.await("document.activeElement.id === 'number'");
        type("12.5");
        browser.press("Enter");
        awaitText("text 5");
        assertThat(last().getLabel()).isEqualTo(12.5);
    }

    private void whatCannotBeWrittenStaysAndIsTriedAgain() throws Exception {
        int before = written.size();
        brokerIsAway = true;
        browser.press("s");
        browser.await(
                "document.getElementById('notice').textContent.startsWith('Not written yet')");
        assertThat(text("notice")).contains("the broker is away");
        assertThat(text("text")).isEqualTo("text 5");
        brokerIsAway = false;
        browser.await("document.getElementById('last').textContent.startsWith('Skipped')");
        assertThat(written).hasSize(before + 1);
        browser.await("document.getElementById('notice').hidden");
        assertThat(text("nothing")).startsWith("Nothing waits");
    }

    private void whatIsSettledMeanwhileIsSaid() throws Exception {
        queue.add(open(6).build());
        awaitText("text 6");
        queue.add(outcome(6, OutcomeStatus.FINAL));
        browser.await("document.getElementById('notice').textContent.includes('no more')");
        browser.press("s");
        browser.await("document.getElementById('item').hidden");
        assertThat(last().getExampleId()).as("nothing was said of it").isEqualTo("x5");
    }

    private void itComesBackAfterTheServer() throws Exception {
        queue.add(open(7).build());
        awaitText("text 7");
        int port = server.address().getPort();
        server.close();
        browser.await("document.getElementById('status').classList.contains('lost')");
        browser.press("2");
        browser.await(
                "document.getElementById('notice').textContent.includes('cannot be reached')");

        serve(port);

        browser.await("document.getElementById('last').textContent.startsWith('Labeled spam')");
        assertThat(last().getExampleId()).isEqualTo("x7");
    }

    private void whatWasTakenBackInSilenceIsNoObstacleToUndoing() throws Exception {
        queue.add(
                LabelVote.newBuilder(last())
                        .setRevision(last().getRevision() + 1)
                        .setKind(VoteKind.RETRACT)
                        .setLabel(null)
                        .build());
        browser.press("u");
        browser.await(
                "document.getElementById('notice').textContent.startsWith('There is nothing of yours')");
        browser.press("u");
        browser.await("document.getElementById('last').textContent.startsWith('Taken back')");
        assertThat(last().getExampleId()).as("the answer before").isEqualTo("x5");
    }

    private void picturesInLightAndDarkAndOnAPhone() throws Exception {
        picture("light", 1280, 800, "light");
        picture("dark", 1280, 800, "dark");
        picture("phone", 390, 844, "light");
        picture("narrow", 320, 640, "light");
        assertThat(browser.value("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(320);
        assertThat(
                        browser.value(
                                        "[...document.querySelectorAll('button, input, select')].filter(it => it.offsetParent).every(it => it.getBoundingClientRect().height >= 44)")
                                .asBoolean())
                .as("large enough for a finger")
                .isTrue();
        browser.show(1280, 800, 1, "light");
    }

    private void picture(String name, int width, int height, String scheme) throws Exception {
        browser.show(width, height, 1, scheme);
        browser.value(
                "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        Files.write(Files.createDirectories(PICTURES).resolve(name + ".png"), browser.picture());
    }

    private void type(String text) throws Exception {
        for (int i = 0; i < text.length(); i++) {
            browser.press(text.substring(i, i + 1));
        }
    }

    private LabelVote last() {
        return written.get(written.size() - 1);
    }

    private void awaitText(String part) throws Exception {
        browser.await(
                "!document.getElementById('item').hidden && document.getElementById('text').textContent.includes('%s')"
                        .formatted(part));
    }

    private String text(String id) throws Exception {
        return browser.value("document.getElementById('" + id + "').textContent").asText();
    }

    private URI address(String fragment) {
        return server.address().resolve(LabelingPages.PATH + fragment);
    }
}
