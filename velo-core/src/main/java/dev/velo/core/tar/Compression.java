package dev.velo.core.tar;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.tukaani.xz.XZIOException;
import org.tukaani.xz.XZInputStream;

/**
 * How an archive is compressed, told by its first bytes. Gzip and xz are read here; bzip2 and Zstandard by their own programs, as tar
 * does it, since what there is of them in Java does not check where it reads and writes.
 */
enum Compression {
    GZIP("\u001f\u008b"),
    XZ("\u00fd7zXZ\0"),
    BZIP2("BZh"),
    ZSTD("(\u00b5/\u00fd"),
    NONE("");

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAGIC_BYTES = 6;

    /** Eight times what {@code xz -9} asks for; a file may ask for any amount. */
    private static final int XZ_KIBIBYTES = 512 << 10;

    /** The first bytes, a character for each. */
    private final String magic;

    Compression(String magic) {
        this.magic = magic;
    }

    /** The plain bytes of a stream. Closing the result ends what was started for it, and leaves the stream open. */
    static InputStream open(String file, InputStream in) throws IOException {
        InputStream unread = new Unclosed(new BufferedInputStream(in, BUFFER_BYTES));
        unread.mark(MAGIC_BYTES);
        String start = new String(unread.readNBytes(MAGIC_BYTES), StandardCharsets.ISO_8859_1);
        unread.reset();
        return Arrays.stream(values())
                .filter(way -> start.startsWith(way.magic))
                .findFirst()
                .orElse(NONE)
                .decompressing(file, unread);
    }

    private InputStream decompressing(String file, InputStream in) throws IOException {
        try {
            return switch (this) {
                case NONE -> in;
                case GZIP -> buffered(new Sound(file, new GZIPInputStream(in, BUFFER_BYTES)));
                case XZ -> buffered(new Sound(file, new XZInputStream(in, XZ_KIBIBYTES)));
                case BZIP2 -> buffered(Decompressor.start(file, "bzip2", in));
                case ZSTD -> buffered(Decompressor.start(file, "zstd", in));
            };
        } catch (ZipException | EOFException | XZIOException e) {
            throw damaged(file, e);
        }
    }

    /** Headers are read in small pieces. */
    private static InputStream buffered(InputStream plain) {
        return new BufferedInputStream(plain, BUFFER_BYTES);
    }

    private static IOException damaged(String file, IOException why) {
        String message = why.getMessage();
        String reason = message == null ? "" : " (" + message + ")";
        return new IOException(file + ": is damaged, or cut short: it cannot be decompressed" + reason, why);
    }

    /** Leaves what it reads from open. It is never at its end before it is: of gzip's members the next one is looked for by that. */
    private static final class Unclosed extends FilterInputStream {
        Unclosed(InputStream in) {
            super(in);
        }

        @Override
        public int available() throws IOException {
            in.mark(1);
            int next = in.read();
            in.reset();
            return next < 0 ? 0 : Math.max(1, in.available());
        }

        @Override
        public void close() {
            // the caller's
        }
    }

    /** Says of what is damaged which file it is. */
    private static final class Sound extends FilterInputStream {
        private final String file;

        Sound(String file, InputStream in) {
            super(in);
            this.file = file;
        }

        @Override
        public int read(byte[] bytes, int start, int count) throws IOException {
            try {
                return super.read(bytes, start, count);
            } catch (ZipException | EOFException | XZIOException e) {
                throw damaged(file, e);
            }
        }
    }
}
