/**
 * Projects and the dependency trees that their lockfiles decide: which there are, the key of each, the tool that makes one, and how
 * they are shown. Knows nothing of the command line.
 */
@NullMarked
package dev.velo.project;

import org.jspecify.annotations.NullMarked;
