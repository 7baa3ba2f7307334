package io.rankstream.ops.labelstudio.api;

/**
 * A webhook of a project.
 *
 * @param id its id
 * @param url where Label Studio posts to
 */
public record ApiWebhook(long id, String url) {}
