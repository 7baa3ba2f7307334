package io.rankstream.ops.serve.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.rankstream.adapters.text.Excerpt;
import io.rankstream.ops.serve.http.Problem;
import io.rankstream.ops.serve.predict.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Texts of a request: {@code texts}, or {@code inputs} where there are pairs. */
final class PredictBody {

    private static final String EXPECTED =
            "expected {\"texts\": [\"…\"]}, or {\"inputs\": [{\"text\": \"…\", \"textPair\": \"…\"}]}";

    private PredictBody() {}

    /**
     * The texts in their order.
     *
     * @throws Problem if the document has something else
     */
    static List<Text> texts(JsonNode document) throws Problem {
        for (Map.Entry<String, JsonNode> field : document.properties()) {
            if (!field.getKey().equals("texts") && !field.getKey().equals("inputs")) {
                throw Problem.of(
                        400, "the body has %s, %s".formatted(Excerpt.of(field.getKey()), EXPECTED));
            }
        }
        if (document.has("texts") == document.has("inputs")) {
            throw Problem.of(
                    400,
                    "the body has %s, %s"
                            .formatted(
                                    document.has("texts")
                                            ? "both 'texts' and 'inputs'"
                                            : "neither 'texts' nor 'inputs'",
                                    EXPECTED));
        }
        String name = document.has("texts") ? "texts" : "inputs";
        JsonNode all = document.get(name);
        if (!all.isArray()) {
            throw Problem.of(400, "'%s' is no list, %s".formatted(name, EXPECTED));
        }
        List<Text> texts = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            texts.add(
                    name.equals("texts")
                            ? new Text(string(all.get(i), name, i), Optional.empty())
                            : input(all.get(i), i));
        }
        return texts;
    }

    private static Text input(JsonNode input, int index) throws Problem {
        String name = "inputs[%d]".formatted(index);
        if (!input.isObject()) {
            throw Problem.of(400, "'%s' is no object, %s".formatted(name, EXPECTED));
        }
        for (Map.Entry<String, JsonNode> field : input.properties()) {
            if (!field.getKey().equals("text") && !field.getKey().equals("textPair")) {
                throw Problem.of(
                        400,
                        "'%s' has %s, %s".formatted(name, Excerpt.of(field.getKey()), EXPECTED));
            }
        }
        JsonNode pair = input.path("textPair");
        return new Text(
                string(input.path("text"), name + ".text"),
                pair.isMissingNode() || pair.isNull()
                        ? Optional.empty()
                        : Optional.of(string(pair, name + ".textPair")));
    }

    private static String string(JsonNode value, String list, int index) throws Problem {
        return string(value, "%s[%d]".formatted(list, index));
    }

    private static String string(JsonNode value, String name) throws Problem {
        if (!value.isTextual()) {
            throw Problem.of(
                    400,
                    "'%s' is %s, %s"
                            .formatted(
                                    name,
                                    value.isMissingNode() ? "not there" : "no string",
                                    EXPECTED));
        }
        return value.textValue();
    }
}
