package io.rankstream.job.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.job.batch.Examples;
import io.rankstream.job.batch.PredictionRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenRequestsTest {

    private final OpenRequests requests = new OpenRequests(10);

    @Test
    void makesOneRequestOfTheInputsOfAnAdapter() {
        requests.add(request("b", 1, 1), 7);
        requests.add(request("a", 2, 1), 8);
        requests.add(request("b", 3, 1), 9);

        List<OpenRequests.Waiting> waiting = requests.takeAll();

        assertThat(waiting)
                .extracting(each -> each.request().adapterId())
                .containsExactly("b", "a");
        assertThat(waiting.get(0).request().inputs())
                .extracting(input -> input.input().exampleId())
                .containsExactly("b-1", "b-3");
        assertThat(waiting.get(0).arrivals()).containsExactly(7L, 9L);
    }

    @Test
    void isFullWhenItsTokensReachTheLimit() {
        requests.add(request("a", 0, 9), 0);
        assertThat(requests.isFull()).isFalse();

        requests.add(request("a", 1, 1), 0);
        assertThat(requests.isFull()).isTrue();
    }

    @Test
    void isFullOfAnyInputWithoutALimit() {
        OpenRequests alone = new OpenRequests(0);

        alone.add(request("a", 0, 1), 0);

        assertThat(alone.isFull()).isTrue();
    }

    @Test
    void startsAnewOnceAllIsTaken() {
        requests.add(request("a", 0, 9), 0);
        assertThat(requests.has("a")).isTrue();

        requests.takeAll();

        assertThat(requests.isEmpty()).isTrue();
        assertThat(requests.has("a")).isFalse();
        requests.add(request("a", 1, 9), 0);
        assertThat(requests.isFull()).isFalse();
    }

    private static PredictionRequest request(String adapterId, int number, int tokens) {
        return new PredictionRequest(
                adapterId,
                List.of(
                        Examples.input(
                                adapterId + "-" + number, adapterId, number, new int[tokens])));
    }
}
