package dev.velo.nio;

import java.net.InetAddress;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** URLs of open views. What stands where hosts do is none, and nobody asks the network for it. */
final class VeloUrlHandler extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) {
        return new VeloUrlConnection(url);
    }

    @Override
    protected @Nullable InetAddress getHostAddress(URL url) {
        return null;
    }

    @Override
    protected boolean hostsEqual(URL left, URL right) {
        return Objects.equals(left.getHost(), right.getHost());
    }
}
