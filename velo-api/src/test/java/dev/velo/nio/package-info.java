@NullMarked
package dev.velo.nio;

import org.jspecify.annotations.NullMarked;
