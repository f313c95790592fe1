package dev.velo;

import dev.velo.process.Streams;
import java.lang.ProcessBuilder.Redirect;

/** Where the streams of a command go that is not started yet; each method returns this command. */
abstract sealed class StreamRedirects<T extends StreamRedirects<T>> permits VeloCommand, VeloSandbox {
    private Streams streams = Streams.PIPES;

    abstract T self();

    final Streams streams() {
        return streams;
    }

    /**
     * Where standard input comes from.
     *
     * @param source as of {@link ProcessBuilder#redirectInput(Redirect)}; without this, a pipe
     * @return this command
     */
    public T redirectInput(Redirect source) {
        streams = streams.withInput(source);
        return self();
    }

    /**
     * Where standard output goes.
     *
     * @param destination as of {@link ProcessBuilder#redirectOutput(Redirect)}; without this, a pipe
     * @return this command
     */
    public T redirectOutput(Redirect destination) {
        streams = streams.withOutput(destination);
        return self();
    }

    /**
     * Where the error stream goes.
     *
     * @param destination as of {@link ProcessBuilder#redirectError(Redirect)}; without this, a pipe
     * @return this command
     */
    public T redirectError(Redirect destination) {
        streams = streams.withError(destination);
        return self();
    }

    /**
     * Sends the error stream where standard output goes; what is read of the one is then the output of both.
     *
     * @return this command
     */
    public T redirectErrorStream() {
        streams = streams.withErrorMerged();
        return self();
    }

    /**
     * Gives the process this one's streams.
     *
     * @return this command
     */
    public T inheritIO() {
        return redirectInput(Redirect.INHERIT).redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
    }
}
