package io.rankstream.adapters.model;

import java.io.Serializable;
import java.util.Optional;

/** Where the files of a base model are. */
public sealed interface ModelSource extends Serializable {

    /** What its user wants the model to be called; empty where it has a name of its own. */
    Optional<String> givenName();

    /** all-MiniLM-L6-v2 from the class path. */
    record Embedded() implements ModelSource {

        @Override
        public Optional<String> givenName() {
            return Optional.empty();
        }
    }

    /**
     * A Hugging Face directory with config.json, model.safetensors and tokenizer.json.
     *
     * @param path local path
     * @param name what published adapters call the model; null takes the path's last element
     */
    record Directory(String path, String name) implements ModelSource {

        /** A directory that the model is named after. */
        public Directory(String path) {
            this(path, null);
        }

        @Override
        public Optional<String> givenName() {
            return Optional.ofNullable(name);
        }
    }
}
