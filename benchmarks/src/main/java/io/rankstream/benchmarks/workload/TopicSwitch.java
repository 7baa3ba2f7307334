package io.rankstream.benchmarks.workload;

import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The mails of the busier lists, rearranged: those of lists for conversation first, those of lists
 * about programs after them, each part in its order of arrival. No mail is left out or repeated.
 *
 * @param examples the whole stream
 * @param before examples before the switch
 */
public record TopicSwitch(List<LabeledExample> examples, int before) {

    private static final Set<String> CONVERSATION =
            Set.of("fork.xent.com", "ilug.linux.ie", "social.linux.ie");

    public static TopicSwitch of(MailStream mails) {
        List<LabeledExample> listed = mails.examplesOf(MailStream.LIST_ADAPTER);
        Predicate<LabeledExample> conversation =
                example -> CONVERSATION.contains(example.getLabel());
        List<LabeledExample> first = listed.stream().filter(conversation).toList();
        return new TopicSwitch(
                Stream.concat(first.stream(), listed.stream().filter(conversation.negate()))
                        .toList(),
                first.size());
    }

    public int after() {
        return examples.size() - before;
    }
}
