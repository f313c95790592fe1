/**
 * Views as read-only file systems of {@code java.nio.file}, and as URLs. Programs name nothing of this package: the JDK finds the
 * provider, and {@link dev.velo.VeloView#fileSystem} gives a view's own.
 *
 * <p>A file system is opened by the path of a manifest, a regular file whose name ends in {@code .velo}, or by its URI:
 *
 * {@snippet :
 * URI uri = URI.create("velo:///home/me/deps.velo;/");
 * try (FileSystem tree = FileSystems.newFileSystem(uri, Map.of("store", "/var/lib/velo"))) {
 *     Path json = tree.getPath("/react/package.json");
 *     assert Path.of(URI.create("velo:///home/me/deps.velo;/react/package.json")).equals(json);
 * }
 * }
 *
 * <p>The environment may hold:
 *
 * <ul>
 *   <li>{@code store}: the store's directory, a {@link java.nio.file.Path} or its text; else the store that the launcher takes,
 *       {@code $VELO_STORE} first. A missing one is not made.
 *   <li>{@code layers}: a {@link java.util.List} of the manifests below, each over the next, paths or their texts.
 * </ul>
 *
 * <p>URIs have two forms, in which every byte but ASCII letters, digits and {@code - . _ ~ /} is percent-encoded:
 *
 * <ul>
 *   <li>{@code velo:///MANIFEST;/PATH} if the file system was opened by such a URI; one may be open for each manifest.
 *   <li>{@code velo://view-N/PATH} for all others: views, and those opened by the manifest's path, of which there may be many.
 * </ul>
 *
 * <p>A URI leads to a path as long as its file system is open. As a URL it is read by {@link java.net.URLClassLoader}, from folders and
 * jars alike.
 *
 * <p>Names that are not UTF-8 have a text all the same: a byte that belongs to no character is the lone surrogate U+DC00 plus that
 * byte. Paths of one file system are not resolved against those of another.
 */
@NullMarked
package dev.velo.nio;

import org.jspecify.annotations.NullMarked;
