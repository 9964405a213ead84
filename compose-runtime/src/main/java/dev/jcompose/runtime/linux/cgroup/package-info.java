/** Control groups as this machine offers them. Start reading at {@link dev.jcompose.runtime.linux.cgroup.CgroupLayout}. */
@NullMarked
package dev.jcompose.runtime.linux.cgroup;

import org.jspecify.annotations.NullMarked;
