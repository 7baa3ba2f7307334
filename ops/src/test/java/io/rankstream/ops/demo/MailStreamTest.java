package io.rankstream.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.schemas.LabeledExample;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailStreamTest {

    private final MailStream mails = MailStream.open();
    private final List<LabeledExample> all = mails.examples(Integer.MAX_VALUE);

    @Test
    void everyMailIsAnExampleOfSpamAndThoseOfBusyListsOneOfListToo() {
        assertThat(all).filteredOn(e -> e.getAdapterId().equals("spam")).hasSize(6046);
        assertThat(all).filteredOn(e -> e.getAdapterId().equals("list")).hasSize(2869);
    }

    @Test
    void listsWithFiftyMailsOrMoreAreLabels() {
        assertThat(mails.labels().get("list"))
                .hasSize(9)
                .isSorted()
                .contains("fork.xent.com", "spamassassin-devel.example.sourceforge.net")
                .doesNotContain("", "iiu.iiu.taint.org");
        assertThat(mails.labels().get("spam")).containsExactly("ham", "spam");
    }

    @Test
    void everyLabelIsOneOfItsAdapters() {
        assertThat(all)
                .allSatisfy(
                        e ->
                                assertThat(mails.labels().get(e.getAdapterId()))
                                        .contains(e.getLabel().toString()));
    }

    @Test
    void examplesComeInOrderOfArrivalWithIdsOfTheirOwn() {
        assertThat(all).extracting(LabeledExample::getEventTime).isSorted();
        assertThat(all).extracting(LabeledExample::getExampleId).doesNotHaveDuplicates();
    }

    @Test
    void aLimitGivesTheFirstExamples() {
        assertThat(mails.examples(7)).isEqualTo(all.subList(0, 7));
    }
}
