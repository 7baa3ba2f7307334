package io.rankstream.ops.adapter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rankstream.adapters.comparison.AdapterDiff;
import java.util.OptionalDouble;

/** A difference of two adapters for machines. What cannot be compared is null. */
public final class DiffJson {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private DiffJson() {}

    /** One JSON object. */
    public static String text(AdapterDiff diff) throws JsonProcessingException {
        ObjectNode root = JSON.createObjectNode();
        root.put("identical", diff.isEmpty());
        ObjectNode settings = root.putObject("settings");
        for (AdapterDiff.Setting setting : diff.settings()) {
            settings.putArray(setting.name()).add(setting.first()).add(setting.second());
        }
        ArrayNode modules = root.putArray("modules");
        for (AdapterDiff.Module module : diff.modules()) {
            ObjectNode node = modules.addObject();
            node.put("module", module.name());
            node.putArray("liveRanks").add(module.firstRank()).add(module.secondRank());
            node.put("difference", boxed(module.difference()));
        }
        root.put("allModules", boxed(diff.update()));
        root.put("head", boxed(diff.head()));
        root.put("trainingStateIdentical", diff.trainingState().orElse(null));
        return JSON.writeValueAsString(root) + "\n";
    }

    private static Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
