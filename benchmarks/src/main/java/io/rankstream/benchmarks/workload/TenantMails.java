package io.rankstream.benchmarks.workload;

import io.rankstream.ops.demo.MailStream;
import io.rankstream.schemas.LabeledExample;
import java.util.List;

/** Mails, spam or ham, in order of arrival and over again, for tenants with an adapter each. */
public final class TenantMails {

    private final List<LabeledExample> mails =
            MailStream.open().examplesOf(MailStream.SPAM_ADAPTER).stream()
                    .filter(mail -> !mail.getText().isBlank())
                    .toList();

    private int given;

    /** Mails until they repeat. */
    public int size() {
        return mails.size();
    }

    /** The next mail, as an example of a tenant. */
    public LabeledExample next(int tenant) {
        LabeledExample mail = mails.get(given++ % mails.size());
        return LabeledExample.newBuilder(mail).setAdapterId("tenant-" + tenant).build();
    }
}
