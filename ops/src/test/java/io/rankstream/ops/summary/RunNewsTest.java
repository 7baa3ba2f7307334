package io.rankstream.ops.summary;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.AdapterVersion;
import io.rankstream.schemas.DeadLetter;
import io.rankstream.schemas.DeadLetterReason;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunNewsTest {

    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final RunNews news = new RunNews();

    @Test
    void nothingIsSaidOfNothing() {
        assertThat(news.progress(START)).isEmpty();
        assertThat(news.refusals(START)).isEmpty();
    }

    @Test
    void theFirstStepIsToldOnce() {
        news.add(Reports.of("spam", 1, 16, 12, 12));
        news.add(Reports.of("list", 1, 16, 12, 12));

        assertThat(news.progress(START))
                .singleElement()
                .asString()
                .startsWith("The first 16 examples are learned from, by adapter 'spam'; '")
                .contains(" top --config FILE");
        news.add(Reports.of("spam", 2, 32, 12, 12));
        assertThat(news.progress(START.plusSeconds(300))).isEmpty();
    }

    @Test
    void theFirstVersionOfEachAdapterIsToldAndFurtherAdaptersTogetherAfterAMinute() {
        news.add(version("spam", 1));
        assertThat(news.progress(START))
                .containsExactly(
                        "Adapter 'spam' has its first version of this run, version 1 in /out/spam/1");
        news.add(version("spam", 2));
        List.of("a", "b", "c", "d", "e").forEach(id -> news.add(version(id, 1)));

        assertThat(news.progress(START.plusSeconds(59))).isEmpty();
        assertThat(news.progress(START.plusSeconds(60)))
                .containsExactly(
                        "5 adapters have their first versions of this run: 'a', 'b', 'c' and 2 more");
        assertThat(news.progress(START.plusSeconds(300))).isEmpty();
    }

    @Test
    void refusalsAreToldAtOnceAndThenOnceAMinuteWithCountReasonsAndTheLastMessage() {
        refuse(DeadLetterReason.BAD_MAGIC, "no header");
        assertThat(news.refusals(START))
                .singleElement()
                .asString()
                .startsWith("refused 1 record (1 BAD_MAGIC); the last: no header; '")
                .endsWith(" dlq peek --config FILE' shows them");
        refuse(DeadLetterReason.EMPTY_TEXT, "no text");
        refuse(DeadLetterReason.BAD_MAGIC, "no header");
        refuse(DeadLetterReason.EMPTY_TEXT, "nothing\nat all");

        assertThat(news.refusals(START.plusSeconds(59))).isEmpty();
        assertThat(news.refusals(START.plusSeconds(60)))
                .singleElement()
                .asString()
                .startsWith(
                        "refused 3 records (1 BAD_MAGIC, 2 EMPTY_TEXT); the last: nothing\\u{a}at all; ");
        assertThat(news.refusals(START.plusSeconds(300))).isEmpty();
    }

    private void refuse(DeadLetterReason reason, String message) {
        news.add(
                DeadLetter.newBuilder()
                        .setReason(reason)
                        .setMessage(message)
                        .setTopic("labeled-examples")
                        .setPartition(0)
                        .setOffset(7)
                        .build());
    }

    private static AdapterVersion version(String adapter, long number) {
        return AdapterVersion.newBuilder()
                .setAdapterId(adapter)
                .setVersion(number)
                .setStep(number)
                .setPath("/out/" + adapter + "/" + number)
                .setManifestSha256("00")
                .setBaseModel("all-MiniLM-L6-v2")
                .setLabels(List.of("ham", "spam"))
                .setBudget(20)
                .setLiveRanks(List.of(10, 9))
                .setExamples(32)
                .setPrequentialAccuracy(.75)
                .setPrequentialAccuracyLast1000(.875)
                .build();
    }
}
