/** From a directory tree to blobs, packs and a manifest. */
@NullMarked
package dev.velo.core.ingest;

import org.jspecify.annotations.NullMarked;
