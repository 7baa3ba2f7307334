package io.rankstream.benchmarks.serve;

import io.rankstream.adapters.Adapter;
import io.rankstream.adapters.AdapterTemplate;
import io.rankstream.adapters.BaseModel;
import io.rankstream.adapters.Example;
import io.rankstream.adapters.ModelOptions;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Adapters of many tenants, as they are published. */
final class Tenants {

    /** What PEFT takes of a BERT by default, at its default rank. */
    private static final AdapterTemplate TEMPLATE =
            AdapterTemplate.classification("ham", "spam")
                    .initRank(8)
                    .targetRank(8)
                    .targetModules("query", "value")
                    .withoutMixture()
                    .build();

    private static final int EXAMPLES = 4;

    private Tenants() {}

    static String name(int tenant) {
        return "tenant-" + tenant;
    }

    static Path version(Path folder, String adapter) {
        return folder.resolve(adapter).resolve("v00000001");
    }

    /** Publishes one version of each, after a step on mails of its own. */
    static void publish(Path folder, int count, int length, List<LabeledExample> mails)
            throws IOException {
        try (BaseModel model = BaseModel.embedded(ModelOptions.DEFAULTS.withMaxTokens(length))) {
            for (int i = 0; i < count; i++) {
                List<Example> examples = new ArrayList<>();
                for (int j = 0; j < EXAMPLES; j++) {
                    LabeledExample mail = mails.get((i * EXAMPLES + j) % mails.size());
                    examples.add(new Example(mail.getText(), mail.getLabel().toString()));
                }
                try (Adapter adapter = model.create(name(i), TEMPLATE)) {
                    adapter.train(examples);
                    adapter.save(version(folder, name(i)));
                }
            }
        }
    }
}
