package io.rankstream.ops.send;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;

/**
 * Gives no more than one line at a time, so that whoever reads it knows in which one a fault is.
 */
final class LineWise extends FilterInputStream {

    private long line;
    private boolean atStart = true;

    /** Whether the last byte was a carriage return: a line feed behind it belongs to it. */
    private boolean isBehindReturn;

    LineWise(BufferedInputStream in) {
        super(in);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        int count = 0;
        while (count < length) {
            int next = read();
            if (next < 0) {
                return count == 0 ? -1 : count;
            }
            bytes[from + count++] = (byte) next;
            boolean endsTheLineBefore = isBehindReturn && next == '\n';
            line += atStart && !endsTheLineBefore ? 1 : 0;
            isBehindReturn = next == '\r';
            atStart = isBehindReturn || next == '\n';
            if (atStart) {
                break;
            }
        }
        return count;
    }

    /** Number, from 1, of the line that was given last, in whole or in part. */
    long line() {
        return line;
    }

    /** None, or a reader would go on to the next line. */
    @Override
    public int available() {
        return 0;
    }
}
