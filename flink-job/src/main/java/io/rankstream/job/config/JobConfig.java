package io.rankstream.job.config;

import org.apache.flink.configuration.Configuration;

/**
 * Effective configuration of a job, checked as a whole.
 *
 * @param kafka broker and source
 * @param topics names of the topics
 * @param registry schema registry
 * @param model base model and tokenizer
 * @param batch when a micro-batch closes
 * @param train training operator
 * @param templates hyperparameters of the adapters
 * @param publish published adapters
 * @param flink options handed to Flink as they are, defaults of ours included
 */
public record JobConfig(
        KafkaSettings kafka,
        TopicNames topics,
        RegistrySettings registry,
        ModelSettings model,
        BatchSettings batch,
        TrainSettings train,
        AdapterTemplates templates,
        PublishSettings publish,
        Configuration flink) {}
