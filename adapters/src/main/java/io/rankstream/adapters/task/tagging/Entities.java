package io.rankstream.adapters.task.tagging;

import io.rankstream.adapters.task.Target;
import java.util.List;

/**
 * The entities in a text.
 *
 * @param tags what the rows of the head mean
 * @param members in the order of their places; none has a character of another
 */
public record Entities(TagRows tags, List<Entity> members) {

    public Entities {
        members = List.copyOf(members);
    }

    Target told() {
        return new Target.Several(
                members.stream().<Target>map(entity -> entity.told(tags)).toList());
    }
}
