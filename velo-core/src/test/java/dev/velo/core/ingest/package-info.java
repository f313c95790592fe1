/** Tests of ingestion. */
@NullMarked
package dev.velo.core.ingest;

import org.jspecify.annotations.NullMarked;
