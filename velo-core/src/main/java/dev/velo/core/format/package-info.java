/** On-disk layouts, declared once, and their readers and writers; no policy and no knowledge of the store. */
@NullMarked
package dev.velo.core.format;

import org.jspecify.annotations.NullMarked;
