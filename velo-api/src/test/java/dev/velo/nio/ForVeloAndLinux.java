package dev.velo.nio;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A statement that must hold of Velo's file system and of the default one; jimfs departs from it. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@EnumSource(value = Subject.class, names = "JIMFS", mode = EnumSource.Mode.EXCLUDE)
@interface ForVeloAndLinux {}
