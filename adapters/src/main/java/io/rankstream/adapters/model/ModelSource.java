package io.rankstream.adapters.model;

import java.io.Serializable;
import java.util.Optional;

/** Where the files of a base model are. */
public sealed interface ModelSource extends Serializable {

    /** What its user wants the model to be called; empty where it has a name of its own. */
    Optional<String> givenName();

    /**
     * A model in the file system.
     *
     * @param path a jar if it ends so, else a Hugging Face directory
     * @param name what published adapters call the model; null leaves it the name that it has
     */
    static ModelSource at(String path, String name) {
        return path.endsWith(".jar") ? new Jar(path, name) : new Directory(path, name);
    }

    /** A model in the file system that is called what it is called there. */
    static ModelSource at(String path) {
        return at(path, null);
    }

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

    /**
     * A jar of LangChain4j with ONNX weights and a tokenizer.json.
     *
     * @param path local path
     * @param name what published adapters call the model; null takes its name on Hugging Face
     */
    record Jar(String path, String name) implements ModelSource {

        @Override
        public Optional<String> givenName() {
            return Optional.ofNullable(name);
        }
    }
}
