package io.rankstream.adapters.model;

import java.io.Serializable;

/** Where the files of a base model are. */
public sealed interface ModelSource extends Serializable {

    /** all-MiniLM-L6-v2 from the class path. */
    record Embedded() implements ModelSource {}

    /**
     * A Hugging Face directory with config.json, model.safetensors and tokenizer.json.
     *
     * @param path local path
     */
    record Directory(String path) implements ModelSource {}
}
