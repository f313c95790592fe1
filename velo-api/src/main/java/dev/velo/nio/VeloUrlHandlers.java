package dev.velo.nio;

import java.net.URLStreamHandler;
import java.net.spi.URLStreamHandlerProvider;
import org.jspecify.annotations.Nullable;

/** Makes {@code velo:} URLs readable, so that class loaders can load from views. */
public final class VeloUrlHandlers extends URLStreamHandlerProvider {
    /** For the service loader. */
    public VeloUrlHandlers() {}

    @Override
    public @Nullable URLStreamHandler createURLStreamHandler(String protocol) {
        return VeloUri.SCHEME.equals(protocol) ? new VeloUrlHandler() : null;
    }
}
