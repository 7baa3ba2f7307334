package io.rankstream.adapters.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.rankstream.adapters.adalora.TripletLayout;
import io.rankstream.adapters.method.InitialState;
import io.rankstream.adapters.method.Method;
import io.rankstream.adapters.model.Family;
import io.rankstream.adapters.model.ModuleShape;
import io.rankstream.adapters.peft.SmallAdapter;
import io.rankstream.adapters.state.AdapterState;
import io.rankstream.adapters.state.BaseModel;
import io.rankstream.adapters.state.HeadState;
import io.rankstream.adapters.task.HeadForm;
import io.rankstream.adapters.task.HeadKind;
import io.rankstream.adapters.task.Pooling;
import io.rankstream.adapters.task.ScoreFields;
import io.rankstream.adapters.task.answering.QuestionAnswering;
import io.rankstream.adapters.task.classification.Classification;
import io.rankstream.adapters.task.tagging.TokenClassification;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ModelCardTest {

    @Test
    void beginsAsHuggingFaceReadsIt() {
        assertThat(card(SmallAdapter.masked().state()))
                .startsWith(
                        """
                        ---
                        base_model: "sentence-transformers/all-MiniLM-L6-v2"
                        library_name: peft
                        pipeline_tag: text-classification
                        tags:
                        - rankstream
                        - lora
                        metrics:
                        - accuracy
                        - f1
                        - matthews_correlation
                        ---

                        # Adapter spam, version 3
                        """);
    }

    @Test
    void tellsLabelsQualityWithItsNumberRanksAndLimits() {
        assertThat(card(SmallAdapter.masked().state()))
                .contains("on the frozen base model sentence-transformers/all-MiniLM-L6-v2. ")
                .contains("| 0 | ham |", "| 1 | spam |")
                .contains(
                        "| the whole stream, its start included | 3 | 0.667 | 0.667 | 0.667 | 0.500 |")
                .contains("| the last 1,000 | 3 | 0.667 | 0.667 | 0.667 | 0.500 |")
                .contains(
                        "| the whole stream, always saying its most frequent label | 3 | 0.667 | – | – | – |")
                .contains("4 of 12 triplets are in use, each module having started with 4.")
                .contains("| " + SmallAdapter.QUERY + " | 3 |", "| " + SmallAdapter.DEEP + " | 0 |")
                .contains("Texts are cut after 64 tokens");
    }

    @Test
    void tellsWhatAnAdapterOfNumbersIsHowGoodItIsAndHowItIsLoaded() {
        String card = card(SmallAdapter.masked().ofNumbers());

        assertThat(card)
                .contains(
                        "pipeline_tag: text-classification\n",
                        "metrics:\n- pearsonr\n- spearmanr\n")
                .contains("# Adapter price, version 3\n\nA text regressor, which says a number: ")
                .contains(
                        "| on | examples | Pearson | Spearman | mean absolute error | mean squared error |")
                .contains(
                        "| the whole stream, its start included | 4 | 0.600 | – | 1.000 | 1.000 |")
                .contains("| the last 1,000 | 4 | 0.600 | 0.600 | 1.000 | 1.000 |")
                .contains("| the whole stream, always saying its mean | 4 | – | – | – | 1.250 |")
                .contains("from_pretrained(BASE, num_labels=1, problem_type=\"regression\", ")
                .contains("PeftModel.from_pretrained(base.float(), \"adalora\")")
                .contains(
                        "for number in logits([\"A text to score.\", \"Another one.\"]).squeeze(-1):\n    print(number.item())")
                .contains("says a number for every text")
                .doesNotContain("LABELS", "## Labels", "accuracy", "majority", "frequent");
    }

    @ParameterizedTest
    @EnumSource(value = Pooling.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void loadsTheHeadsInputAsItWasTrained(Pooling pooling) {
        String card = card(pooled(SmallAdapter.masked().state(), pooling));

        switch (pooling) {
            case MEAN -> assertThat(card).contains("(tokens * real).sum(1) / real.sum(1)");
            case CLS -> assertThat(card).contains("pooled = tokens[:, 0]");
            case POOLER -> assertThat(card).contains("return model(**batch).logits");
            case NONE -> throw new AssertionError("a classification pools");
        }
        assertThat(card)
                .contains("PeftModel.from_pretrained(base.float(), \"adalora\")")
                .contains("truncation=True, max_length=MAX_LENGTH");
    }

    /** PEFT also wants what ends in {@code classifier}, so that is taken away. */
    @ParameterizedTest
    @CsvSource({
        "bert, false, false",
        "roberta, false, true",
        "distilbert, true, false",
        "mpnet, false, true",
        "deberta-v2, false, false",
        "modernbert, false, false"
    })
    void putsALinearHeadWhereTheFamilysOwnIs(String family, boolean without, boolean replaced) {
        String card = card(state(family, HeadForm.LINEAR, Pooling.MEAN, Method.ADALORA));

        assertThat(card)
                .contains(
                        "tokens = model.base_model.model."
                                + family.replace("-v2", "").replace("modernbert", "model")
                                + "(**batch).last_hidden_state",
                        "return model.base_model.model.classifier(pooled)");
        assertThat(card.contains("\nbase.pre_classifier = None\n")).isEqualTo(without);
        assertThat(card.contains("\nbase.classifier = torch.nn.Linear(base.config.hidden_size,"))
                .isEqualTo(replaced);
    }

    @ParameterizedTest
    @CsvSource({
        "roberta, torch.tanh, classifier.dense, classifier.out_proj",
        "distilbert, torch.relu, pre_classifier, classifier",
        "mpnet, torch.tanh, classifier.dense, classifier.out_proj"
    })
    void computesTheFamilysOwnHead(String family, String activation, String dense, String last) {
        assertThat(card(state(family, HeadForm.OWN, Pooling.CLS, Method.HEAD)))
                .contains(
                        "    pooled = tokens[:, 0]\n    pooled = %s(pooled @ head[\"%s.weight\"].T + head[\"%s.bias\"])\n    return pooled @ head[\"%s.weight\"].T + head[\"%s.bias\"]\n"
                                .formatted(activation, dense, dense, last, last));
        assertThat(card(state(family, HeadForm.OWN, Pooling.CLS, Method.ADALORA)))
                .contains("    return model(**batch).logits\n")
                .doesNotContain("base.pre_classifier", "base.classifier");
    }

    @ParameterizedTest
    @CsvSource({
        "CLS, 'pooled = tokens[:, 0]', 'the first token''s vector'",
        "MEAN, 'pooled = (tokens * real).sum(1) / real.sum(1)', the mean of the token vectors"
    })
    void computesAnOwnHeadWithALayerNorm(Pooling pooling, String pooled, String read) {
        assertThat(card(state("modernbert", HeadForm.OWN, pooling, Method.HEAD)))
                .contains(
                        "    " + pooled,
                        "\n    pooled = torch.nn.functional.gelu(pooled @ head[\"head.dense.weight\"].T)\n    pooled = torch.nn.functional.layer_norm(pooled, pooled.shape[-1:], head[\"head.norm.weight\"], eps=encoder.config.norm_eps)\n    return pooled @ head[\"classifier.weight\"].T + head[\"classifier.bias\"]\n",
                        "The head reads " + read);
    }

    @Test
    void tellsWhatAnAdapterOfQuestionsIsHowGoodItIsAndHowItIsLoaded() {
        String card = card(ofQuestions("bert", Method.ADALORA));

        assertThat(card)
                .contains("pipeline_tag: question-answering\n", "metrics:\n- squad_v2\n")
                .contains("A question answerer, which says where in a passage the answer is")
                .contains(
                        "| the whole stream, its start included | 2 | 0.500 | 0.750 |",
                        "| its questions that have an answer | 1 | 0.000 | 0.500 |",
                        "| its questions that have none | 1 | 1.000 | 1.000 |",
                        "| the whole stream, always saying that there is no answer | 2 | 0.500 | 0.500 |")
                .contains(
                        "from transformers import AutoModelForQuestionAnswering, AutoTokenizer",
                        "base = AutoModelForQuestionAnswering.from_pretrained(BASE, num_labels=2, ",
                        "tokenizer(shortened(question), passage, truncation=\"only_second\"",
                        "torch.stack(model.base_model(**batch)[:2], -1)[0]",
                        "print(answer(")
                .contains(
                        "The head reads the vector of every token, as AutoModelForQuestionAnswering computes it.")
                .doesNotContain("LABELS", "classifier", "pooled");
    }

    /** Of a ModernBERT, transformers' class has more layers than an adapter. */
    @Test
    void putsAHeadOfOneLayerWhereTransformersHasMore() {
        assertThat(card(ofQuestions("modernbert", Method.ADALORA)))
                .contains(
                        "base.qa_outputs = torch.nn.Linear(base.config.hidden_size, 2)",
                        "tokens = model.base_model.model.model(**batch).last_hidden_state",
                        "pooled = tokens[0]\n    return model.base_model.model.qa_outputs(pooled)",
                        "without the layer that AutoModelForQuestionAnswering has before its last one");
    }

    /** ModernBERT's classes for tags and answers have two. */
    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"ADALORA", "HEAD"})
    void loadsAnOwnHeadThatReadsEveryToken(Method method) {
        HeadKind head = new HeadKind(new QuestionAnswering(), HeadForm.OWN, Pooling.NONE);

        assertThat(card(state("modernbert", head, List.of(), method)))
                .contains(
                        "The head reads the vector of every token, as AutoModelForQuestionAnswering computes it.",
                        method == Method.HEAD
                                ? "    return pooled @ head[\"classifier.weight\"].T + head[\"classifier.bias\"]\n"
                                : "    return torch.stack(model.base_model(**batch)[:2], -1)[0]")
                .doesNotContain("qa_outputs");
    }

    @Test
    void loadsAHeadAloneThatReadsEveryToken() {
        assertThat(card(ofQuestions("bert", Method.HEAD)))
                .contains(
                        "    tokens = encoder(**batch).last_hidden_state\n    pooled = tokens[0]\n    return pooled @ head[\"qa_outputs.weight\"].T + head[\"qa_outputs.bias\"]\n");
    }

    @Test
    void tellsWhatAnAdapterOfEntitiesIsHowGoodItIsAndHowItIsLoaded() {
        String card = card(ofEntities("bert", Method.ADALORA));

        assertThat(card)
                .contains(
                        "pipeline_tag: token-classification\n",
                        "metrics:\n- precision\n- recall\n- f1\n")
                .contains("A token classifier, which finds entities in a text by 3 tags")
                .contains(
                        "## Labels\n\n| id | label |\n|---|---|\n| 0 | O |\n| 1 | B-PER |\n| 2 | I-PER |\n\n| entity | in the examples | said | right |\n|---|---|---|---|\n| PER | 4 | 2 | 1 |\n",
                        "| the whole stream, its start included | 2 | 0.500 | 0.250 | 0.333 |",
                        "| the last 1,000 | 2 | 0.500 | 0.250 | 0.333 |")
                .contains(
                        "from transformers import AutoModelForTokenClassification, AutoTokenizer",
                        "base = AutoModelForTokenClassification.from_pretrained(BASE, num_labels=len(LABELS), ",
                        "def encoded(*texts, **more):",
                        "def logits(*texts):\n    batch = encoded(*texts, return_tensors=\"pt\")\n",
                        "    return model(**batch).logits[0]\n",
                        "The head reads the vector of every token, as AutoModelForTokenClassification computes it.");
        assertThat(card(ofEntities("modernbert", Method.ADALORA)))
                .contains("    return model.base_model.model.classifier(pooled)\n");
        assertThat(card(ofEntities("bert", Method.HEAD)))
                .contains(
                        "    pooled = tokens[0]\n    return pooled @ head[\"classifier.weight\"].T + head[\"classifier.bias\"]\n");
    }

    private static AdapterState ofEntities(String family, Method method) {
        TokenClassification task = new TokenClassification();
        AdapterState fresh =
                state(
                        family,
                        new HeadKind(task, HeadForm.LINEAR, Pooling.NONE),
                        List.of("O", "B-PER", "I-PER"),
                        method);
        long found = (1L << 40) | (1L << 20) | 1;
        ScoreFields fields =
                new ScoreFields(
                        Map.of(
                                "examples", 2L,
                                "there", new long[] {0, 4, 0},
                                "said", new long[] {0, 2, 0},
                                "right", new long[] {0, 1, 0},
                                "newest", new long[] {found, (3L << 40) | (1L << 20)}));
        return new AdapterState(
                fresh.meta().afterStep(0, task.score(fields)),
                fresh.triplets(),
                fresh.moments(),
                fresh.importance(),
                fresh.budget(),
                fresh.head());
    }

    private static AdapterState ofQuestions(String family, Method method) {
        QuestionAnswering task = new QuestionAnswering();
        AdapterState fresh =
                state(family, new HeadKind(task, HeadForm.LINEAR, Pooling.NONE), List.of(), method);
        ScoreFields fields =
                new ScoreFields(
                        Map.of(
                                "answerable", new long[] {1, 0},
                                "answerableF1", new double[] {.5},
                                "unanswerable", new long[] {1, 1},
                                "unanswerableF1", new double[] {1},
                                "f1", new double[] {.5, 1},
                                "marks", new long[] {2, 1}));
        return new AdapterState(
                fresh.meta().afterStep(0, task.score(fields)),
                fresh.triplets(),
                fresh.moments(),
                fresh.importance(),
                fresh.budget(),
                fresh.head());
    }

    @Test
    void saysWhatIsNotKnown() {
        AdapterState state = SmallAdapter.masked().state();

        assertThat(text(ModelCard.of(state, "adalora", OptionalInt.empty())))
                .contains("a number of tokens that is not recorded here")
                .contains("MAX_LENGTH = 128  # not recorded: take model.max-length of the job");
    }

    @Test
    void keepsTextsOfTheDataInTheirPlaces() {
        AdapterState state = SmallAdapter.masked().state();
        HeadState head = state.head();
        HeadState named =
                new HeadState(
                        List.of("a|b\n```", "\"); import os #"),
                        head.pooling(),
                        head.hidden(),
                        head.weight(),
                        head.bias());
        String card =
                card(
                        new AdapterState(
                                        state.meta(),
                                        state.triplets(),
                                        state.moments(),
                                        state.importance(),
                                        state.budget(),
                                        named)
                                .withBaseModelName("x\"\n---\ny: `z`"));

        assertThat(card.lines().filter(line -> line.equals("---"))).hasSize(2);
        assertThat(card.lines().filter(line -> line.startsWith("```"))).hasSize(2);
        assertThat(card)
                .contains("base_model: \"x\\\"\\n---\\ny: `z`\"\n")
                .contains("BASE = \"x\\\"\\n---\\ny: `z`\"\n")
                .contains("LABELS = [\"a|b\\n```\", \"\\\"); import os #\"]\n")
                .contains("| 0 | a\\|b\\\\n\\`\\`\\` |");
    }

    private static AdapterState state(
            String family, HeadForm form, Pooling pooling, Method method) {
        return state(
                family,
                new HeadKind(new Classification(), form, pooling),
                List.of("x", "y"),
                method);
    }

    private static AdapterState state(
            String family, HeadKind head, List<String> labels, Method method) {
        List<ModuleShape> modules =
                Family.of(family).linearLayers(0).stream()
                        .map(name -> new ModuleShape(name, 6, 6))
                        .toList();
        return new InitialState(
                        "a",
                        new BaseModel("tiny", "00ff", family),
                        new TripletLayout(method.adaptsModules() ? modules : List.of(), 2),
                        8,
                        labels,
                        head,
                        6)
                .of(method, 1);
    }

    private static AdapterState pooled(AdapterState state, Pooling pooling) {
        HeadState head = state.head();
        return new AdapterState(
                state.meta(),
                state.triplets(),
                state.moments(),
                state.importance(),
                state.budget(),
                new HeadState(head.labels(), pooling, head.hidden(), head.weight(), head.bias()));
    }

    private static String card(AdapterState state) {
        return text(ModelCard.of(state, "adalora", OptionalInt.of(64)));
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }
}
