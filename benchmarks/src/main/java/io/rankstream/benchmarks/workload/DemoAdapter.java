package io.rankstream.benchmarks.workload;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.method.InitialState;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.model.Architecture;
import io.rankstream.adapters.model.ModelSource;
import io.rankstream.adapters.model.PretrainedModel;
import io.rankstream.adapters.settings.TrainingTemplate;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.weights.ModelLoadException;
import io.rankstream.job.config.option.ConfigException;
import io.rankstream.ops.demo.MailStream;
import java.util.List;

/**
 * The demo's {@code spam} adapter of all-MiniLM-L6-v2 as it starts, for benchmarks that need its
 * shape and not its training.
 */
public final class DemoAdapter {
    private DemoAdapter() {}

    /** Its hyperparameters: the pipeline's defaults. */
    public static TrainingTemplate template() throws ConfigException {
        return MailConfig.of(MailStream.open(), 128, 16, 0, List.of())
                .adapters()
                .template(MailStream.SPAM_ADAPTER)
                .orElseThrow();
    }

    /** Its state at step 0. */
    public static AdapterState state() throws ConfigException, ModelLoadException {
        TrainingTemplate template = template();
        PretrainedModel model = PretrainedModel.load(new ModelSource.Embedded());
        Architecture sizes = model.architecture();
        return new InitialState(
                        MailStream.SPAM_ADAPTER,
                        new BaseModel(model.name(), model.sha256(), "bert"),
                        new TripletLayout(
                                sizes.linearLayers(template.targetModules()), template.initRank()),
                        template.alpha(),
                        template.labels(),
                        template.head(),
                        sizes.hiddenSize())
                .of(Method.ADALORA, template.seed());
    }
}
