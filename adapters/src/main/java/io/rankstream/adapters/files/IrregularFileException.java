package io.rankstream.adapters.files;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A file is not one to read to its end; the reason ends a sentence that begins with its name. */
public final class IrregularFileException extends FileSystemException {

    private static final long serialVersionUID = 1L;

    IrregularFileException(Path file, String reason) {
        super(file.toString(), null, reason);
    }
}
