package io.rankstream.ops.send;

import io.rankstream.adapters.text.Excerpt;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

/** Tells in a sentence what keeps a file from being read, wherever in it that comes up. */
final class ToldFile implements RecordFile {

    private final String file;
    private final RecordFile records;
    private String place = "";

    /** Opens a file. */
    interface Opening {
        RecordFile open() throws IOException;
    }

    private ToldFile(String file, RecordFile records) {
        this.file = file;
        this.records = records;
    }

    static RecordFile open(String file, Opening opening) throws IOException {
        try {
            return new ToldFile(file, opening.open());
        } catch (IOException e) {
            throw told(file, "", e);
        }
    }

    @Override
    public Optional<SourceRecord> next() throws IOException {
        try {
            Optional<SourceRecord> next = records.next();
            next.ifPresent(record -> place = record.place());
            return next;
        } catch (IOException e) {
            throw told(file, place, e);
        }
    }

    private static IOException told(String file, String place, IOException e) {
        if (e instanceof RecordFileException || e instanceof ClosedByInterruptException) {
            return e;
        }
        if (e instanceof NoSuchFileException) {
            return new RecordFileException(file + ": there is no such file; check the path", e);
        }
        if (Files.isDirectory(Path.of(file))) {
            return new RecordFileException(file + ": this is a folder, expected a file", e);
        }
        return new RecordFileException(
                "%s cannot be read%s: %s"
                        .formatted(file, place.isEmpty() ? "" : " behind " + place, why(e)),
                e);
    }

    private static String why(IOException e) {
        if (e instanceof ZipException || e instanceof EOFException) {
            return "its gzip is damaged or cut, expected a whole one";
        }
        if (e instanceof CharacterCodingException) {
            return "it is not UTF-8 text, expected that";
        }
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return Excerpt.printable(reason, 200);
    }

    @Override
    public String expected() {
        return records.expected();
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
