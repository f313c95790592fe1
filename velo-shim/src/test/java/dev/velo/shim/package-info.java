@NullMarked
package dev.velo.shim;

import org.jspecify.annotations.NullMarked;
