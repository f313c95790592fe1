/**
 * Linux system calls without JNI: one downcall shape, one errno door, one class per family of calls.
 *
 * <p>Names and paths are bytes, NUL-terminated in native memory; a method that takes an address never keeps it. Integers named
 * {@code fd} are descriptors, which the caller owns and closes.
 */
@NullMarked
package dev.velo.ffm;

import org.jspecify.annotations.NullMarked;
