package io.rankstream.benchmarks.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.benchmarks.workload.ZipfLaw;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * Clients that ask a server for predictions of one text at a time, each on a connection of its own
 * and as soon as it has its answer. Whom they ask is drawn by Zipf's law. Two servers are asked the
 * same in the same order by each client.
 */
final class Clients {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What came of it.
     *
     * @param failures answers that were none
     * @param nanos time of each answer, ascending
     */
    record Outcome(long failures, long[] nanos) {

        double percentile(double share) {
            return nanos.length == 0
                    ? Double.NaN
                    : nanos[(int) Math.min(nanos.length - 1, share * nanos.length)] / 1e6;
        }
    }

    private final URI server;
    private final List<String> texts;
    private final ZipfLaw adapters;

    Clients(URI server, List<String> texts, int adapters, double exponent) {
        this.server = server;
        this.texts = texts;
        this.adapters = new ZipfLaw(adapters, exponent);
    }

    /** Asks with so many clients for so long. */
    Outcome ask(int clients, Duration length) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long end = System.nanoTime() + length.toNanos();
            List<Callable<Outcome>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int client = i;
                all.add(() -> ask(client, end));
            }
            long failures = 0;
            LongStream.Builder nanos = LongStream.builder();
            for (Future<Outcome> each : threads.invokeAll(all)) {
                failures += each.get().failures();
                LongStream.of(each.get().nanos()).forEach(nanos::add);
            }
            return new Outcome(failures, nanos.build().sorted().toArray());
        } finally {
            threads.shutdownNow();
        }
    }

    private Outcome ask(int client, long end) throws IOException, InterruptedException {
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        Random random = new Random(client);
        LongStream.Builder nanos = LongStream.builder();
        long failures = 0;
        for (int i = 0; System.nanoTime() < end; i++) {
            HttpRequest request =
                    request(adapters.draw(random), texts.get((client * 997 + i) % texts.size()));
            long began = System.nanoTime();
            int status = http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
            nanos.add(System.nanoTime() - began);
            failures += status == 200 ? 0 : 1;
        }
        return new Outcome(failures, nanos.build().toArray());
    }

    private HttpRequest request(int tenant, String text) throws IOException {
        return HttpRequest.newBuilder(
                        server.resolve("/v1/adapters/%s/predict".formatted(Tenants.name(tenant))))
                .header("Content-Type", "application/json")
                .POST(
                        HttpRequest.BodyPublishers.ofString(
                                JSON.writeValueAsString(Map.of("texts", List.of(text)))))
                .build();
    }

    /** Probability of the first label that a tenant's adapter gives a text. */
    double probability(int tenant, String text) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(request(tenant, text), HttpResponse.BodyHandlers.ofString());
        JsonNode found = JSON.readTree(answer.body()).at("/predictions/0/probabilities/0");
        if (!found.isNumber()) {
            throw new IOException("no prediction: " + answer.body());
        }
        return found.asDouble();
    }
}
