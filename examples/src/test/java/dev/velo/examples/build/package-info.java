@org.jspecify.annotations.NullMarked
package dev.velo.examples.build;
