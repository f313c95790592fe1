/** Every byte of every file of a store is changed, and every parser fed with what nobody has written. */
@NullMarked
package dev.velo.core.damage;

import org.jspecify.annotations.NullMarked;
