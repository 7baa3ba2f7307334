package io.rankstream.ops.labelstudio;

import io.rankstream.ops.labelstudio.api.ApiToken;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a bridge connects, and how.
 *
 * @param url address of Label Studio
 * @param token of the user that the bridge is there
 * @param name begins the titles of the projects, one for each adapter
 * @param projectId a project that is there, for the one adapter; empty where they are found by name
 * @param adapters adapters whose requests are pushed; empty for all
 * @param webhookPort port of 127.0.0.1 on which Label Studio rings, 0 for a free one; empty for
 *     none
 * @param webhookUrl where Label Studio reaches that port; empty if it is on this machine
 * @param lookEvery how often it is looked for what nobody has rung for
 * @param fromStart whether to ask again what has no task any more
 * @param once whether to end when all that is there is done
 */
public record BridgeSettings(
        URI url,
        ApiToken token,
        String name,
        OptionalLong projectId,
        List<String> adapters,
        OptionalInt webhookPort,
        Optional<URI> webhookUrl,
        Duration lookEvery,
        boolean fromStart,
        boolean once) {

    private static final int MOST_TITLE = 50;

    private static final String MADE = "Made by Rankstream for adapter ";

    public BridgeSettings {
        adapters = List.copyOf(adapters);
    }

    boolean isFor(String adapterId) {
        return adapters.isEmpty() || adapters.contains(adapterId);
    }

    /** Title of the project of an adapter; Label Studio takes no longer one. */
    String title(String adapterId) {
        String title = name + ": " + adapterId;
        return title.length() <= MOST_TITLE ? title : title.substring(0, MOST_TITLE);
    }

    /** What the project of an adapter is found by, since people change titles. */
    String description(String adapterId) {
        return MADE + adapterId + " of " + name + ".";
    }

    /** The adapter that a project with this description was made for; empty if it was for none. */
    Optional<String> adapterOf(String description) {
        String end = " of " + name + ".";
        String first = description.lines().findFirst().orElse("").strip();
        return first.startsWith(MADE)
                        && first.endsWith(end)
                        && first.length() > MADE.length() + end.length()
                ? Optional.of(first.substring(MADE.length(), first.length() - end.length()))
                : Optional.empty();
    }

    /** Name of the consumer group of the requests. */
    String group(String jobGroup) {
        return "%s-label-studio-%s"
                .formatted(
                        jobGroup,
                        projectId.isPresent() ? Long.toString(projectId.getAsLong()) : name);
    }
}
