package io.rankstream.ops.demo.labeling;

import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import io.rankstream.schemas.UnlabeledInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The mail stream without its labels, each mail once for every {@link Contender}; and what is true
 * of the mails, which the annotators know and the pipeline does not.
 */
final class UnlabeledMails {

    private final List<UnlabeledInput> inputs = new ArrayList<>();
    private final Map<String, String> truths = new HashMap<>();

    /**
     * @param limit most mails of all tasks together
     */
    UnlabeledMails(MailStream mails, int limit) {
        for (LabeledExample example : mails.examples(limit)) {
            truths.put(example.getExampleId(), (String) example.getLabel());
            for (String adapter : Contender.adapters(example.getAdapterId())) {
                inputs.add(
                        UnlabeledInput.newBuilder()
                                .setExampleId(example.getExampleId())
                                .setAdapterId(adapter)
                                .setText(example.getText())
                                .setEventTime(example.getEventTime())
                                .build());
            }
        }
    }

    /** In order of arrival. */
    List<UnlabeledInput> inputs() {
        return inputs;
    }

    /** What is true of an input, by the id of its example. */
    String truth(String exampleId) {
        return truths.get(exampleId);
    }
}
