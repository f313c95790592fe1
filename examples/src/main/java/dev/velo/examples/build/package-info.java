/** A build tool of one action: compiles a project out of views, and not at all when nothing has changed. */
@org.jspecify.annotations.NullMarked
package dev.velo.examples.build;
