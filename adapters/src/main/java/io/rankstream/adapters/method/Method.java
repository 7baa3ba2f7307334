package io.rankstream.adapters.method;

/** What an adapter learns beside its head. */
public enum Method {
    /** Triplets near orthogonality under a rank budget (Zhang et al., 2023). */
    ADALORA,
    /** Plain LoRA (Hu et al., 2022): E stays as it is, B starts from zero. */
    LORA,
    /** Nothing: the head alone, on the base model as it is. */
    HEAD
}
