/**
 * Which service needs which, and the order that follows. The only package that uses JGraphT. Start reading at {@link
 * dev.jcompose.planner.graph.ServiceGraph}.
 */
@NullMarked
package dev.jcompose.planner.graph;

import org.jspecify.annotations.NullMarked;
