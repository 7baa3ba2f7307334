package io.rankstream.adapters.task;

/** The class of transformers for a task, as transformers, PEFT and Hugging Face name it. */
public enum ModelClass {
    /** One vector a text is read. */
    SEQUENCE_CLASSIFICATION(
            "AutoModelForSequenceClassification", "SEQ_CLS", "classifier", "text-classification"),
    /** A tag of each token. */
    TOKEN_CLASSIFICATION(
            "AutoModelForTokenClassification", "TOKEN_CLS", "classifier", "token-classification"),
    /** A start and an end of each token. */
    QUESTION_ANSWERING(
            "AutoModelForQuestionAnswering", "QUESTION_ANS", "qa_outputs", "question-answering");

    private final String python;
    private final String peft;
    private final String linearHead;
    private final String pipeline;

    ModelClass(String python, String peft, String linearHead, String pipeline) {
        this.python = python;
        this.peft = peft;
        this.linearHead = linearHead;
        this.pipeline = pipeline;
    }

    /** Its name in transformers. */
    public String python() {
        return python;
    }

    /** {@code task_type} in PEFT's settings. */
    public String peft() {
        return peft;
    }

    /** The module that a head of one layer is. */
    public String linearHead() {
        return linearHead;
    }

    /** {@code pipeline_tag} of a model card. */
    public String pipeline() {
        return pipeline;
    }
}
