package io.rankstream.adapters.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A room of the learner, or a method of a type for others, that serves this project's own modules.
 * It is public because those modules are other packages, and may change or go with any release.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.PACKAGE, ElementType.METHOD})
public @interface Internal {}
