/**
 * Compares the declared with the observed and plans what makes them equal. Start reading at {@link
 * dev.jcompose.planner.reconcile.DefaultPlanner}; each reconciler covers one kind of thing.
 */
@NullMarked
package dev.jcompose.planner.reconcile;

import org.jspecify.annotations.NullMarked;
