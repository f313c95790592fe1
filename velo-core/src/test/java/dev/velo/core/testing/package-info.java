/** Fixtures and oracles for the tests of every module; nothing here uses the scanner, the manifest or the store. */
@NullMarked
package dev.velo.core.testing;

import org.jspecify.annotations.NullMarked;
