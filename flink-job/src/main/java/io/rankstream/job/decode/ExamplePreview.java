package io.rankstream.job.decode;

/**
 * What can be read of a refused example, to recognise it by.
 *
 * @param exampleId its id, or null
 * @param text its text, or null
 */
public record ExamplePreview(String exampleId, String text) {

    /** Of a record of which nothing can be read. */
    static final ExamplePreview NOTHING = new ExamplePreview(null, null);
}
