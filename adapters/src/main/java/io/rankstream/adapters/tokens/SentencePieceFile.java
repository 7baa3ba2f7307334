package io.rankstream.adapters.tokens;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.rankstream.adapters.files.Leftover;
import io.rankstream.adapters.tokens.SentencePieceModel.Kind;
import io.rankstream.adapters.tokens.SentencePieceModel.Piece;
import io.rankstream.adapters.weights.ModelLoadException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The file {@code spm.model}: a protobuf message of sentencepiece_model.proto. Only those fields
 * are read that a tokenizer.json has, or would have to have.
 *
 * @param path where it was read, for messages
 * @param content all of it
 */
record SentencePieceFile(Path path, byte[] content) {

    private static final int UNIGRAM = 1;

    /**
     * Reads the model.
     *
     * @throws ModelLoadException if it is none, or one that a tokenizer.json cannot stand for
     */
    SentencePieceModel read() throws ModelLoadException {
        Reader reader = new Reader(path);
        try {
            reader.model(CodedInputStream.newInstance(content));
        } catch (ModelLoadException e) {
            throw e;
        } catch (IOException e) {
            Optional<String> leftover = Leftover.in(content, content.length);
            throw new ModelLoadException(
                    path
                            + " "
                            + leftover.orElse(
                                    "is not a model of SentencePiece: "
                                            + e.getMessage()
                                            + ", expected the protobuf message that SentencePiece writes"),
                    e);
        }
        return reader.read();
    }

    /** Takes a message apart. Fields have the numbers of sentencepiece_model.proto. */
    private static final class Reader {

        private final Path file;
        private final List<Piece> pieces = new ArrayList<>();
        private byte[] charsmap = {};
        private boolean hasTraining;
        private boolean hasNormalizer;

        Reader(Path file) {
            this.file = file;
        }

        SentencePieceModel read() throws ModelLoadException {
            if (!hasTraining || !hasNormalizer) {
                throw unexpected(
                        "ends before its trainer_spec and normalizer_spec", "a file that is whole");
            }
            List<Integer> unknown = new ArrayList<>();
            for (int id = 0; id < pieces.size(); id++) {
                if (pieces.get(id).kind() == Kind.UNKNOWN) {
                    unknown.add(id);
                }
            }
            if (unknown.size() != 1) {
                throw unexpected(
                        "has %d pieces, %d of them for unknown text"
                                .formatted(pieces.size(), unknown.size()),
                        "a vocabulary with one such piece");
            }
            Set<String> texts = new HashSet<>();
            for (Piece piece : pieces) {
                if (!texts.add(piece.text())) {
                    throw unexpected(
                            "has the piece '%s' twice".formatted(piece.text()), "each piece once");
                }
            }
            return new SentencePieceModel(List.copyOf(pieces), unknown.get(0), charsmap);
        }

        void model(CodedInputStream in) throws IOException {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> message(in, tag, this::piece);
                    case 2 -> message(in, tag, this::training);
                    case 3 -> message(in, tag, this::normalizer);
                    default -> in.skipField(tag);
                }
            }
        }

        private interface Message {
            void read(CodedInputStream in) throws IOException;
        }

        private void message(CodedInputStream in, int tag, Message message) throws IOException {
            if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                throw new IOException("field %d is no message".formatted(tag >>> 3));
            }
            int limit = in.pushLimit(in.readRawVarint32());
            message.read(in);
            in.checkLastTagWas(0);
            in.popLimit(limit);
        }

        private void piece(CodedInputStream in) throws IOException {
            String text = "";
            float score = 0;
            int kind = 1;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> text = new String(in.readByteArray(), StandardCharsets.UTF_8);
                    case 2 -> score = in.readFloat();
                    case 3 -> kind = in.readEnum();
                    default -> in.skipField(tag);
                }
            }
            pieces.add(new Piece(text, requireFinite(text, score), kind(text, kind)));
        }

        private float requireFinite(String text, float score) throws ModelLoadException {
            if (!Float.isFinite(score)) {
                throw unexpected("gives '%s' the score %s".formatted(text, score), "a number");
            }
            return score;
        }

        private Kind kind(String text, int number) throws ModelLoadException {
            Kind[] kinds = Kind.values();
            if (number < 1 || number > kinds.length) {
                throw unexpected("gives '%s' the type %d".formatted(text, number), "1 to 6");
            }
            Kind kind = kinds[number - 1];
            if (kind == Kind.BYTE) {
                throw unexpected(
                        "has pieces for bytes (byte_fallback)",
                        "a vocabulary without, as DeBERTa's");
            }
            if (kind == Kind.UNUSED) {
                throw unexpected(
                        "has the piece '%s' that is not used".formatted(text),
                        "a vocabulary all of which is used, as DeBERTa's");
            }
            return kind;
        }

        private void training(CodedInputStream in) throws IOException {
            hasTraining = true;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 3 -> {
                        int type = in.readEnum();
                        if (type != UNIGRAM) {
                            throw unexpected(
                                    "is of model_type %d".formatted(type),
                                    "%d, the unigram model".formatted(UNIGRAM));
                        }
                    }
                    case 24 -> require("treat_whitespace_as_suffix", false, in.readBool());
                    case 35 -> require("byte_fallback", false, in.readBool());
                    default -> in.skipField(tag);
                }
            }
        }

        private void normalizer(CodedInputStream in) throws IOException {
            hasNormalizer = true;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 2 -> charsmap = in.readByteArray();
                    case 3 -> require("add_dummy_prefix", true, in.readBool());
                    case 4 -> require("remove_extra_whitespaces", true, in.readBool());
                    case 5 -> require("escape_whitespaces", true, in.readBool());
                    default -> in.skipField(tag);
                }
            }
        }

        private void require(String field, boolean expected, boolean found)
                throws ModelLoadException {
            if (found != expected) {
                throw unexpected("says %s %s".formatted(field, found), expected + ", as DeBERTa's");
            }
        }

        private ModelLoadException unexpected(String found, String expected) {
            return new ModelLoadException(
                    "%s %s, expected %s: write tokenizer.json in Python: AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)"
                            .formatted(file, found, expected));
        }
    }
}
