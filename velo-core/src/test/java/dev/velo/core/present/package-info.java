/** Tests of checkouts and farms. */
@NullMarked
package dev.velo.core.present;

import org.jspecify.annotations.NullMarked;
