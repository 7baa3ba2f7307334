package io.rankstream.job.registry;

import java.io.Serializable;

/**
 * Ids that the registry gave to our schemas, known before the job starts.
 *
 * @param prediction value of the predictions topic
 * @param trainingReport value of the training reports topic
 * @param adapterVersion value of the adapter versions topic
 * @param deadLetter value of the dead letters topic
 * @param labeledExample value of the input topic; other producers may write with other ids
 * @param controlCommand value of the commands topic; as above
 */
public record SchemaIds(
        int prediction,
        int trainingReport,
        int adapterVersion,
        int deadLetter,
        int labeledExample,
        int controlCommand)
        implements Serializable {}
