package io.rankstream.ops.labelstudio.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.rankstream.ops.labelstudio.api.LabelStudioException.Kind;
import io.rankstream.ops.labelstudio.api.RecordedLabelStudio.Asked;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls, against answers that a Label Studio 1.23.2 gave. */
class LabelStudioApiTest {

    private static final String LEGACY = "0123456789abcdef0123456789abcdef01234567";
    private static final String PERSONAL = "aGVhZGVy.cGF5bG9hZA.c2lnbmF0dXJl";

    private RecordedLabelStudio peer;
    private LabelStudioApi api;

    @BeforeEach
    void start() throws IOException {
        peer = new RecordedLabelStudio();
        api = new LabelStudioApi(peer.address(), ApiToken.of(LEGACY));
    }

    @AfterEach
    void stop() {
        peer.close();
    }

    @Test
    void tasksComeWithTheirAnnotationsAndWithoutTheirTexts() throws Exception {
        peer.with(200, "tasks.json");

        List<ApiTask> tasks = api.tasks(7, 0, Optional.empty(), 500);

        assertThat(tasks).hasSize(3);
        ApiTask first = tasks.get(0);
        assertThat(first.meta().path("requestId").asText()).isEqualTo("r1");
        assertThat(first.isLabeled()).isTrue();
        assertThat(first.createdAt()).isEqualTo(Instant.parse("2026-11-27T23:56:51.734409Z"));
        assertThat(first.annotations())
                .singleElement()
                .satisfies(
                        annotation -> {
                            assertThat(annotation.completedBy()).isEqualTo(OptionalLong.of(1));
                            assertThat(annotation.leadTime()).contains(Duration.ofMillis(4250));
                            assertThat(annotation.updatedAt())
                                    .isEqualTo(Instant.parse("2026-11-27T23:56:52.239143Z"));
                        });
        assertThat(tasks.get(1).annotations())
                .singleElement()
                .satisfies(
                        skip -> {
                            assertThat(skip.wasCancelled()).isTrue();
                            assertThat(skip.leadTime()).isEmpty();
                        });
        assertThat(tasks.get(2).annotations()).isEmpty();
    }

    @Test
    void aTaskLookedUpAloneNamesTheUserInAnotherWay() throws Exception {
        peer.with(200, "task.json");

        ApiTask task = api.task(2018).orElseThrow();

        assertThat(task.annotations())
                .extracting(ApiAnnotation::completedBy)
                .containsExactly(OptionalLong.of(1));
    }

    @Test
    void whatHasChangedIsAskedForByATimeWithAFraction() throws Exception {
        peer.with(200, "tasks.json");

        api.tasks(7, 12, Optional.of(Instant.parse("2026-05-04T10:00:00Z")), 500);

        assertThat(peer.asked().get(0).path())
                .startsWith("/api/tasks?project=7&fields=all&page_size=500&include=id,meta,")
                .contains("2026-05-04T10%3A00%3A00.000Z", "filter%3Atasks%3Aid");
    }

    @Test
    void addedTasksHaveTheirIdsInOrder() throws Exception {
        peer.with(201, "added.json");
        ArrayNode tasks = ApiConnection.JSON.createArrayNode();
        tasks.addObject();
        tasks.addObject();
        tasks.addObject();

        assertThat(api.add(7, tasks)).containsExactly(2018L, 2019L, 2020L);
    }

    @Test
    void aProjectIsMadeInWhichNothingCanBeSubmittedEmpty() throws Exception {
        peer.with(201, "project.json");

        ApiProject project = api.create("mails: spam", "Made by X.", "<View/>");

        assertThat(project.title()).isEqualTo("mails: spam");
        assertThat(project.labelConfig()).contains("<Choice value=\"ham\"/>");
        assertThat(peer.asked().get(0).body()).contains("\"enable_empty_annotation\":false");
    }

    @Test
    void projectsAreListedPageByPage() throws Exception {
        peer.with(200, "projects.json").saying(200, "{\"next\": null, \"results\": []}");

        assertThat(api.projects()).hasSize(1);
        assertThat(peer.asked())
                .extracting(Asked::path)
                .containsExactly(
                        "/api/projects/?page_size=100&page=1",
                        "/api/projects/?page_size=100&page=2");
    }

    @Test
    void aWebhookIsToldNothingButThatSomethingHappened() throws Exception {
        peer.with(200, "webhooks.json").saying(201, "{}");

        assertThat(api.webhooks(7))
                .extracting(ApiWebhook::url)
                .containsExactly("http://127.0.0.1:45067/rankstream-bell/0123/7");
        api.addWebhook(7, "http://127.0.0.1:1/x");
        assertThat(peer.asked().get(1).body()).contains("\"send_payload\":false");
    }

    @Test
    void predictionsOfATaskAreDeletedOneByOne() throws Exception {
        peer.with(200, "predictions.json").saying(204, "");

        api.deletePredictions(2018);

        assertThat(peer.asked().get(1).method()).isEqualTo("DELETE");
    }

    @Test
    void whatIsNotThereIsNoError() throws Exception {
        peer.with(404, "gone.json").with(404, "gone.json").with(404, "gone.json");

        assertThat(api.task(1)).isEmpty();
        assertThat(api.change(1, ApiConnection.JSON.createObjectNode(), 1, true)).isFalse();
        api.delete(1);
    }

    @Nested
    class Errors {

        @Test
        void aRefusalSaysWhatLabelStudioSays() throws Exception {
            peer.with(400, "refused.json");

            assertFails(Kind.REFUSED, () -> api.add(7, ApiConnection.JSON.createArrayNode()))
                    .hasMessageContaining("answered 400 while adding tasks to project 7: ")
                    .hasMessageContaining("key is expected in task data");
        }

        @Test
        void aProjectThatIsNotThereIsGone() throws Exception {
            peer.with(404, "gone.json");

            assertFails(Kind.GONE, () -> api.project(99)).hasMessageContaining("project 99");
        }

        @ParameterizedTest
        @ValueSource(ints = {408, 429, 500, 502, 503, 504})
        void theseMayWorkLater(int status) {
            peer.saying(status, "<html>");

            assertFails(Kind.TRANSIENT, () -> api.projects())
                    .hasMessageContaining("answered " + status);
        }

        @Test
        void aConnectionThatBreaksMayWorkLater() {
            assertFails(Kind.TRANSIENT, () -> api.projects())
                    .hasMessageContaining("cannot be reached")
                    .hasMessageContaining("--url");
        }

        @Test
        void anAnswerThatDoesNotComeMayComeLater() throws Exception {
            try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                URI address = URI.create("http://127.0.0.1:" + silent.getLocalPort());
                LabelStudioApi impatient =
                        new LabelStudioApi(address, ApiToken.of(LEGACY), Duration.ofMillis(50), 99);

                assertFails(Kind.TRANSIENT, impatient::projects)
                        .hasMessageContaining("did not answer in time while listing projects");
            }
        }

        @Test
        void anAnswerThatStopsInTheMiddleMayComeLater() {
            peer.sayingTheFirstHalfOf("{\"next\":null,\"results\":[]}");
            LabelStudioApi impatient =
                    new LabelStudioApi(
                            peer.address(), ApiToken.of(LEGACY), Duration.ofMillis(500), 99);

            assertFails(Kind.TRANSIENT, impatient::projects)
                    .hasMessageContaining("did not answer in time while listing projects");
        }

        @Test
        void anAnswerWithoutAnEndIsNotReadToItsEnd() {
            peer.saying(200, " ".repeat(100));
            LabelStudioApi narrow =
                    new LabelStudioApi(
                            peer.address(), ApiToken.of(LEGACY), Duration.ofMinutes(1), 99);

            assertFails(Kind.TRANSIENT, narrow::projects)
                    .hasMessageContaining("its answer is longer than 99 bytes");
        }

        @Test
        void whatIsNoLabelStudioIsSaid() {
            peer.saying(200, "<html>Welcome</html>");

            assertFails(Kind.FOREIGN, () -> api.projects())
                    .hasMessageContaining("is no Label Studio")
                    .hasMessageContaining("check --url");
        }
    }

    @Nested
    class Tokens {

        @Test
        void aLegacyTokenIsSentItself() throws Exception {
            peer.with(200, "version.json");

            assertThat(api.version()).isEqualTo("1.23.2");
            assertThat(peer.asked().get(0).authorization()).isEqualTo("Token " + LEGACY);
        }

        @Test
        void aPersonalTokenBuysAnAccessTokenAndAnotherWhenThatHasExpired() throws Exception {
            LabelStudioApi personal = new LabelStudioApi(peer.address(), ApiToken.of(PERSONAL));
            peer.saying(200, "{\"access\": \"first\"}")
                    .with(200, "version.json")
                    .with(401, "unauthorized.json")
                    .saying(200, "{\"access\": \"second\"}")
                    .with(200, "version.json");

            personal.version();
            personal.version();

            assertThat(peer.asked())
                    .extracting(Asked::path, Asked::authorization)
                    .containsExactly(
                            tuple("/api/token/refresh/", null),
                            tuple("/api/version/", "Bearer first"),
                            tuple("/api/version/", "Bearer first"),
                            tuple("/api/token/refresh/", null),
                            tuple("/api/version/", "Bearer second"));
        }

        @ParameterizedTest
        @CsvSource({LEGACY + ", a legacy token", PERSONAL + ", a personal access token"})
        void aTokenThatIsNotLetInIsSaidAndNeverShown(String token, String kind) throws Exception {
            LabelStudioApi other = new LabelStudioApi(peer.address(), ApiToken.of(token));
            peer.saying(401, "{\"detail\": \"Invalid token " + token + ".\"}");

            assertFails(Kind.FORBIDDEN, other::version)
                    .hasMessageContaining("answered 401")
                    .hasMessageContaining(kind)
                    .message()
                    .doesNotContain(token);
            assertThat(ApiToken.of(token)).asString().doesNotContain(token);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " \n", "two words", "ümlaut"})
        void whatIsNoTokenIsRefusedWithoutRepeatingIt(String text) {
            assertThatThrownBy(() -> ApiToken.of(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .matches(message -> text.isBlank() || !message.contains(text));
        }
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(
            Kind kind, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .asInstanceOf(type(LabelStudioException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(kind))
                .extracting(e -> (Throwable) e)
                .asInstanceOf(THROWABLE);
    }
}
