package io.rankstream.ops.job;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page of metrics said, in Prometheus's text format.
 *
 * @param types type by name
 * @param samples all values
 */
record Scrape(Map<String, String> types, List<Sample> samples) {

    private static final Pattern TYPE = Pattern.compile("# TYPE ([^ ]+) ([^ ]+)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z0-9_:]+)(?:\\{(.*)})? ([^ ]+)(?: \\d+)?");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z0-9_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** One value. */
    record Sample(String name, Map<String, String> labels, double value) {}

    static Scrape of(URI page) throws IOException, InterruptedException {
        String text =
                HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                        .body();
        Map<String, String> types = new HashMap<>();
        List<Sample> samples = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
            } else if (sample.matches()) {
                samples.add(
                        new Sample(
                                sample.group(1),
                                labels(sample.group(2)),
                                Double.parseDouble(sample.group(3))));
            }
        }
        return new Scrape(types, samples);
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new HashMap<>();
        if (text != null) {
            LABEL.matcher(text)
                    .results()
                    .forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        return labels;
    }

    /** Values of a metric, of a summary its quantiles. */
    List<Sample> of(String name) {
        return samples.stream().filter(sample -> sample.name().equals(name)).toList();
    }
}
