package io.rankstream.ops.send;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An encoding of Unicode in units of two or four bytes. Text in UTF-8 begins with no byte that is
 * zero, and the first characters of most files are of those that have one in such units.
 */
final class WideEncoding {

    /** A mark or a pattern of zeros, in the order in which they are to be looked for. */
    private static final List<WideEncoding> ALL =
            List.of(
                    new WideEncoding("UTF-32LE", "ff fe 00 00"),
                    new WideEncoding("UTF-32BE", "00 00 fe ff"),
                    new WideEncoding("UTF-16LE", "ff fe"),
                    new WideEncoding("UTF-16BE", "fe ff"),
                    new WideEncoding("UTF-32LE", "?? ?? 00 00"),
                    new WideEncoding("UTF-32BE", "00 00 ?? ??"),
                    new WideEncoding("UTF-16LE", "?? 00"),
                    new WideEncoding("UTF-16BE", "00 ??"),
                    new WideEncoding("UTF-16LE", "?? ?? ?? 00"),
                    new WideEncoding("UTF-16BE", "?? ?? 00 ??"));

    private final String name;
    private final List<String> beginning;

    private WideEncoding(String name, String beginning) {
        this.name = name;
        this.beginning = List.of(beginning.split(" "));
    }

    /**
     * Name of the encoding of a text, as iconv has it; empty if it may be UTF-8, or is no text.
     *
     * @param start first four bytes, or all of a text that has fewer
     */
    static Optional<String> of(byte[] start) {
        if (Arrays.equals(start, new byte[start.length])) {
            return Optional.empty();
        }
        return ALL.stream()
                .filter(encoding -> encoding.begins(start))
                .map(encoding -> encoding.name)
                .findFirst();
    }

    private boolean begins(byte[] start) {
        if (start.length < beginning.size()) {
            return false;
        }
        for (int i = 0; i < beginning.size(); i++) {
            String expected = beginning.get(i);
            if (!expected.equals("??") && Integer.parseInt(expected, 16) != (start[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }
}
