/** Trees for others to stand on: what a command needs of a system when it sees no other. */
@NullMarked
package dev.velo.core.base;

import org.jspecify.annotations.NullMarked;
