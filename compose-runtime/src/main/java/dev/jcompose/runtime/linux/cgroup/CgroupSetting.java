package dev.jcompose.runtime.linux.cgroup;

/** One value in one file of a control group; {@code required} when the container must not start without it. */
record CgroupSetting(String controller, String file, String value, boolean required) {}
