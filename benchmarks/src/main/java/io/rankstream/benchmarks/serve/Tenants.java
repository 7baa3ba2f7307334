package io.rankstream.benchmarks.serve;

import io.rankstream.adapters.AdapterTemplate;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.peft.PeftExport;
import io.rankstream.adapters.provenance.Manifest;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.snapshot.AdapterSnapshot;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.task.Target;
import io.rankstream.adapters.tokens.TextEncoder;
import io.rankstream.adapters.training.Learner;
import io.rankstream.adapters.training.ResidentAdapter;
import io.rankstream.adapters.training.TrainingExample;
import io.rankstream.adapters.weights.safetensors.FloatType;
import io.rankstream.schemas.LabeledExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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

    /** Adapters that are trained; the others have the parameters of one of them. */
    private static final int TRAINED = 16;

    private Tenants() {}

    static String name(int tenant) {
        return "tenant-" + tenant;
    }

    static Path version(Path folder, String adapter) {
        return folder.resolve(adapter).resolve("v00000001");
    }

    /** Publishes one version of each: what either server reads of it. */
    static void publish(Path folder, int count, int length, List<LabeledExample> mails)
            throws IOException {
        List<AdapterState> trained = trained(Math.min(count, TRAINED), length, mails);
        for (int i = 0; i < count; i++) {
            AdapterState state = trained.get(i % trained.size()).withId(name(i));
            SortedMap<String, byte[]> files = new TreeMap<>();
            files.put(AdapterSnapshot.FILE, AdapterSnapshot.of(state));
            PeftExport.of(state, PeftExport.Format.LORA, FloatType.F32)
                    .forEach((name, content) -> files.put("lora/" + name, content));
            byte[] manifest = Manifest.of(state, files);
            files.put(Manifest.FILE, manifest);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path path = version(folder, name(i)).resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
        }
    }

    /** Adapters after a step on mails of their own, as their first versions. */
    private static List<AdapterState> trained(int count, int length, List<LabeledExample> mails)
            throws IOException {
        TrainingTemplate template = TEMPLATE.settings();
        List<AdapterState> trained = new ArrayList<>();
        try (Learner learner = Learner.open(new ModelSource.Embedded(), 1);
                TextEncoder encoder = TextEncoder.open(new ModelSource.Embedded(), length)) {
            for (int i = 0; i < count; i++) {
                List<TrainingExample> examples = new ArrayList<>();
                for (int j = 0; j < EXAMPLES; j++) {
                    LabeledExample mail = mails.get(i * EXAMPLES + j);
                    examples.add(
                            new TrainingExample(
                                    encoder.encode(mail.getText()),
                                    new Target.Label(mail.getLabel().toString())));
                }
                try (ResidentAdapter adapter =
                        learner.admit(learner.create(name(i), template), template)) {
                    adapter.train(examples);
                    trained.add(adapter.takeVersion());
                }
            }
        }
        return trained;
    }
}
