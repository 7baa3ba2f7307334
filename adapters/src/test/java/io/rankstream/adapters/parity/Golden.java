package io.rankstream.adapters.parity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rankstream.adapters.weights.safetensors.SafetensorsFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run of PEFT's AdaLoRA, as benchmarks/peft recorded it.
 *
 * @param name its name
 * @param settings its hyperparameters
 * @param steps what it did at each step
 * @param middleStep the step after which {@code middle.*} was taken
 * @param tensors sampled values by name: {@code middle.} and {@code last.} importance, {@code
 *     final.} parameters
 */
record Golden(
        String name,
        JsonNode settings,
        List<Step> steps,
        int middleStep,
        Map<String, float[]> tensors) {

    /**
     * One optimizer step.
     *
     * @param loss mean cross entropy, in nats
     * @param orthogonalityLoss regulariser, γ included
     * @param gradientNorm global norm before clipping
     * @param learningRate learning rate of the triplets
     * @param budget triplets allowed
     * @param live per triplet, module after module, whether the last mask kept it
     */
    record Step(
            double loss,
            double orthogonalityLoss,
            double gradientNorm,
            double learningRate,
            int budget,
            String live) {}

    static Golden read(String name) throws IOException {
        JsonNode json = json(name + ".json");
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < json.get("loss").size(); i++) {
            steps.add(
                    new Step(
                            json.get("loss").get(i).asDouble(),
                            json.get("orthogonalityLoss").get(i).asDouble(),
                            json.get("gradientNorm").get(i).asDouble(),
                            json.get("learningRate").get(i).asDouble(),
                            json.get("budget").get(i).asInt(),
                            json.get("live").get(i).asText()));
        }
        return new Golden(
                name,
                json.get("settings"),
                steps,
                json.get("middleStep").asInt(),
                tensors(name + ".safetensors"));
    }

    static JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(path("/parity/" + file).toFile());
    }

    /** Where a resource of the tests lies. */
    static Path path(String resource) {
        URL url = Golden.class.getResource(resource);
        if (url == null) {
            throw new IllegalStateException(
                    resource + " is missing, expected what benchmarks/peft/run goldens writes");
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(url + " is not a path", e);
        }
    }

    private static Map<String, float[]> tensors(String file) throws IOException {
        Map<String, float[]> tensors = new LinkedHashMap<>();
        try (SafetensorsFile stored = SafetensorsFile.open(path("/parity/" + file))) {
            for (String name : stored.names()) {
                tensors.put(name, stored.floats(name));
            }
        }
        return tensors;
    }

    int integer(String setting) {
        return settings.get(setting).asInt();
    }

    double number(String setting) {
        return settings.get(setting).asDouble();
    }
}
