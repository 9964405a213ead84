/* One command of a build: a plan that is run once, with our own streams. */
#ifndef JCR_STEP_H
#define JCR_STEP_H

/* Runs `directory`/plan and exits as it does; ends it when our standard input ends. When we fail ourselves, `directory`/failure says so. */
int step_main(const char *run, const char *directory);

#endif
