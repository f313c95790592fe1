/** Tests of projects. */
@NullMarked
package dev.velo.project;

import org.jspecify.annotations.NullMarked;
