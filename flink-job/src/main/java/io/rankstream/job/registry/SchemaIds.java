package io.rankstream.job.registry;

import java.io.Serializable;

/**
 * Ids that the registry gave to the schemas that the job writes, known before it starts.
 *
 * @param prediction value of the predictions topic
 * @param trainingReport value of the training reports topic
 * @param adapterVersion value of the adapter versions topic
 * @param deadLetter value of the dead letters topic
 */
public record SchemaIds(int prediction, int trainingReport, int adapterVersion, int deadLetter)
        implements Serializable {}
